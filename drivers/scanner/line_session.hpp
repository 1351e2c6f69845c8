// The `line` scanner: bytes of a serial or CDC scanner become scans.
//
//            byte                     terminator
//   [empty] ───────▶ [collecting] ───────────────────▶ scan, [empty]
//      ▲                 │  │  idle; stale, where the code before ended with a terminator ─▶ scan, [empty]
//      │                 │  │  LinkDown ─▶ dropped: incomplete, [empty]
//      │   terminator    │  └─▶ past the limit ─▶ dropped: too_long
//      └──[overflowing]◀─┘      (silent until a terminator or a pause)
//
// Guarantees
// - The same stream cut into reads anywhere gives the same scans.
// - A scan torn by an unplug is never delivered.
// - Memory is bounded by the longest code.
// - The same code again within the dedupe window, counted from its last sight, is one scan.
// - A scanner that sends no suffix is served by the pause after its code.
// - A line break inside a code of a scanner without a suffix costs no code that comes later.
// - What lacks only its suffix is told ahead, and is a scan only when the suffix comes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "drivers/scanner/scan_text.hpp"
#include "drivers/scanner/scanner_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct LineOptions {
    std::string prefix;                      // taken off when a frame starts with it; STX always is
    std::string terminators = "\r\n\t\x03";  // each of these ends a frame; empty: only the pause does
    Duration idle = std::chrono::milliseconds(80);
    Duration stale = std::chrono::seconds(1);   // pause that ends a code of a scanner which ended the one before
    Duration dedupe = std::chrono::seconds(2);  // zero: every reading counts
    std::size_t longest = 512;                  // octets of a frame without its terminator
    std::size_t foreseen_from = 100;            // octets of an unfinished frame that is told ahead
};

class LineSession {
public:
    explicit LineSession(LineOptions options = {}) : options_(std::move(options)), repeats_(options_.dedupe) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    void take(std::uint8_t byte, Instant now, ScannerEffects& out);
    void finish(Instant now, ScannerEffects& out);
    void pause(Instant now, ScannerEffects& out);
    void abandon(ScannerEffects& out);
    void foresee(ScannerEffects& out) const;

    LineOptions options_;
    std::string frame_;
    RepeatWindow repeats_;
    Instant last_byte_{};
    bool overflowing_ = false;
    bool ended_ = false;       // the last octet was a terminator
    bool terminates_ = false;  // and a pause came after it: this scanner ends its codes
};

}  // namespace gatehouse::drivers
