// The settings of turnstiles, and of card readers that share an OSDP line with them.
#pragma once

#include <array>
#include <string_view>

#include "drivers/catalog/catalog.hpp"
#include "drivers/catalog/setting_reader.hpp"

namespace gatehouse::drivers {

inline constexpr std::array<std::string_view, 20> modbus_keys{
    "port",         "tcp",         "baud",   "parity",      "unit",     "open_entry",     "open_exit",
    "passed_entry", "passed_exit", "alarm",  "fire",        "pulse",    "pulse_ms",       "pass_ms",
    "poll_ms",      "answer_ms",   "gap_ms", "debounce_ms", "stuck_ms", "inverted_inputs"};
inline constexpr std::array<std::string_view, 19> osdp_turnstile_keys{
    "port",    "tcp",         "baud",     "parity",         "address",
    "check",   "output",      "inputs",   "scbk_file",      "scbk_previous_file",
    "install", "pulse_ms",    "pass_ms",  "poll_ms",        "answer_ms",
    "gap_ms",  "debounce_ms", "stuck_ms", "inverted_inputs"};
inline constexpr std::array<std::string_view, 13> osdp_reader_keys{
    "port",    "tcp",     "baud",      "parity",   "address", "check", "reader", "scbk_file", "scbk_previous_file",
    "install", "poll_ms", "answer_ms", "dedupe_ms"};
inline constexpr std::array<std::string_view, 17> bytes_keys{
    "port",       "tcp",       "baud",         "parity",      "words",      "address",
    "open_entry", "open_exit", "passed_entry", "passed_exit", "free_entry", "free_exit",
    "close",      "accepted",  "refused",      "answer_ms",   "pass_ms"};
inline constexpr std::array<std::string_view, 10> gpio_keys{
    "chip",     "lines",  "active_low",  "active_low_inputs", "inverted_inputs",
    "pulse_ms", "gap_ms", "debounce_ms", "stuck_ms",          "pass_ms"};

[[nodiscard]] TurnstileSetup read_modbus(SettingReader& in);
[[nodiscard]] TurnstileSetup read_osdp(SettingReader& in);
[[nodiscard]] TurnstileSetup read_bytes(SettingReader& in);
[[nodiscard]] TurnstileSetup read_gpio(SettingReader& in);
[[nodiscard]] CardReaderSetup read_card_reader(SettingReader& in);

}  // namespace gatehouse::drivers
