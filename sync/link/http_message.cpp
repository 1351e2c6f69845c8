#include "sync/link/http_message.hpp"

#include <algorithm>

#include "sync/link/http_target.hpp"

namespace gatehouse::sync {

namespace {

constexpr std::size_t largest_target = 8192;
constexpr std::size_t largest_query = 128;  // parameters

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF; no control characters either.
bool is_clean_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0x20 || first == 0x7f || (first >= 0x80 && first < 0xc2) || first > 0xf4) return false;
        if (i + more >= text.size()) return false;
        std::uint32_t point = more == 0 ? first : first & (0x3fU >> more);
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0U) != 0x80) return false;
            point = (point << 6U) | (next & 0x3fU);
        }
        if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000)) return false;
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
        i += more + 1;
    }
    return true;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    if (!is_clean_utf8(out)) return std::nullopt;
    return out;
}

bool has_dot_segment(std::string_view path) {
    for (std::size_t start = 1; start <= path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const auto segment = path.substr(start, end - start);
        if (segment == "." || segment == "..") return true;
        start = end + 1;
    }
    return false;
}

}  // namespace

std::optional<std::string_view> find_field(const HttpFields& fields, std::string_view name) {
    const auto same = [&](const HttpField& field) {
        return std::equal(field.name.begin(), field.name.end(), name.begin(), name.end(),
                          [](char a, char b) { return lower(a) == lower(b); });
    };
    const auto found = std::find_if(fields.begin(), fields.end(), same);
    if (found == fields.end()) return std::nullopt;
    return found->value;
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

HttpResponse http_response(unsigned status, std::string content_type, std::string body) {
    HttpResponse response;
    response.status = status;
    response.fields.push_back({"Content-Type", std::move(content_type)});
    response.body = std::move(body);
    return response;
}

Result<void> parse_target(std::string_view target, HttpRequest& request) {
    const auto bad = [](const char* why) { return fail(ErrorCode::invalid_body, why); };
    if (target.size() > largest_target) return fail(ErrorCode::too_large, "a target passes 8 KiB");
    if (!target.starts_with('/')) return bad("a target begins with a slash");
    const auto mark = target.find('?');
    auto path = decode(target.substr(0, mark), false);
    if (!path || has_dot_segment(*path)) return bad("a path without dot segments, in UTF-8, is wanted");
    request.path = std::move(*path);
    if (mark == std::string_view::npos) return {};
    auto rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        rest = end == rest.size() ? std::string_view{} : rest.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto key = decode(pair.substr(0, equals), true);
        auto value = decode(equals == pair.size() ? std::string_view{} : pair.substr(equals + 1), true);
        if (!key || !value) return bad("a query in UTF-8 is wanted");
        if (request.query.size() == largest_query) return fail(ErrorCode::too_large, "too many parameters");
        request.query.emplace_back(std::move(*key), std::move(*value));
    }
    return {};
}

}  // namespace gatehouse::sync
