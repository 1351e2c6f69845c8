// What must hold between settings: references, names that are used once, what drivers want. Touches nothing outside.
#pragma once

#include <string_view>

#include "edge/config/settings.hpp"

namespace gatehouse::edge {

// Adds every fault. `main_file` is where a missing table is reported.
void check_settings(const Settings& settings, const std::string& main_file, ConfigFaults& faults);

// HOST:PORT with a name, an IPv4 address, or an IPv6 address in brackets; port 0..65535 (0: any free one).
[[nodiscard]] bool is_host_port(std::string_view text);
// wss://HOST:PORT/sync
[[nodiscard]] bool is_sync_url(std::string_view text);
// 127.0.0.0/8, [::1] or localhost.
[[nodiscard]] bool is_loopback(std::string_view host_port);
// Whether somebody can dial it by IPv4: a name, an address of it, or any of this machine's.
[[nodiscard]] bool listens_by_ipv4(std::string_view host_port);

}  // namespace gatehouse::edge
