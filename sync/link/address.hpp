// "host:port", "[::1]:port" and URLs, taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/base/result.hpp"

namespace gatehouse::sync {

struct Address {
    std::string host;  // without brackets
    std::string port;
    friend bool operator==(const Address&, const Address&) = default;
};

struct Url {
    std::string scheme;  // "http", "https", "ws", "wss"
    Address address;     // port filled in: 80 or 443
    std::string path;    // begins with '/', or empty
    [[nodiscard]] bool secure() const { return scheme == "https" || scheme == "wss"; }
    // For the Host field.
    [[nodiscard]] std::string authority() const;
    friend bool operator==(const Url&, const Url&) = default;
};

// Errors: config. The port is required, 0..65535.
[[nodiscard]] Result<Address> parse_address(std::string_view text);
// The reverse: brackets round a host with colons.
[[nodiscard]] std::string format_address(const std::string& host, std::uint16_t port);
// Errors: config. No user, query or fragment.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

}  // namespace gatehouse::sync
