// What gatehouse-central is told by its configuration file (TOML), read and judged as a whole: every fault is found in
// one go, with its place, before anything is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/config/fault.hpp"

namespace gatehouse::central {

struct Endpoint {
    std::string host;        // an address; names are resolved once at start
    std::uint16_t port = 0;  // 0: any free one, told in the log
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

[[nodiscard]] std::string to_string(const Endpoint& endpoint);           // "[::1]:8443", "127.0.0.1:8443"
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view);  // a host and a port, nothing else
[[nodiscard]] bool is_loopback(std::string_view host);                   // 127.0.0.0/8, ::1, localhost

struct Settings {
    Endpoint listen{"0.0.0.0", 8443};  // sync and enrolment, TLS
    std::filesystem::path data_dir;    // identity and authority keys; created 0700
    std::filesystem::path database;    // of [store] url; data_dir/central.db by default
    std::string venue_name;
    std::string time_zone;            // IANA
    std::string currency;             // ISO 4217
    std::chrono::minutes cutover{0};  // after midnight: a business day begins then
    Endpoint api{"127.0.0.1", 8450};
    bool api_tls = false;
    std::vector<std::string> api_hosts;  // names besides the listen address that `Host` and `Origin` may say
    friend bool operator==(const Settings&, const Settings&) = default;
};

struct LoadedSettings {
    Settings settings;  // meaningful when there are no faults
    ConfigFaults faults;
};

// Reads `path`; nothing else on the machine is touched. At most 1 MiB.
[[nodiscard]] LoadedSettings load_settings(const std::filesystem::path& path);
[[nodiscard]] LoadedSettings parse_settings(std::string_view text, const std::string& file);

// The effective configuration, as TOML that parse_settings reads back to the same.
[[nodiscard]] std::string print_settings(const Settings& settings);

}  // namespace gatehouse::central
