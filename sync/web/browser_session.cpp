#include "sync/web/browser_session.hpp"

namespace gatehouse::sync {

namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string session_cookie(std::string_view cookie, std::string_view token, bool secure) {
    std::string value = std::string{cookie} + '=' + std::string{token} + "; Path=/api/v1; HttpOnly; SameSite=Strict";
    if (secure) value += "; Secure";
    if (token.empty()) value += "; Max-Age=0";
    return value;
}

std::optional<std::string> session_token(const HttpRequest& request, std::string_view cookie) {
    std::string_view rest = request.field("cookie").value_or("");
    const std::string wanted = std::string{cookie} + '=';
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

bool csrf_holds(const HttpRequest& request, const MacKey& key, std::string_view session) {
    const auto given = request.field("x-csrf-token").value_or("");
    const auto wanted = csrf_token(key, session);
    return given.size() == wanted.size() && equal_constant_time(view_of(given), view_of(wanted));
}

}  // namespace gatehouse::sync
