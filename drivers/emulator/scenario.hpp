// Which devices there are, where they are plugged in, and how they and the guests behave. Format: README.md here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/osdp/aes128.hpp"
#include "schemas/base/result.hpp"
#include "schemas/config/fault.hpp"

namespace gatehouse::drivers::emulator {

struct PlugSettings {
    std::string link{};  // of a pty; empty: TCP
    std::string host{};
    std::uint16_t port = 0;  // 0: any, see address()
    bool one_caller = false;
    friend bool operator==(const PlugSettings&, const PlugSettings&) = default;
};

enum class ScannerKind : std::uint8_t { line, ssi, gm65, hid_keyboard, hid_pos, pcsc, id_card };

struct ScannerScenario {
    std::string name;
    ScannerKind kind = ScannerKind::line;
    PlugSettings plug;
    std::string prefix;
    std::string suffix = "\r";
    int baud = 9'600;  // of a scan at its own pace: eight data bits, no parity
};

enum class BoardKind : std::uint8_t { waveshare, lctech, plain };
enum class WalkPolicy : std::uint8_t { turn, stay, turn_twice, wrong_way };
[[nodiscard]] std::optional<WalkPolicy> walk_policy(std::string_view word);

struct TurnstileScenario {
    std::string name;
    PlugSettings plug;
    BoardKind board = BoardKind::waveshare;
    std::uint8_t unit = 1;
    std::uint8_t open_entry = 0, open_exit = 1;      // coils
    std::uint8_t passed_entry = 0, passed_exit = 1;  // inputs
    std::uint8_t alarm = 2, fire = 3;                // inputs
    WalkPolicy walk = WalkPolicy::turn;
    std::uint32_t delay_ms = 300;   // from unlocking to walking
    std::uint32_t pass_ms = 150;    // the sensor is active; 0: until it was polled once
    std::uint32_t open_ms = 5'000;  // the arm locks again when nobody comes
};

// How guests walk through an arm.
struct GuestScenario {
    WalkPolicy walk = WalkPolicy::turn;
    std::uint32_t delay_ms = 300;
    std::uint32_t pass_ms = 150;
    std::uint32_t open_ms = 5'000;
};

struct OsdpScenario {
    std::string name;
    PlugSettings plug;  // devices of equal link or address share their wires
    std::uint8_t address = 0;
    std::optional<AesBlock> key;  // nothing: as from the factory
    bool demands_channel = false;
    GuestScenario guests;
};

enum class ControllerWords : std::uint8_t { digicon, mach_power, gpio };
struct ControllerScenario {
    std::string name;
    PlugSettings plug;
    ControllerWords words = ControllerWords::digicon;
    std::uint8_t address = 1;  // Mach Power
    GuestScenario guests;
};

enum class PrinterKind : std::uint8_t { escpos, fgl, zpl };

struct PrinterScenario {
    std::string name;
    PrinterKind kind = PrinterKind::escpos;
    PlugSettings plug;
    std::uint32_t width = 576;  // dots
    std::uint32_t line_ms = 0;  // to print a line of text or a band of picture; a label
};

struct Scenario {
    std::filesystem::path control;
    std::filesystem::path papers;
    std::vector<ScannerScenario> scanners;
    std::vector<TurnstileScenario> turnstiles;
    std::vector<OsdpScenario> osdp;
    std::vector<ControllerScenario> controllers;
    std::vector<PrinterScenario> printers;
};

// The first fault, if there is one; unknown keys are faults.
[[nodiscard]] boost::system::result<Scenario, ConfigFault> read_scenario(const std::filesystem::path& file);

}  // namespace gatehouse::drivers::emulator
