#include <algorithm>
#include <iterator>
#include <utility>

#include "edge/desk/state.hpp"
#include "edge/ticketing/tenders.hpp"
#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"
#include "schemas/records/boot_began.hpp"
#include "schemas/records/codec.hpp"

namespace gatehouse::edge {

namespace {

constexpr std::size_t most_owed = 10'000;
constexpr auto owed_pause = std::chrono::seconds(1);
constexpr std::string_view closed_for_storage = "storage";

// Facts about the world stay true when their record is lost; decisions do not, they were never acted on. Nor does what
// a person said of a passage or a print job and was told to be unrecorded: it is asked again.
bool is_owed(const Body& body, const OperatorName& actor) {
    return std::visit(Match{[](const Passage& b) { return b.evidence != Evidence::attendant; },
                            [](const LaneCounted& b) { return b.cause != CountCause::let_through; },
                            [](const LaneModeSet&) { return true; }, [](const EmergencySet&) { return true; },
                            [&](const PrintResolved&) { return actor.value.empty(); },
                            [](const LeaseReceived&) { return true; }, [](const ClockCorrected&) { return true; },
                            [](const NodeStarted&) { return true; }, [](const ConfigApplied&) { return true; },
                            [](const DeviceChanged&) { return true; }, [](const auto&) { return false; }},
                      body);
}

// Modes and emergency have acted or act all the same: their command is done, if unrecorded.
bool acts_unrecorded(const Body& body) {
    return std::holds_alternative<LaneModeSet>(body) || std::holds_alternative<EmergencySet>(body);
}

}  // namespace

SharedRecord Desk::State::write(Body body, const OperatorName& actor, Effects then, Step& step) {
    const auto extension = codes.extension_of(body);
    return write(std::move(body), extension, actor, std::move(then), step);
}

SharedRecord Desk::State::write(Body body, ByteView extension, const OperatorName& actor, Effects then, Step& step) {
    Header header;
    header.wall = step.clock.wall;
    header.boot = step.clock.boot;
    header.boot_ns = static_cast<std::uint64_t>(step.clock.now.time_since_epoch().count());
    header.clock = step.quality;
    header.business_date = step.today;
    header.actor = actor;
    ++revision;
    auto record = outbox.append(std::move(header), std::move(body), std::move(then), extension);
    if (std::holds_alternative<PrintResolved>(record->body)) outbox.also(record->ref(), PublishRecord{record});
    floor.wrote(step.clock, step.quality);
    overlay.add(record, ticket_of_passage(*record));
    book(*record);
    step.out.emplace_back(AppendRecord{record});
    return record;
}

SharedRecord Desk::State::write_or_owe(Body body, const OperatorName& actor, Step& step) {
    if (!outbox.is_open()) {
        owe({std::move(body), actor, step.clock, step.quality, step.today});
        return nullptr;
    }
    write_owed(step);  // what happened before comes before
    return write(std::move(body), actor, {}, step);
}

// Turns come by the thousand while a full disk lasts and a lane is free: those of one kind are one debt, so that all of
// them find room.
void Desk::State::owe(Owed debt) {
    if (const auto* more = std::get_if<LaneCounted>(&debt.body)) {
        const auto joins = [&](const Owed& other) {
            const auto* counted = std::get_if<LaneCounted>(&other.body);
            return counted && counted->lane == more->lane && counted->direction == more->direction &&
                   counted->cause == more->cause && other.today == debt.today &&
                   counted->persons + more->persons <= 0xffff;
        };
        if (const auto at = std::ranges::find_if(owed, joins); at != owed.end()) {
            auto& counted = std::get<LaneCounted>(at->body);
            counted.persons = static_cast<std::uint16_t>(counted.persons + more->persons);
            return;
        }
    }
    if (owed.size() < most_owed) owed.push_back(std::move(debt));
}

void Desk::State::write_owed(Step& step) {
    if (!outbox.is_open()) return;
    owed_again.reset();
    for (auto& debt : std::exchange(owed, {})) {
        // A time that was not believed when it happened may be by now: before the journal opened little was known.
        if (debt.quality == ClockQuality::suspect) {
            write(std::move(debt.body), debt.extension, debt.actor, {}, step);
            continue;
        }
        Step then{debt.clock, debt.quality, debt.today, {}};
        write(std::move(debt.body), debt.extension, debt.actor, {}, then);
        std::ranges::move(then.out, std::back_inserter(step.out));
    }
}

// What says something about a record comes after it.
void Desk::State::wait_for(RecordRef record, Effects effects, Step& step) {
    for (auto& effect : effects)
        if (!outbox.also(record, effect)) step.out.push_back(std::move(effect));
}

void Desk::State::on(const RecordsSynced& event, Step& step) {
    for (auto& waiting : outbox.synced(event.up_to)) {
        overlay.remove(waiting.record->ref());
        after_sync(*waiting.record, step);
        for (auto& effect : waiting.then) step.out.push_back(std::move(effect));
    }
    if (outbox.synced_head().value > 0) opening.reset();
    recount(step);
}

void Desk::State::after_sync(const ledger::Record& record, Step& step) {
    const auto ref = record.ref();
    std::visit(Match{[&](const Verdict& verdict) {
                         auto* lane = lane_named(verdict.lane);
                         if (!lane) return;
                         if (lane->granted == ref) run(*lane, GrantSynced{ref}, step);
                         if (verdict.decision == Decision::admit && verdict.direction == Direction::entry &&
                             verdict.confirmation == Confirmation::at_once)
                             lane->admitted_today += std::uint32_t{verdict.persons} + verdict.companions;
                     },
                     [&](const LaneCounted& counted) {
                         auto* lane = lane_named(counted.lane);
                         if (!lane) return;
                         if (counted.cause == CountCause::let_through && counted.direction == Direction::entry)
                             lane->let_through_today += counted.persons;
                         if (lane->granted == ref) run(*lane, GrantSynced{ref}, step);
                     },
                     [&](const LetThroughOrdered&) {
                         const auto at = std::ranges::find(lanes, ref, &Lane::granted);
                         if (at != lanes.end()) run(*at, GrantSynced{ref}, step);
                     },
                     [&](const LaneModeSet& set) {
                         if (auto* lane = lane_named(set.lane)) run(*lane, ModeSet{set.mode}, step);
                     },
                     [&](const EmergencySet& set) {
                         if (!set.open && !emergency) step.out.emplace_back(ForgetLatch{});
                     },
                     [&](const Sale& sale) {
                         if (sale.printer) start_print(ref, step);
                     },
                     [&](const Reprint&) { start_print(ref, step); },
                     [&](const Reissue& reissue) {
                         if (reissue.printer) start_print(ref, step);
                     },
                     [&](const Refund& refund) {
                         if (moves_cash(refund.tenders)) open_drawer(refund.window, step);
                     },
                     [&](const ShiftClosed& closed) {
                         // Of an earlier epoch another one may be open there: the reader knows by now.
                         const auto* shift = shift_at(closed.shift);
                         const auto at = shift ? open_shifts.find(shift->window) : open_shifts.end();
                         if (at != open_shifts.end() && !at->second) open_shifts.erase(at);
                     },
                     [&](const PrintResolved& resolved) {
                         if (resolved.outcome != PrintOutcome::ask) prints_answered.erase(resolved.job);
                     },
                     [&](const CashMoved& moved) {
                         if (const auto* shift = shift_at(moved.shift)) open_drawer(shift->window, step);
                     },
                     [](const auto&) {}},
               record.body);
}

void Desk::State::on(const AppendFailed& event, Step& step) {
    auto lost = outbox.failed(event.head, event.hash);
    for (const auto& waiting : lost) overlay.remove(waiting.record->ref());
    forget_cached();
    // A batch of others, too, that was on its way with what failed: it is in the sums when it is stored after all.
    sums_behind = true;
    // Held scans and the like must not be decided on while the losses are still being told.
    const bool was_open = outbox.is_open();
    outbox.close();
    for (auto& waiting : lost) take_back(std::move(waiting), step);
    // Nothing may come before the record that opens the epoch.
    const bool epoch_open = event.head.value > 0 || !opening;
    if (was_open && epoch_open) outbox.open(event.head, event.hash);
    // Not at once: a full disk would be asked again and again.
    if (!owed.empty() || !epoch_open) owed_again = step.clock.now + owed_pause;
}

void Desk::State::take_back(Waiting lost, Step& step) {
    const auto& record = *lost.record;
    const bool done_anyway = acts_unrecorded(record.body);
    const Error unavailable = fail(ErrorCode::storage_unavailable, "nothing was recorded, so nothing was done");
    ScanReply refused;
    refused.decision = Decision::refuse;
    refused.reason = Reason::storage_unavailable;
    for (auto& effect : lost.then) {
        if (const auto* answered = std::get_if<Answer>(&effect)) {
            Result<Reply> reply = unavailable;
            if (done_anyway) reply = Reply{DoneReply{std::nullopt, false, Safety::disk}};
            if (std::holds_alternative<Verdict>(record.body) || std::holds_alternative<ScanJoined>(record.body))
                reply = Reply{refused};
            step.out.emplace_back(Answer{answered->token, std::move(reply)});
        } else if (const auto* check = std::get_if<CheckPin>(&effect)) {
            pin_checks.erase(check->token);
            step.out.emplace_back(Answer{check->token, unavailable});
        } else if (const auto* instruct = std::get_if<InstructDevice>(&effect)) {
            step.out.emplace_back(Answer{instruct->token, unavailable});
        } else if (const auto* show = std::get_if<ShowVerdict>(&effect)) {
            step.out.emplace_back(ShowVerdict{show->lane, Signal::refused, refused});
        }
    }
    if (const auto* resolved = std::get_if<PrintResolved>(&record.body))
        if (auto asked = prints_answered.extract(resolved->job)) prints.insert(std::move(asked));
    const auto& header = record.header;
    if (is_owed(record.body, header.actor)) {
        const Clock then{Instant{Duration{static_cast<std::int64_t>(header.boot_ns)}}, header.wall, header.boot, {}};
        const auto said = parse_record(record.stored);
        check(said.has_value(), "a record that was made here can be read");
        owe({record.body, header.actor, then, header.clock, header.business_date,
             Bytes{said->extension.begin(), said->extension.end()}});
    }
    if (const auto* mode = std::get_if<LaneModeSet>(&record.body))
        if (auto* lane = lane_named(mode->lane)) run(*lane, ModeSet{mode->mode}, step);
    for (auto& lane : lanes) {
        lane.repeats.lost(record.ref());
        if (lane.granted != record.ref()) continue;
        lane.granted.reset();
        run(lane, GrantLost{record.ref()}, step);
    }
}

void Desk::State::on(const StorageChanged& event, Step& step) {
    room_for_sales = event.room_for_sales;
    if (event.open) return reopen(event, step);
    if (!outbox.is_open()) return;
    closed_why = closed_for_storage;
    on(AppendFailed{std::string{closed_for_storage}, outbox.synced_head(), {}}, step);
    outbox.close();
}

// There is room again for a journal that had none: nothing else makes it go on.
void Desk::State::reopen(const StorageChanged& event, Step& step) {
    if (outbox.is_open() || closed_why != closed_for_storage) return;
    const bool begun = event.head.value > 0;
    if (begun) opening.reset();
    on(JournalOpened{event.head, begun ? event.hash : genesis, false, opening}, step);
}

void Desk::State::on(const TrustedTimeLearned& event, Step& step) {
    floor.central_agrees(event.offset_ms, step.clock);
    step.quality = floor.judge(step.clock);
    step.today = today(step.clock, step.quality);
    correct_clock(step);
}

void Desk::State::correct_clock(Step& step) {
    if (!outbox.is_open()) return;
    const auto correction = floor.correction(step.clock);
    if (!correction) return;
    floor.corrected();
    // It may date anew what was counted. To read all of a day again keeps the lanes waiting: not where it stays the
    // day.
    const bool same_day =
        first_suspect_today == step.today && options.calendar.business_date(correction->suspect_from) == step.today;
    if (!same_day) sums_behind = true;
    write(ClockCorrected{step.clock.boot, correction->offset_ms}, boot_began_extension(correction->boot_began), {}, {},
          step);
}

}  // namespace gatehouse::edge
