// Reads the fields of a JSON object by type and range. The first fault is kept with its path ("lines[0].quantity"),
// what is read after it are harmless defaults, so that a reader is a straight line with one question at the end.
//
//     JsonFault fault;
//     JsonReader in{fault, body};
//     const auto id = in.named<ClientId>("id");
//     for (auto& line : in.objects("lines", 1, 100)) { line.integer<int>("quantity", 1, 999); line.finish(); }
//     in.finish();                          // refuses keys that nobody asked for
//     if (fault.error) return *fault.error; // invalid_body
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/ids.hpp"
#include "schemas/base/money.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse {

struct JsonFault {
    std::optional<Error> error;
    // Keeps the first. An empty path is the body itself.
    void report(std::string_view path, Why why, std::string_view text, std::initializer_list<NamedValue> with = {});
};

template <class E>
struct JsonWord {
    std::string_view word;
    E value;
};

class JsonReader {
public:
    // Reports a fault when `value` is no object. Neither is owned; both must outlive the reader.
    JsonReader(JsonFault& fault, const boost::json::value& value, std::string path = {});

    [[nodiscard]] bool has(std::string_view key) const;

    // Text without control characters, of `least` to `most` octets.
    std::string text(std::string_view key, std::size_t most, std::size_t least = 1);
    std::optional<std::string> optional_text(std::string_view key, std::size_t most, std::size_t least = 1);

    template <class T>
    T integer(std::string_view key, T least, T most) {
        return static_cast<T>(whole_number(key, static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)));
    }
    template <class T>
    std::optional<T> optional_integer(std::string_view key, T least, T most) {
        if (!has(key)) return std::nullopt;
        return integer<T>(key, least, most);
    }
    template <class T>
    T integer_or(std::string_view key, T least, T most, T otherwise) {
        return has(key) ? integer<T>(key, least, most) : otherwise;
    }
    Minor amount(std::string_view key);  // 0 to largest_amount
    Seq seq(std::string_view key);       // from 1

    bool boolean(std::string_view key);
    bool boolean_or(std::string_view key, bool otherwise);

    // Names: is_name, for ClientId is_client_id.
    template <class T>
    T named(std::string_view key) {
        return T{name_text(key, std::is_same_v<T, ClientId>)};
    }
    template <class T>
    std::optional<T> optional_named(std::string_view key) {
        if (!has(key)) return std::nullopt;
        return named<T>(key);
    }
    template <class T>
    std::vector<T> names(std::string_view key, std::size_t least, std::size_t most) {
        std::vector<T> all;
        for (auto& text : name_texts(key, least, most)) all.push_back(T{std::move(text)});
        return all;
    }

    Date date(std::string_view key);  // "2026-11-21"
    std::optional<Date> optional_date(std::string_view key);
    WallTime moment(std::string_view key);  // RFC 3339
    TicketId ticket_id(std::string_view key);
    std::vector<TicketId> ticket_ids(std::string_view key, std::size_t least, std::size_t most);

    // One of the words of `words`; the first one's value after a fault.
    template <class E>
    E choice(std::string_view key, std::initializer_list<JsonWord<E>> words) {
        const auto text = this->text(key, 64);
        for (const auto& word : words)
            if (word.word == text) return word.value;
        report(key, Why::none, "is not one of the known words");
        return words.begin()->value;
    }

    JsonReader object(std::string_view key);
    std::optional<JsonReader> optional_object(std::string_view key);
    std::vector<JsonReader> objects(std::string_view key, std::size_t least, std::size_t most);

    // For rules beyond one field: "valid_to", Why::order, "is before valid_from".
    void report(std::string_view key, Why why, std::string_view text, std::initializer_list<NamedValue> with = {});

    // Refuses every key that was not asked for.
    void finish();

private:
    const boost::json::value* find(std::string_view key);
    std::int64_t whole_number(std::string_view key, std::int64_t least, std::int64_t most);
    std::string name_text(std::string_view key, bool client_id);
    std::vector<std::string> name_texts(std::string_view key, std::size_t least, std::size_t most);
    std::vector<std::pair<const boost::json::value*, std::string>> elements(std::string_view key, std::size_t least,
                                                                            std::size_t most);
    [[nodiscard]] std::string path_of(std::string_view key) const;

    JsonFault* fault_;
    const boost::json::object* object_ = nullptr;
    std::string path_;
    std::vector<std::string> asked_;
};

}  // namespace gatehouse
