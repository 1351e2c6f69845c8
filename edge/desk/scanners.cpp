// Scanners: texts on their way to their lane, and what is found out about them before they are there.
#include <algorithm>
#include <utility>

#include "edge/desk/state.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::edge {

namespace {

// Of one lane. No scanner reads so many while one signature is checked.
constexpr std::size_t most_unchecked = 16;

}  // namespace

void Desk::State::on(const ScanRead& event, Step& step) {
    for (auto& lane : lanes) {
        const auto& scanners = lane.options.scanners;
        const auto at = std::ranges::find(scanners, event.scanner, &LaneScanner::device);
        if (at == scanners.end()) continue;
        const auto direction = at->direction.value_or(lane.options.direction.value_or(Direction::entry));
        if (lane.unchecked.size() >= most_unchecked) return reject_busy(lane, {}, step);
        auto scan = to_check(lane, event.text, step);
        // Texts of one lane are judged in the order of their reading.
        if (scan.check == 0 && lane.unchecked.empty()) return arrive(lane, event.text, direction, step);
        scan.text = event.text;
        scan.direction = direction;
        lane.unchecked.push_back(std::move(scan));
        return;
    }
    read_at_window(event, step);
}

// Asks for the check of the text's signature where that is not known yet.
UncheckedScan Desk::State::to_check(Lane& lane, const std::string& text, Step& step) {
    UncheckedScan scan;
    const bool foreseen = lane.foreseen && lane.foreseen->text == text && lane.foreseen->revision == revision;
    if (!options.checks_apart || !outbox.is_open() || foreseen) return scan;
    auto code = decode_code(text);
    passed(ScanStage::decode);
    if (!code) return scan;
    auto signers = keys.keys_to_check(*code);
    if (signers.empty() || find_issued(lane, text, *code)) return scan;
    scan.check = ++last_check;
    scan.code = std::make_shared<const ScannedCode>(std::move(*code));
    step.out.emplace_back(CheckSignature{scan.check, scan.code, std::move(signers)});
    return scan;
}

// A code that the record of its sale names needs no check. What was looked up for that is kept for its judgement.
bool Desk::State::find_issued(Lane& lane, const std::string& text, const ScannedCode& code) {
    auto facts = reader.ticket_issued_as(code.payload.id, issued_code(text));
    passed(ScanStage::look_up);
    if (!facts || reader.fault() != ledger::Fault::none) return false;
    overlay.apply_to(*facts);
    const auto standing = keys.standing(code, SaleRecord::names_code);
    lane.foreseen = Foreseen{text, revision, {standing, code.payload}, std::move(*facts)};
    return true;
}

// A signature that is not good is judged once more when the text is: another key of the seller may have come meanwhile.
void Desk::State::on(const SignatureChecked& event, Step& step) {
    for (auto& lane : lanes) {
        auto& unchecked = lane.unchecked;
        const auto at = std::ranges::find(unchecked, event.check, &UncheckedScan::check);
        if (event.check == 0 || at == unchecked.end()) continue;
        if (event.good) keys.found_good(*at->code);
        at->check = 0;
        while (!unchecked.empty() && unchecked.front().check == 0) {
            const auto scan = std::move(unchecked.front());
            unchecked.pop_front();
            arrive(lane, scan.text, scan.direction, step);
        }
        return;
    }
}

void Desk::State::arrive(Lane& lane, const std::string& text, Direction direction, Step& step) {
    ScanRequest scan;
    scan.text = text;
    scan.direction = direction;
    scan.code = digest_of(text);
    run(lane, ScanArrived{std::move(scan)}, step);
}

void Desk::State::on(const ScanForeseen& event, Step& step) {
    if (!outbox.is_open() || !decode_code(event.text)) return;
    for (auto& lane : lanes) {
        if (std::ranges::find(lane.options.scanners, event.scanner, &LaneScanner::device) ==
            lane.options.scanners.end())
            continue;
        Foreseen seen{event.text, revision, {}, {}};
        seen.presented = present(event.text, seen.facts);
        lane.foreseen.reset();
        if (!seen.presented.payload || reader.fault() != ledger::Fault::none) return;
        lane.foreseen = std::move(seen);
        step.out.emplace_back(StandReady{});
        return;
    }
}

}  // namespace gatehouse::edge
