// Takes settings out of a DeviceSettings one by one and keeps a list of what is wrong with them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/catalog/catalog.hpp"

namespace gatehouse::drivers {

// Where a device is that speaks over a serial line or a converter on the network.
inline constexpr std::array<std::string_view, 2> serial_or_tcp{"port", "tcp"};

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
    [[nodiscard]] bool flag(std::string_view key, bool otherwise);
    // Octets in hexadecimal; an empty text is none.
    [[nodiscard]] Bytes octets(std::string_view key, Bytes otherwise);
    // A list of wires (0..255, or -1 for "not wired") of at most `most`; a single number is a list of one.
    [[nodiscard]] std::vector<std::optional<std::uint8_t>> wires(std::string_view key, const Numbers& otherwise,
                                                                 std::size_t most);
    // Which of the inputs that are `wired`; a single number is a list of one, none is not written.
    [[nodiscard]] Numbers inputs(std::string_view key, const Numbers& wired);
    // A line of an inline table such as `lines = { open_entry = 4 }`: 0..65535, or nothing when it is not there.
    [[nodiscard]] std::optional<std::uint16_t> line(std::string_view key, std::string_view entry);
    // Blames entries of a table that nobody knows.
    void refuse_entries(std::string_view key, std::span<const std::string_view> known);
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    // Exactly one of `keys` (port, tcp, path) says where the device is; port brings baud and parity.
    [[nodiscard]] PortSettings port(std::span<const std::string_view> keys, std::int64_t baud);

    // A second fault of one key is not kept. The text's {key} is `key`.
    void blame(std::string_view key, FaultText text, std::vector<TextParameter> with = {});
    [[nodiscard]] std::vector<SettingFault> faults() && { return std::move(faults_); }

private:
    [[nodiscard]] const SettingValue* find(std::string_view key) const;
    [[nodiscard]] PortSettings serial(std::int64_t baud);
    [[nodiscard]] PortSettings tcp();

    const DeviceSettings& settings_;
    std::vector<SettingFault> faults_;
};

}  // namespace gatehouse::drivers
