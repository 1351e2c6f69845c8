#include "drivers/scanner/scan_text.hpp"

#include <utility>

namespace gatehouse::drivers {

namespace {

constexpr char start_of_text = '\x02';

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || is_letter(c); }

// "]Q1TEXT" -> 3.
std::size_t aim_length(std::string_view frame) {
    const bool there = frame.size() > 3 && frame[0] == ']' && is_letter(frame[1]) && is_alphanumeric(frame[2]);
    return there ? 3 : 0;
}

}  // namespace

std::string_view to_string(DropReason reason) {
    switch (reason) {
        case DropReason::too_long: return "too_long";
        case DropReason::incomplete: return "incomplete";
        case DropReason::repeated: return "repeated";
        case DropReason::unreadable: return "unreadable";
    }
    return "incomplete";
}

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

void RepeatWindow::report(ReportScan scan, Instant now, ScannerEffects& out) {
    const bool repeated = scan.text == last_ && now - last_seen_ < window_;
    last_seen_ = now;
    if (repeated) {
        out.emplace_back(ReportDropped{DropReason::repeated});
        return;
    }
    last_ = scan.text;
    out.emplace_back(std::move(scan));
}

}  // namespace gatehouse::drivers
