#include "drivers/scanner/hid_pos_session.hpp"

#include <utility>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t scanned_data_report = 0x02;
constexpr std::size_t report_size = 64;
constexpr std::size_t most_data = 56;
constexpr std::size_t data_at = 5;
constexpr std::size_t continued_at = 63;

}  // namespace

std::optional<HidPosReport> decode_hid_pos(ByteView report) {
    if (report.size() < data_at || report[0] != scanned_data_report) return std::nullopt;
    const std::size_t length = report[1];
    if (length > most_data || report.size() < data_at + length) return std::nullopt;
    HidPosReport found{text_of(report.subspan(data_at, length)), {}, false};
    if (report[2] == ']') found.aim = text_of(report.subspan(2, 3));
    found.continued = report.size() > continued_at && report[continued_at] == 1;
    return found;
}

Bytes encode_hid_pos(const HidPosReport& report) {
    check(report.data.size() <= most_data && report.aim.size() == 3, "a HID-POS report has places for so much");
    Bytes bytes(report_size, 0);
    bytes[0] = scanned_data_report;
    bytes[1] = static_cast<std::uint8_t>(report.data.size());
    for (std::size_t i = 0; i < 3; ++i) bytes[2 + i] = static_cast<std::uint8_t>(report.aim[i]);
    for (std::size_t i = 0; i < report.data.size(); ++i) bytes[data_at + i] = static_cast<std::uint8_t>(report.data[i]);
    bytes[continued_at] = report.continued ? 1 : 0;
    return bytes;
}

ScannerEffects HidPosSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       feed_.clear();
                       abandon(out);
                   },
                   [&](const LinkDown&) {
                       feed_.clear();
                       abandon(out);
                   },
                   [&](const BytesRead& read) {
                       for (const auto& bytes : feed_.take(read.bytes))
                           if (const auto report = decode_hid_pos(bytes)) take(*report, now, out);
                   },
                   [&](const Ticked&) {
                       if (more_due_ && *more_due_ <= now) abandon(out);
                   },
                   [&](const VerdictGiven&) {},
               },
               event);
    return out;
}

void HidPosSession::take(const HidPosReport& report, Instant now, ScannerEffects& out) {
    if (code_.size() + report.data.size() > options_.longest) too_long_ = true;
    if (!too_long_) code_ += report.data;
    if (report.continued)
        more_due_ = now + options_.more;
    else
        deliver(report.aim, now, out);
}

void HidPosSession::deliver(const std::string& aim, Instant now, ScannerEffects& out) {
    more_due_.reset();
    auto code = std::exchange(code_, {});
    if (std::exchange(too_long_, false)) {
        out.emplace_back(ReportDropped{DropReason::too_long});
        return;
    }
    while (!code.empty() && (code.back() == '\r' || code.back() == '\n')) code.pop_back();
    auto scan = unframe(code, options_.prefix);
    if (scan.aim.empty()) scan.aim = aim;
    if (!scan.text.empty()) repeats_.report(std::move(scan), now, out);
}

void HidPosSession::abandon(ScannerEffects& out) {
    if (more_due_) out.emplace_back(ReportDropped{DropReason::incomplete});
    more_due_.reset();
    code_.clear();
    too_long_ = false;
}

}  // namespace gatehouse::drivers
