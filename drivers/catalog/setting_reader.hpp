// Takes settings out of a DeviceSettings one by one and keeps a list of what is wrong with them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/catalog/catalog.hpp"

namespace gatehouse::drivers {

class SettingReader {
public:
    explicit SettingReader(const DeviceSettings& settings) : settings_(settings) {}

    // The value of `key`, or `otherwise` when it is absent or wrong.
    [[nodiscard]] std::string text(std::string_view key, std::string otherwise);
    [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t low,
                                      std::int64_t high);
    [[nodiscard]] Duration milliseconds(std::string_view key, std::int64_t otherwise, std::int64_t low,
                                        std::int64_t high);
    // Which of `words` it is; the first is the default.
    [[nodiscard]] std::size_t choice(std::string_view key, std::span<const std::string_view> words);
    // A wire of a board: 0..255, or -1 for "not wired".
    [[nodiscard]] std::optional<std::uint8_t> wire(std::string_view key, std::int64_t otherwise);
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    // Exactly one of `keys` (port, tcp, path) says where the device is; port brings baud and parity.
    [[nodiscard]] PortSettings port(std::span<const std::string_view> keys, std::int64_t baud);

    void blame(std::string_view key, std::string message);
    [[nodiscard]] std::vector<SettingFault> faults() && { return std::move(faults_); }

private:
    [[nodiscard]] const SettingValue* find(std::string_view key) const;
    [[nodiscard]] PortSettings serial(std::int64_t baud);
    [[nodiscard]] PortSettings tcp();

    const DeviceSettings& settings_;
    std::vector<SettingFault> faults_;
};

}  // namespace gatehouse::drivers
