// What a desk finds when its journal opens: the venue as last known, the lanes as they were left, and everything that
// was under way when the former run ended.
#include <algorithm>
#include <utility>

#include "edge/desk/state.hpp"

namespace gatehouse::edge {

void Desk::State::on(const JournalOpened& event, Step& step) {
    const bool first = !started;
    started = true;
    // Nothing was written in the other one: what was said, counted and owed until now is of this one.
    if (first && event.epoch) {
        options.journal.epoch = *event.epoch;
        outbox = Outbox{options.journal};
    }
    if (first) add_login_failures();
    forget_cached();
    if (outbox.is_open()) on(AppendFailed{"reopened", event.head, event.hash}, step);
    outbox.open(event.head, event.hash);
    closed_why.clear();
    load_venue();
    if (const auto left = reader.uncorrected(options.journal.node, step.clock.boot))
        floor.wrote_before(left->wall, Instant{left->since_boot});
    step.quality = floor.judge(step.clock);
    step.today = today(step.clock, step.quality);
    if (event.opening) {
        opening = event.opening;
        genesis = event.hash;
        write(*event.opening, {}, {}, step);
    }
    if (first) {
        write(NodeStarted{options.software, event.clean}, {}, {}, step);
        // Told where it is news: most starts are with what the one before had.
        if (options.config && reader.config_applied(options.journal.node) != options.config)
            write(ConfigApplied{*options.config}, {}, {}, step);
    }
    write_owed(step);
    if (first) load_station(step);
    resolve_passages(step);
    resolve_prints(step);
    // A full disk may have kept the receipt of a lease and not its grant, which then comes once more.
    grants_received.merge(reader.grants_received(options.journal.node));
    if (reader.fault() != ledger::Fault::none) return;  // one that seems new may have been received
    for (const auto& grant : reader.grants(options.journal.node)) take_lease(grant.ref, grant.body, grant.epoch, step);
}

void Desk::State::forget_cached() {
    units.clear();
    shifts.clear();
    open_shifts.clear();
    unverified.reset();
    settled.clear();
}

void Desk::State::load_venue() {
    if (auto held = reader.catalogue(); held && held->version >= published) {
        published = held->version;
        catalogue = std::move(*held);
    }
    for (const auto& node : reader.nodes()) {
        for (const auto& certificate : reader.certificates(node.node)) keys.add(certificate);
        if (node.node != options.journal.node && node.node != central_node) known_nodes.insert(node.node);
    }
    for (const auto& revocation : reader.revocations()) keys.revoke(revocation.body);
    if (const auto own = reader.trusted_wall(options.journal.node)) floor.raise(*own);
    if (const auto central = reader.trusted_wall(central_node)) floor.raise(*central);
    // Holdover does not raise the floor of a new run: a clock that was set ahead by mistake would stay in it.
    if (const auto last = reader.record({options.journal.node, options.journal.epoch, outbox.head()}))
        if (last->header.clock != ClockQuality::suspect) last_believed = std::max(last_believed, last->header.wall);
    if (const auto receipt = reader.journal(options.journal); receipt && receipt->receipt)
        acknowledged = receipt->receipt->seq;
    unverified = reader.unverified_total(options.journal.node);
}

void Desk::State::load_station(Step& step) {
    devices.clear();
    for (const auto& [name, changed] : reader.devices(options.journal.node))
        devices[name] = {changed.state, changed.reason};
    for (auto& lane : lanes) {
        const auto set_since = [&](const Waiting& waiting) {
            const auto* set = std::get_if<LaneModeSet>(&waiting.record->body);
            return set && set->lane == lane.options.name;
        };
        if (std::ranges::any_of(outbox.waiting(), set_since)) continue;
        if (const auto state = reader.lane(options.journal.node, lane.options.name, options.journal.epoch);
            state && state->mode != lane.session.mode())
            run(lane, ModeSet{state->mode}, step);
    }
    agree_on_emergency(step);
    begin_day(step);
}

// The record is believed where nobody has said anything newer; else it is set right.
void Desk::State::agree_on_emergency(Step& step) {
    auto recorded = reader.emergency(options.journal.node, options.journal.epoch);
    bool on_its_way = false;
    for (const auto& waiting : outbox.waiting()) {
        const auto* set = std::get_if<EmergencySet>(&waiting.record->body);
        if (!set) continue;
        recorded = *set;
        on_its_way = true;
    }
    const bool open = recorded && recorded->open;
    if (!emergency_told) {
        if (open) set_emergency(true, recorded->cause, {}, std::nullopt, step);
    } else if (open != emergency) {
        write(EmergencySet{emergency, "latch"}, {}, {}, step);
    } else if (!emergency && !on_its_way) {
        step.out.emplace_back(ForgetLatch{});
    }
}

// The process died while somebody was let in, or the records of how it ended were lost: nobody knows. Those that a lane
// of this process still waits for are not among them; nor are those of an earlier epoch, whose end may still be on its
// way here: they stay reserved.
void Desk::State::resolve_passages(Step& step) {
    for (const auto& open : reader.open_reservations(options.journal.node)) {
        if (open.verdict.journal() != options.journal) continue;
        const auto waits = [&](const Lane& lane) { return lane.granted == open.verdict; };
        if (std::ranges::any_of(lanes, waits)) continue;
        Passage rest{open.verdict, PassageOutcome::unknown, Evidence::recovery, open.persons, open.companions};
        for (const auto& waiting : outbox.waiting()) {
            // Owed from before: on its way to the disk, and not to be doubled.
            const auto* told = std::get_if<Passage>(&waiting.record->body);
            if (!told || told->verdict != open.verdict) continue;
            rest.persons = static_cast<std::uint16_t>(rest.persons - std::min(rest.persons, told->persons));
            rest.companions = static_cast<std::uint16_t>(rest.companions - std::min(rest.companions, told->companions));
        }
        if (rest.persons + rest.companions > 0) write(rest, {}, {}, step);
    }
}

// A job without an outcome may be on paper or not: somebody looks. Never printed again by itself.
void Desk::State::resolve_prints(Step& step) {
    for (const auto& job : reader.unresolved_prints(options.journal.node)) {
        const auto told = [&](const Waiting& waiting) {
            const auto* resolved = std::get_if<PrintResolved>(&waiting.record->body);
            return resolved && resolved->job == job.job;
        };
        if (job.job.journal() != options.journal) continue;  // its outcome may still be on its way here
        if (prints.contains(job.job) || std::ranges::any_of(outbox.waiting(), told)) continue;
        prints[job.job] = PrintStatus{job.job, job.printer, true, "restarted"};
        if (!job.asked) write(PrintResolved{job.job, PrintOutcome::ask, "restarted"}, {}, {}, step);
    }
}

}  // namespace gatehouse::edge
