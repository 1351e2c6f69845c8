// The `hid-pos` scanner: HID reports of the point-of-sale usage page (0x8C, bar code scanner) become scans.
//
//   report: 02 length ']' symbology modifier data[56] … [63] 01: another report follows
//
//              last report
//   [empty] ────────────────────────────▶ scan, [empty]
//      │ another follows     ▲     │ LinkDown, or the next does not come: dropped: incomplete
//      └──▶ [collecting] ────┘     └ past the limit: dropped: too_long
//
// Guarantees
// - A code of several reports is reported whole or not at all.
// - A report that is not one of these is passed over.
// - Memory is bounded by the longest code.
#pragma once

#include <optional>
#include <string>

#include "drivers/link/feed_codec.hpp"
#include "drivers/scanner/scan_text.hpp"

namespace gatehouse::drivers {

// What a report says.
struct HidPosReport {
    std::string data;
    std::string aim;
    bool continued = false;
    friend bool operator==(const HidPosReport&, const HidPosReport&) = default;
};
[[nodiscard]] std::optional<HidPosReport> decode_hid_pos(ByteView report);
[[nodiscard]] Bytes encode_hid_pos(const HidPosReport& report);  // precondition: at most 56 octets, an AIM of 3

struct HidPosOptions {
    std::string prefix;
    Duration more = std::chrono::seconds(1);  // for the next report of a code
    Duration dedupe = std::chrono::seconds(2);
    std::size_t longest = 2'048;  // octets of a code
};

class HidPosSession {
public:
    explicit HidPosSession(HidPosOptions options = {}) : options_(std::move(options)), repeats_(options_.dedupe) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);  // BytesRead: HID reports
    [[nodiscard]] std::optional<Instant> deadline() const { return more_due_; }

private:
    void take(const HidPosReport& report, Instant now, ScannerEffects& out);
    void deliver(const std::string& aim, Instant now, ScannerEffects& out);
    void abandon(ScannerEffects& out);

    HidPosOptions options_;
    RepeatWindow repeats_;
    ReportFeed feed_;
    std::string code_;
    bool too_long_ = false;
    std::optional<Instant> more_due_;  // set while a code is collected
};

}  // namespace gatehouse::drivers
