#include "drivers/scanner/line_session.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr char start_of_text = '\x02';

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// "]Q1TEXT" -> "]Q1". A bare identifier is a code of its own.
std::size_t aim_length(std::string_view frame) {
    const bool there = frame.size() > 3 && frame[0] == ']' && is_letter(frame[1]) && is_alphanumeric(frame[2]);
    return there ? 3 : 0;
}

// Takes off STX, the configured prefix and the AIM identifier; scanners put the last two in either order.
ReportScan unframe(std::string_view frame, std::string_view prefix) {
    const auto strip_prefix = [&frame, prefix] {
        if (!prefix.empty() && frame.starts_with(prefix)) frame.remove_prefix(prefix.size());
    };
    if (frame.starts_with(start_of_text)) frame.remove_prefix(1);
    const auto unprefixed = frame;
    strip_prefix();
    const bool stripped = frame.size() != unprefixed.size();
    const auto aim = frame.substr(0, aim_length(frame));
    frame.remove_prefix(aim.size());
    if (!stripped) strip_prefix();
    return {std::string(frame), std::string(aim)};
}

}  // namespace

std::string_view to_string(DropReason reason) {
    switch (reason) {
        case DropReason::too_long: return "too_long";
        case DropReason::incomplete: return "incomplete";
        case DropReason::repeated: return "repeated";
    }
    return "incomplete";
}

ScannerEffects LineSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) { abandon(out); },
                   [&](const LinkDown&) { abandon(out); },
                   [&](const BytesRead& read) {
                       for (const auto byte : read.bytes) take(byte, now, out);
                       last_byte_ = now;
                       foresee(out);
                   },
                   [&](const Ticked&) { pause(now, out); },
               },
               event);
    return out;
}

std::optional<Instant> LineSession::deadline() const {
    if (frame_.empty() && !overflowing_) return std::nullopt;
    return last_byte_ + (terminates_ ? options_.stale : options_.idle);
}

void LineSession::take(std::uint8_t byte, Instant now, ScannerEffects& out) {
    const auto c = static_cast<char>(byte);
    if (options_.terminators.find(c) != std::string::npos) {
        terminates_ = true;
        finish(now, out);
    } else if (!overflowing_ && frame_.size() == options_.longest) {
        frame_.clear();
        overflowing_ = true;
        out.emplace_back(ReportDropped{DropReason::too_long});
    } else if (!overflowing_) {
        frame_.push_back(c);
    }
}

void LineSession::finish(Instant now, ScannerEffects& out) {
    overflowing_ = false;
    auto scan = unframe(std::exchange(frame_, {}), options_.prefix);
    if (scan.text.empty()) return;
    const bool repeated = scan.text == last_ && now - last_seen_ < options_.dedupe;
    last_seen_ = now;
    if (repeated) {
        out.emplace_back(ReportDropped{DropReason::repeated});
        return;
    }
    last_ = scan.text;
    out.emplace_back(std::move(scan));
}

// A scanner that ends its codes with a suffix and has not is in the middle of one, or has lost the rest.
void LineSession::pause(Instant now, ScannerEffects& out) {
    const auto due = deadline();
    if (!due || now < *due) return;
    if (terminates_ && !overflowing_)
        abandon(out);
    else
        finish(now, out);
    overflowing_ = false;
}

void LineSession::foresee(ScannerEffects& out) const {
    if (frame_.size() < options_.foreseen_from) return;
    out.emplace_back(ReportForeseen{unframe(frame_, options_.prefix).text});
}

void LineSession::abandon(ScannerEffects& out) {
    if (!frame_.empty()) out.emplace_back(ReportDropped{DropReason::incomplete});
    frame_.clear();
    overflowing_ = false;
}

}  // namespace gatehouse::drivers
