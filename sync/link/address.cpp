#include "sync/link/address.hpp"

#include <charconv>
#include <cstdint>

namespace gatehouse::sync {

namespace {

bool is_port(std::string_view text) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_port(text.substr(colon + 1)))
        return fail(ErrorCode::config, "an address is host:port: " + std::string{text});
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return fail(ErrorCode::config, "an IPv6 address stands in brackets: " + std::string{text});
    if (host.empty() || host.find_first_of("[]/@ ") != std::string_view::npos)
        return fail(ErrorCode::config, "an address is host:port: " + std::string{text});
    return Address{std::string{host}, std::string{text.substr(colon + 1)}};
}

std::string format_address(const std::string& host, std::uint16_t port) {
    const bool bare = host.find(':') == std::string::npos;
    return (bare ? host : "[" + host + "]") + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return fail(ErrorCode::config, "not a URL: " + std::string{text});
    Url url;
    url.scheme = text.substr(0, scheme_end);
    if (url.scheme != "http" && url.scheme != "https" && url.scheme != "ws" && url.scheme != "wss")
        return fail(ErrorCode::config, "a URL of http, https, ws or wss is wanted: " + std::string{text});
    auto rest = text.substr(scheme_end + 3);
    const auto slash = rest.find('/');
    if (slash != std::string_view::npos) url.path = rest.substr(slash);
    rest = rest.substr(0, slash);
    if (text.find_first_of("?#@ \r\n") != std::string_view::npos)
        return fail(ErrorCode::config, "a URL without user, query and fragment is wanted");
    const auto colon = rest.rfind(':');
    const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
    auto address = parse_address(has_port ? std::string{rest} : std::string{rest} + (url.secure() ? ":443" : ":80"));
    if (!address) return address.error();
    url.address = std::move(*address);
    return url;
}

std::string Url::authority() const {
    const bool six = address.host.find(':') != std::string::npos;
    return (six ? "[" + address.host + "]" : address.host) + ":" + address.port;
}

}  // namespace gatehouse::sync
