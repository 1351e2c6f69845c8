// What all scanner drivers have in common: their events and effects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/link/link_events.hpp"

namespace gatehouse::drivers {

// What was decided about what this scanner last read, for its beeper and lights. Scanners without any ignore it.
enum class VerdictSign : std::uint8_t { welcome, attention, refused, alarm };
struct VerdictGiven {
    VerdictSign sign{};
    friend bool operator==(const VerdictGiven&, const VerdictGiven&) = default;
};

using ScannerEvent = std::variant<LinkUp, LinkDown, BytesRead, Ticked, VerdictGiven>;

// One code was read. `text` is bytes as the scanner sent them, without framing: never decode before checking.
struct ReportScan {
    std::string text;
    std::string aim;  // AIM symbology identifier such as "]Q1"; empty when the scanner sends none
    friend bool operator==(const ReportScan&, const ReportScan&) = default;
};

// What was read so far, when it is long enough to be a ticket's code that only lacks its suffix: so that it can be
// judged while the suffix is on the line. The scan itself still comes as ReportScan, or never.
struct ReportForeseen {
    std::string text;
    friend bool operator==(const ReportForeseen&, const ReportForeseen&) = default;
};

enum class DropReason : std::uint8_t {
    too_long,    // more than the limit before a suffix
    incomplete,  // torn by an unplug, or the rest of it never came
    repeated,    // same code again within the dedupe window
    unreadable,  // the reader saw something and could not make it out, or its check digits are wrong
};
[[nodiscard]] std::string_view to_string(DropReason reason);

struct ReportDropped {
    DropReason reason{};
    friend bool operator==(const ReportDropped&, const ReportDropped&) = default;
};

// The port is open, but what is behind it stopped to answer, or answers again. Until the first of these it answers.
struct ReportAnswering {
    bool answers = false;
    friend bool operator==(const ReportAnswering&, const ReportAnswering&) = default;
};

using ScannerEffect = std::variant<WriteBytes, HangUp, ReportScan, ReportForeseen, ReportDropped, ReportAnswering>;
using ScannerEffects = std::vector<ScannerEffect>;

}  // namespace gatehouse::drivers
