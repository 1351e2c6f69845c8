// The scanners of the catalogue: what each is called, what can be set, and how settings become a session and a port.
#pragma once

#include <span>
#include <string_view>

#include "drivers/catalog/catalog.hpp"

namespace gatehouse::drivers {

class SettingReader;

struct ScannerDriver {
    std::string_view name;
    std::span<const std::string_view> keys;
    ScannerSetup (*read)(SettingReader& in) = nullptr;
};
[[nodiscard]] std::span<const ScannerDriver> scanner_drivers();
[[nodiscard]] const ScannerDriver* find_scanner_driver(std::string_view name);

}  // namespace gatehouse::drivers
