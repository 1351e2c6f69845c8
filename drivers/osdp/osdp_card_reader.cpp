#include "drivers/osdp/osdp_card_reader.hpp"

#include <utility>

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t hash_key = 0x0d;
constexpr std::uint8_t star_key = 0x7f;

std::string upper_hex(ByteView bytes) {
    auto text = to_hex(bytes);
    for (auto& c : text)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

std::string_view to_string(ReaderTrouble trouble) {
    switch (trouble) {
        case ReaderTrouble::none: return "";
        case ReaderTrouble::tampered: return "tampered";
        case ReaderTrouble::power_failed: return "power_failed";
    }
    return "";
}

void OsdpCardReader::forget() {
    keys_.clear();
    trouble_ = ReaderTrouble::none;
}

CardReports OsdpCardReader::take(const OsdpReply& reply, Instant now) {
    CardReports out;
    if (const auto* card = std::get_if<OsdpCard>(&reply); card != nullptr && is_mine(card->reader))
        scanned(upper_hex(card->data), now, out);
    if (const auto* typed = std::get_if<OsdpKeys>(&reply); typed != nullptr && is_mine(typed->reader))
        for (const auto key : typed->keys) type(key, now, out);
    if (const auto* status = std::get_if<OsdpLocalStatus>(&reply)) {
        const auto supply = status->power ? ReaderTrouble::power_failed : ReaderTrouble::none;
        const auto trouble = status->tamper ? ReaderTrouble::tampered : supply;
        become(trouble, out);
    }
    // One that does not say how its supply is has it, since it speaks.
    if (std::holds_alternative<OsdpNak>(reply) && trouble_ == ReaderTrouble::power_failed)
        become(ReaderTrouble::none, out);
    return out;
}

void OsdpCardReader::become(ReaderTrouble trouble, CardReports& out) {
    if (std::exchange(trouble_, trouble) != trouble) out.emplace_back(ReportReaderTrouble{trouble});
}

void OsdpCardReader::scanned(std::string text, Instant now, CardReports& out) {
    const bool repeated = text == last_ && now - last_seen_ < options_.dedupe;
    last_seen_ = now;
    if (repeated) {
        out.emplace_back(ReportDropped{DropReason::repeated});
        return;
    }
    last_ = text;
    out.emplace_back(ReportScan{std::move(text), {}});
}

void OsdpCardReader::type(std::uint8_t key, Instant now, CardReports& out) {
    if (now - last_key_ > options_.keys && !std::exchange(keys_, {}).empty())
        out.emplace_back(ReportDropped{DropReason::incomplete});
    last_key_ = now;
    if (key == star_key) {
        keys_.clear();
    } else if (key == hash_key) {
        if (!keys_.empty()) scanned(std::exchange(keys_, {}), now, out);
    } else if (keys_.size() == options_.longest) {
        keys_.clear();
        out.emplace_back(ReportDropped{DropReason::too_long});
    } else {
        keys_.push_back(static_cast<char>(key));
    }
}

}  // namespace gatehouse::drivers
