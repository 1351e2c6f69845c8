// What a node is told by its configuration file: values only, read by reader.hpp, checked by checks.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/catalog/catalog.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/config/fault.hpp"

namespace gatehouse::edge {

struct CentralSettings {
    std::vector<std::string> urls;  // wss://HOST:PORT/sync, tried in turn; none: the node never meets central
};

struct PeerSettings {
    std::string listen;                // HOST:PORT; empty: no peer can dial this node
    std::vector<std::string> dialled;  // `static`: HOST:PORT of peers that this node dials
    bool discovery = false;            // says on the network where it listens, and dials whom it hears
};

struct ApiSettings {
    std::string listen = "127.0.0.1:8440";
    std::filesystem::path socket;  // empty: data_dir/api.sock; see api_socket
    bool tls = false;
    std::vector<std::string> hosts;  // names besides the listen address that `Host` and `Origin` may say
    ConfigPlace place;
};

// One setting of a device or bus, as written. The driver's own table says what it means.
struct Setting {
    std::string key;
    drivers::SettingValue value;
    ConfigPlace place;
};

struct BusSettings {
    std::string name;
    std::string kind;
    std::vector<Setting> settings;
    ConfigPlace place;
};

struct DeviceSettings {
    DeviceName name;
    std::string driver;
    std::vector<Setting> settings;
    ConfigPlace place;
};

enum class LaneDirection : std::uint8_t { entry, exit, both };

struct LaneSettings {
    LaneName name;
    GateName gate;
    ZoneId zone;
    LaneDirection direction = LaneDirection::entry;
    std::vector<DeviceName> scanners;
    std::optional<DeviceName> turnstile;
    ConfigPlace place;
};

struct WindowSettings {
    WindowName name;
    std::optional<DeviceName> printer;
    ConfigPlace place;
    std::vector<DeviceName> scanners = {};
};

struct Settings {
    NodeName node;
    std::filesystem::path data_dir;
    CentralSettings central;
    PeerSettings peers;
    ApiSettings api;
    std::vector<BusSettings> buses;
    std::vector<DeviceSettings> devices;
    std::vector<LaneSettings> lanes;
    std::vector<WindowSettings> windows;
};

[[nodiscard]] std::filesystem::path api_socket(const Settings& settings);

// As the driver wants it: a device on a bus gets the bus's settings in place of `bus`. Precondition: no faults.
[[nodiscard]] drivers::DeviceSettings driver_settings(const Settings& settings, const DeviceSettings& device);

// The effective configuration as TOML, defaults included; what `--print-config` shows and config_applied digests.
[[nodiscard]] std::string printed(const Settings& settings);

}  // namespace gatehouse::edge
