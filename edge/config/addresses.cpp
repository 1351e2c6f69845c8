#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "edge/config/checks.hpp"

namespace gatehouse::edge {

namespace {

struct HostPort {
    std::string_view host;
    std::string_view port;
};

std::optional<HostPort> split(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    HostPort parts{text.substr(0, colon), text.substr(colon + 1)};
    const bool bracketed = parts.host.starts_with('[');
    if (bracketed != parts.host.ends_with(']')) return std::nullopt;
    if (!bracketed && parts.host.find(':') != std::string_view::npos) return std::nullopt;
    if (bracketed) parts.host = parts.host.substr(1, parts.host.size() - 2);
    return parts;
}

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':' || c == '%';
    });
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// Of an address alone: a name may begin with 127, and stand for any address.
bool is_in_127(std::string_view host) {
    std::array<unsigned char, 4> octets{};
    return ::inet_pton(AF_INET, std::string{host}.c_str(), octets.data()) == 1 && octets[0] == 127;
}

}  // namespace

bool is_host_port(std::string_view text) {
    const auto parts = split(text);
    return parts && is_host(parts->host) && is_port(parts->port);
}

bool is_sync_url(std::string_view text) {
    constexpr std::string_view scheme = "wss://";
    constexpr std::string_view path = "/sync";
    if (!text.starts_with(scheme) || !text.ends_with(path) || text.size() <= scheme.size() + path.size()) return false;
    return is_host_port(text.substr(scheme.size(), text.size() - scheme.size() - path.size()));
}

bool listens_by_ipv4(std::string_view host_port) {
    const auto parts = split(host_port);
    return parts && (parts->host == "::" || parts->host.find(':') == std::string_view::npos);
}

bool is_loopback(std::string_view host_port) {
    const auto parts = split(host_port);
    if (!parts) return false;
    return parts->host == "localhost" || parts->host == "::1" || is_in_127(parts->host);
}

}  // namespace gatehouse::edge
