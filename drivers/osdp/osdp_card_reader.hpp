// The cards and keys that an OSDP reader reports become scans.
//
// A card is its octets in upper-case hexadecimal, first octet first: "04A1B2C3". Keys are collected until #, which ends
// a code, or *, which takes it back.
//
// Guarantees
// - Every card report is one scan, but for the same card again within the dedupe window.
// - Keys without an end are forgotten after a while, and never run into the next person's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

using CardReports = std::vector<std::variant<ReportScan, ReportDropped>>;

class OsdpCardReader {
public:
    explicit OsdpCardReader(OsdpCardReaderOptions options = {}) : options_(options) {}

    [[nodiscard]] CardReports take(const OsdpReply& reply, Instant now);
    // The device was lost: keys that were typed before it are not a part of what comes after.
    void forget_keys() { keys_.clear(); }
    // Where its signs go. OSDP has no word for all readers of a device: where none is named, its first.
    [[nodiscard]] std::uint8_t number() const { return options_.reader.value_or(0); }

private:
    void scanned(std::string text, Instant now, CardReports& out);
    void type(std::uint8_t key, Instant now, CardReports& out);
    [[nodiscard]] bool is_mine(std::uint8_t reader) const { return !options_.reader || *options_.reader == reader; }

    OsdpCardReaderOptions options_;
    std::string last_;
    Instant last_seen_{};
    std::string keys_;
    Instant last_key_{};
};

}  // namespace gatehouse::drivers
