// What all scanner drivers do with a code once they have it: take the framing off, and report it once.
#pragma once

#include <string>
#include <string_view>

#include "drivers/scanner/scanner_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// Takes off STX, the prefix and the AIM identifier; scanners put the last two in either order. A bare identifier is a
// code of its own.
[[nodiscard]] ReportScan unframe(std::string_view frame, std::string_view prefix);

// Presentation scanners read a ticket again as long as they see it: the same text within the window, counted from its
// last sight, is one scan. A window of zero lets every reading count.
class RepeatWindow {
public:
    explicit RepeatWindow(Duration window) : window_(window) {}
    void report(ReportScan scan, Instant now, ScannerEffects& out);

private:
    Duration window_;
    std::string last_;
    Instant last_seen_{};
};

}  // namespace gatehouse::drivers
