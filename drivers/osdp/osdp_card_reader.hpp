// The cards and keys that an OSDP reader reports become scans; its tamper switch and its supply become its trouble.
//
// A card is its octets in upper-case hexadecimal, first octet first: "04A1B2C3". Keys are collected until #, which ends
// a code, or *, which takes it back.
//
// Guarantees
// - Every card report is one scan, but for the same card again within the dedupe window.
// - Keys without an end are forgotten after a while, and never run into the next person's.
// - A reader's trouble is told when it begins and when it is over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/osdp/osdp_messages.hpp"
#include "drivers/scanner/scanner_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

struct OsdpCardReaderOptions {
    std::optional<std::uint8_t> reader;  // of a device with several; nothing: all of them
    Duration dedupe = std::chrono::seconds(2);
    Duration keys = std::chrono::seconds(10);  // from one key to the next
    std::size_t longest = 32;                  // keys
};

// What troubles a reader that goes on reading. On disk by its word.
enum class ReaderTrouble : std::uint8_t {
    none,
    tampered,      // opened, or torn off the wall
    power_failed,  // its supply fails, or has failed since it was last asked
};
[[nodiscard]] std::string_view to_string(ReaderTrouble trouble);

struct ReportReaderTrouble {  // the present one, when it changes; none before the first
    ReaderTrouble trouble{};
    friend bool operator==(const ReportReaderTrouble&, const ReportReaderTrouble&) = default;
};

using CardReports = std::vector<std::variant<ReportScan, ReportDropped, ReportReaderTrouble>>;

class OsdpCardReader {
public:
    explicit OsdpCardReader(OsdpCardReaderOptions options = {}) : options_(options) {}

    // What the device said by itself, or when it was asked what troubles it.
    [[nodiscard]] CardReports take(const OsdpReply& reply, Instant now);
    // The device was lost, or is back: keys that were typed before are not a part of what comes after, and what
    // troubles it is to be told anew.
    void forget();
    [[nodiscard]] bool is_troubled() const { return trouble_ != ReaderTrouble::none; }
    // Where its signs go. OSDP has no word for all readers of a device: where none is named, its first.
    [[nodiscard]] std::uint8_t number() const { return options_.reader.value_or(0); }

private:
    void scanned(std::string text, Instant now, CardReports& out);
    void become(ReaderTrouble trouble, CardReports& out);
    void type(std::uint8_t key, Instant now, CardReports& out);
    [[nodiscard]] bool is_mine(std::uint8_t reader) const { return !options_.reader || *options_.reader == reader; }

    OsdpCardReaderOptions options_;
    std::string last_;
    Instant last_seen_{};
    std::string keys_;
    Instant last_key_{};
    ReaderTrouble trouble_ = ReaderTrouble::none;
};

}  // namespace gatehouse::drivers
