#include "edge/api/browser_session.hpp"

namespace gatehouse::edge {

namespace {

std::string cookie_name(const NodeName& node) { return "gatehouse_" + node.value; }

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string session_cookie(const NodeName& node, std::string_view token, bool secure) {
    std::string cookie = cookie_name(node) + '=' + std::string{token} + "; Path=/api/v1; HttpOnly; SameSite=Strict";
    if (secure) cookie += "; Secure";
    if (token.empty()) cookie += "; Max-Age=0";
    return cookie;
}

std::optional<std::string> session_token(const sync::HttpRequest& request, const NodeName& node) {
    std::string_view rest = request.field("cookie").value_or("");
    const std::string wanted = cookie_name(node) + '=';
    while (!rest.empty()) {
        const auto end = rest.find(';');
        const auto pair = trimmed(rest.substr(0, end));
        if (pair.starts_with(wanted)) return std::string{pair.substr(wanted.size())};
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return std::nullopt;
}

std::string csrf_token(const MacKey& key, std::string_view session) {
    // A bearer token's MAC is over a text that begins with "g1.": the two can never be taken for each other.
    return to_hex(hmac(key, view_of("csrf\n" + std::string{session})));
}

bool csrf_holds(const sync::HttpRequest& request, const MacKey& key, std::string_view session) {
    const auto given = request.field("x-csrf-token").value_or("");
    const auto wanted = csrf_token(key, session);
    return given.size() == wanted.size() && equal_constant_time(view_of(given), view_of(wanted));
}

}  // namespace gatehouse::edge
