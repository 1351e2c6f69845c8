#include "drivers/scanner/line_session.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

ScannerEffects LineSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       abandon(out);
                       ended_ = terminates_ = false;
                   },
                   [&](const LinkDown&) { abandon(out); },
                   [&](const BytesRead& read) {
                       if (ended_ && now - last_byte_ >= options_.idle) terminates_ = true;
                       for (const auto byte : read.bytes) take(byte, now, out);
                       last_byte_ = now;
                       foresee(out);
                   },
                   [&](const Ticked&) { pause(now, out); },
                   [&](const VerdictGiven&) {},
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
    ended_ = options_.terminators.find(c) != std::string::npos;
    if (ended_) {
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
    repeats_.report(std::move(scan), now, out);
}

// So long a pause in a code shows that this scanner does not end its codes, whatever was taken for an end before: a
// line break in the middle of somebody else's code, for one.
void LineSession::pause(Instant now, ScannerEffects& out) {
    const auto due = deadline();
    if (!due || now < *due) return;
    terminates_ = false;
    finish(now, out);
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
