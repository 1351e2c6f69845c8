#include "schemas/json/parse_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <set>
#include <string>
#include <vector>

namespace gatehouse {

namespace {

namespace json = boost::json;

// Boost.JSON's own parser lets the last of equal keys win, so two readers could disagree about one text. This handler
// builds the same values and remembers the keys of every open object.
struct StrictHandler {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    json::value_stack values;
    std::vector<std::set<std::string, std::less<>>> open;
    std::string key;

    bool on_document_begin(json::error_code&) {
        values.reset();
        return true;
    }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t count, json::error_code&) {
        values.push_object(count);
        open.pop_back();
        return true;
    }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t count, json::error_code&) {
        values.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key.append(part.data(), part.size());
        values.push_chars(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        key.append(part.data(), part.size());
        values.push_key(part);
        const bool is_new = open.back().insert(std::exchange(key, {})).second;
        if (!is_new) error = json::error::syntax;
        return is_new;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        values.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        values.push_string(part);
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
        values.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
        values.push_uint64(value);
        return true;
    }
    bool on_double(double value, json::string_view, json::error_code&) {
        values.push_double(value);
        return true;
    }
    bool on_bool(bool value, json::error_code&) {
        values.push_bool(value);
        return true;
    }
    bool on_null(json::error_code&) {
        values.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return false; }
    bool on_comment(json::string_view, json::error_code&) { return false; }
};

Error at_offset(std::size_t offset, const char* what) {
    return fail(ErrorCode::invalid_body, std::string{what} + " at octet " + std::to_string(offset));
}

}  // namespace

Result<json::value> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.octets)
        return fail(ErrorCode::too_large, "JSON of more than " + std::to_string(limits.octets) + " octets");
    try {
        json::parse_options options;
        options.max_depth = std::min<std::size_t>(limits.depth, 32);
        json::basic_parser<StrictHandler> parser{options};
        json::error_code error;
        const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
        if (error) return at_offset(taken, "not JSON, a key twice, or nested too deeply,");
        if (taken < text.size()) return at_offset(taken, "something after the JSON");
        return parser.handler().values.release();
    } catch (const std::exception&) {
        return at_offset(0, "JSON that cannot be held");
    }
}

}  // namespace gatehouse
