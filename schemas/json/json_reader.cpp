#include "schemas/json/json_reader.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "schemas/calendar/date_text.hpp"

namespace gatehouse {

namespace {

namespace json = boost::json;

constexpr std::string_view not_a_name = "is not a name of 1 to 32 of a-z 0-9 . _ -";
constexpr std::string_view not_a_ticket = "is not a ticket's id";

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

struct TextFault {
    Why why = Why::none;
    const char* text = nullptr;  // none: it is good
};

TextFault fault_of_text(const json::value& value, std::size_t least, std::size_t most) {
    if (!value.is_string()) return {Why::form, "is not text"};
    const std::string_view text{value.get_string().data(), value.get_string().size()};
    if (text.size() < least) return {Why::missing, "is too short"};
    if (text.size() > most) return {Why::too_long, "is too long"};
    if (has_control(text)) return {Why::form, "contains control characters"};
    return {};
}

std::string text_in(const json::value& value) { return {value.get_string().data(), value.get_string().size()}; }

std::optional<std::int64_t> whole(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (value.is_uint64() && value.get_uint64() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<std::int64_t>(value.get_uint64());
    return std::nullopt;
}

}  // namespace

void JsonFault::report(std::string_view path, Why why, std::string_view text, std::initializer_list<NamedValue> with) {
    if (error) return;
    error = path.empty() ? fail(ErrorCode::invalid_body, why, "the body " + std::string{text}, with)
                         : fail_at(path, why, text, with);
}

JsonReader::JsonReader(JsonFault& fault, const json::value& value, std::string path)
    : fault_(&fault), object_(value.if_object()), path_(std::move(path)) {
    if (object_ == nullptr) fault_->report(path_, Why::form, "is not an object");
}

std::string JsonReader::path_of(std::string_view key) const {
    return path_.empty() ? std::string{key} : path_ + '.' + std::string{key};
}

void JsonReader::report(std::string_view key, Why why, std::string_view text, std::initializer_list<NamedValue> with) {
    fault_->report(path_of(key), why, text, with);
}

bool JsonReader::has(std::string_view key) const {
    return object_ != nullptr && object_->contains(json::string_view{key.data(), key.size()});
}

const json::value* JsonReader::find(std::string_view key) {
    asked_.emplace_back(key);
    if (object_ == nullptr) return nullptr;
    const auto* value = object_->if_contains(json::string_view{key.data(), key.size()});
    if (value == nullptr) report(key, Why::missing, "is missing");
    return value;
}

std::string JsonReader::text(std::string_view key, std::size_t most, std::size_t least) {
    const auto* value = find(key);
    if (value == nullptr) return {};
    if (const auto fault = fault_of_text(*value, least, most); fault.text != nullptr) {
        report(key, fault.why, fault.text);
        return {};
    }
    return text_in(*value);
}

std::optional<std::string> JsonReader::optional_text(std::string_view key, std::size_t most, std::size_t least) {
    if (!has(key)) return std::nullopt;
    return text(key, most, least);
}

std::int64_t JsonReader::whole_number(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto* value = find(key);
    if (value == nullptr) return least;
    const auto number = whole(*value);
    if (!number) {
        report(key, Why::whole, "is not a whole number");
        return least;
    }
    if (*number >= least && *number <= most) return *number;
    report(key, Why::between, "is not between {least} and {most}",
           {{"least", std::to_string(least)}, {"most", std::to_string(most)}});
    return least;
}

Minor JsonReader::amount(std::string_view key) { return Minor{whole_number(key, 0, largest_amount.value)}; }

Seq JsonReader::seq(std::string_view key) {
    return Seq{static_cast<std::uint64_t>(whole_number(key, 1, std::numeric_limits<std::int64_t>::max()))};
}

bool JsonReader::boolean(std::string_view key) {
    const auto* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_bool()) report(key, Why::form, "is not true or false");
    return value->is_bool() && value->get_bool();
}

bool JsonReader::boolean_or(std::string_view key, bool otherwise) { return has(key) ? boolean(key) : otherwise; }

std::string JsonReader::name_text(std::string_view key, bool client_id) {
    auto name = text(key, 64);
    if (client_id ? is_client_id(name) : is_name(name)) return name;
    if (client_id)
        report(key, Why::form, "is not 1 to 64 of A-Z a-z 0-9 . _ -");
    else
        report(key, Why::name, not_a_name);
    return {};
}

std::vector<std::pair<const json::value*, std::string>> JsonReader::elements(std::string_view key, std::size_t least,
                                                                             std::size_t most) {
    const auto* value = find(key);
    if (value == nullptr) return {};
    const auto* array = value->if_array();
    if (array == nullptr) {
        report(key, Why::form, "is not an array");
        return {};
    }
    if (array->size() < least || array->size() > most) {
        report(key, Why::count, "has not {least} to {most} elements",
               {{"least", std::to_string(least)}, {"most", std::to_string(most)}});
        return {};
    }
    std::vector<std::pair<const json::value*, std::string>> all;
    all.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i)
        all.emplace_back(&(*array)[i], path_of(key) + '[' + std::to_string(i) + ']');
    return all;
}

std::vector<std::string> JsonReader::name_texts(std::string_view key, std::size_t least, std::size_t most) {
    std::vector<std::string> all;
    for (const auto& [value, path] : elements(key, least, most)) {
        if (value->is_string() && is_name(text_in(*value)))
            all.push_back(text_in(*value));
        else
            fault_->report(path, Why::name, not_a_name);
    }
    return all;
}

Date JsonReader::date(std::string_view key) {
    const auto date = parse_date(text(key, 10));
    if (!date) report(key, Why::date, "is not a date like 2026-11-21");
    return date.value_or(Date{});
}

std::optional<Date> JsonReader::optional_date(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return date(key);
}

WallTime JsonReader::moment(std::string_view key) {
    const auto time = parse_rfc3339(text(key, 40));
    if (!time) report(key, Why::date, "is not a time like 2026-11-21T09:00:00+08:00");
    return time.value_or(WallTime{});
}

TicketId JsonReader::ticket_id(std::string_view key) {
    const auto id = parse_ticket_id(text(key, 64));
    if (!id) report(key, Why::ticket, not_a_ticket);
    return id.value_or(TicketId{});
}

std::vector<TicketId> JsonReader::ticket_ids(std::string_view key, std::size_t least, std::size_t most) {
    std::vector<TicketId> all;
    for (const auto& [value, path] : elements(key, least, most)) {
        const auto id = value->is_string() ? parse_ticket_id(text_in(*value)) : std::nullopt;
        if (id)
            all.push_back(*id);
        else
            fault_->report(path, Why::ticket, not_a_ticket);
    }
    return all;
}

JsonReader JsonReader::object(std::string_view key) {
    static const json::value empty(json::object_kind);
    const auto* value = find(key);
    return {*fault_, value == nullptr ? empty : *value, path_of(key)};
}

std::optional<JsonReader> JsonReader::optional_object(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return object(key);
}

std::vector<JsonReader> JsonReader::objects(std::string_view key, std::size_t least, std::size_t most) {
    std::vector<JsonReader> all;
    for (const auto& [value, path] : elements(key, least, most)) all.emplace_back(*fault_, *value, path);
    return all;
}

void JsonReader::finish() {
    if (object_ == nullptr) return;
    for (const auto& member : *object_) {
        const std::string_view key{member.key().data(), member.key().size()};
        if (std::ranges::find(asked_, key) != asked_.end()) continue;
        std::string shown{key.substr(0, 40)};
        if (has_control(shown)) shown = "?";
        report(shown, Why::unknown, "is not known");
    }
}

}  // namespace gatehouse
