#include "edge/desk/desk.hpp"

#include <algorithm>
#include <utility>

#include "edge/desk/state.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

std::string_view to_string(Safety safety) {
    switch (safety) {
        case Safety::disk: return "disk";
        case Safety::peer: return "peer";
        case Safety::central: return "central";
    }
    return "unknown";
}

Desk::State::State(DeskOptions options_in, ledger::LedgerReader& reader_in)
    : options(std::move(options_in)),
      reader(reader_in),
      outbox(options.journal),
      floor(options.built),
      keys(options.venue, options.authority),
      codes(options.key, options.venue),
      catalogue(std::move(options.catalogue)) {
    if (options.key) keys.add_key(options.journal.node, options.key->public_key());
    constexpr std::uint64_t ids_of_a_lane = 1ULL << 40U;
    std::uint64_t first_open_id = 1;
    for (auto& lane : options.lanes) {
        // Two scanners at an arm for both ways: the first looks in, the second out, unless it is said otherwise.
        auto& scanners = lane.scanners;
        if (!lane.direction && scanners.size() == 2 && !scanners[0].direction && !scanners[1].direction) {
            scanners[0].direction = Direction::entry;
            scanners[1].direction = Direction::exit;
        }
        LaneSetup setup{lane.direction, lane.turnstile.has_value(), first_open_id, options.station};
        if (lane.pass) setup.times.pass = *lane.pass;
        lanes.push_back(
            Lane{lane, LaneSession{setup}, RepeatFilter{options.station.quiet}, 0, std::nullopt, std::nullopt, {}, {}});
        first_open_id += ids_of_a_lane;
    }
}

Desk::Desk(DeskOptions options, ledger::LedgerReader& reader)
    : state_(std::make_unique<State>(std::move(options), reader)) {}
Desk::~Desk() = default;
Desk::Desk(Desk&&) noexcept = default;
Desk& Desk::operator=(Desk&&) noexcept = default;

namespace {

// Whether it may change what is known of a ticket, besides by records that it makes the desk write.
bool changes_facts(const Event& event) {
    return std::visit(
        Match{[](const ScanForeseen&) { return false; }, [](const ScanRead&) { return false; },
              [](const SignatureChecked&) { return false; }, [](const TurnstileReported&) { return false; },
              [](const DeviceReported&) { return false; }, [](const PeersChanged&) { return false; },
              [](const CopyAcknowledged&) { return false; }, [](const ReceiptReceived&) { return false; },
              [](const Ticked&) { return false; }, [](const auto&) { return true; }},
        event);
}

}  // namespace

Effects Desk::step(const Event& event, const Clock& clock) {
    const auto quality = state_->floor.judge(clock);
    Step step{clock, quality, state_->today(clock, quality), {}};
    if (quality == ClockQuality::suspect && !state_->first_suspect_today) state_->first_suspect_today = step.today;
    if (state_->last_today != step.today) state_->begin_day(step);
    if (changes_facts(event)) ++state_->revision;
    std::visit([&](const auto& e) { state_->on(e, step); }, event);
    state_->correct_clock(step);
    return std::move(step.out);
}

std::optional<Instant> Desk::deadline() const {
    std::optional<Instant> soonest;
    const auto sooner = [&](std::optional<Instant> at) {
        if (at && (!soonest || *at < *soonest)) soonest = at;
    };
    for (const auto& lane : state_->lanes) {
        sooner(lane.session.deadline());
        sooner(lane.repeats.deadline());
    }
    sooner(state_->owed_again);
    return soonest;
}

DeskStatus Desk::status(const Clock& clock) const {
    const auto& s = *state_;
    DeskStatus out;
    out.journal_open = s.outbox.is_open();
    out.closed_why = s.closed_why;
    out.journal = s.outbox.journal();
    out.head = s.outbox.head();
    out.synced = s.outbox.synced_head();
    out.clock = s.floor.judge(clock);
    out.isolated = s.isolated();
    out.emergency = s.emergency;
    out.business_date = s.options.calendar.business_date(s.believed(clock, out.clock));
    out.selling_date = s.selling_date(clock, out.clock);
    out.catalogue_version = s.catalogue.version;
    out.unverified_total = s.unverified.value_or(Minor{0});
    for (const auto& lane : s.lanes)
        out.lanes.push_back({lane.options.name, lane.options.gate, lane.options.zone, lane.session.mode(),
                             lane.session.phase(), lane.session.emergency(), std::string{lane.session.trouble()},
                             lane.admitted_today, lane.let_through_today, lane.options.direction});
    for (const auto& [job, print] : s.prints) out.prints.push_back(print);
    return out;
}

std::vector<Role> Desk::roles_of(const OperatorName& name) const {
    const auto* person = state_->catalogue.operator_named(name);
    return person ? person->roles : std::vector<Role>{};
}

void Desk::State::on(const CommandReceived& event, Step& step) {
    std::visit(Match{[&](const Login& c) { log_in(c, event, step); },
                     [&](const Sell& c) { sell(c, event, step); },
                     [&](const FindSale& c) { find_sale(c, event, step); },
                     [&](const FindTicket& c) { find_ticket(c, event, step); },
                     [&](const MakeRefund& c) { refund(c, event, step); },
                     [&](const MakeReprint& c) { reprint(c, event, step); },
                     [&](const MakeReissue& c) { reissue(c, event, step); },
                     [&](const OpenShift& c) { open_shift(c, event, step); },
                     [&](const MoveCash& c) { move_cash(c, event, step); },
                     [&](const CloseShift& c) { close_shift(c, event, step); },
                     [&](const FindShift& c) { find_shift(c, event, step); },
                     [&](const ReadCatalogue&) {
                         CatalogueReply reply{catalogue, {}};
                         // What is over sells nothing: it is not looked up, a year has thousands of sessions.
                         for (const auto& session : catalogue.sessions) {
                             CatalogueReply::Units told{session.id, std::nullopt, 0};
                             if (session.ends > step.clock.wall) {
                                 const auto& known = units_of(session.id);
                                 told.received = known.received;
                                 told.left = known.left();
                             }
                             reply.units.push_back(std::move(told));
                         }
                         answer(event, Reply{std::move(reply)}, step);
                     },
                     [&](const Scan& c) { scan(c, event, step); },
                     [&](const LetThrough& c) { let_through(c, event, step); },
                     [&](const ResolvePassage& c) { resolve(c, event, step); },
                     [&](const ResolvePrint& c) { resolve(c, event, step); },
                     [&](const SetLaneMode& c) { set_mode(c, event, step); },
                     [&](const SetEmergency& c) {
                         // Whoever is logged in may open; closing again is for those who answer for the gates.
                         if (!c.open && !allowed(event, {Role::attendant, Role::supervisor, Role::operator_}, step))
                             return;
                         set_emergency(c.open, "operator", event.actor.name, event.token, step);
                     },
                     [&](const OrderResync& c) { resync(c, event, step); },
                     [&](const OrderDevice& c) { order_device(c, event, step); }},
               event.command);
}

Date Desk::State::date_of(WallTime wall) {
    if (wall < day_span.begin || wall >= day_span.end) {
        day = options.calendar.business_date(wall);
        day_span = options.calendar.business_day(day);
    }
    return day;
}

// While the wall clock is not believed the day goes on that was last: a node that wakes in 1970 still knows who is half
// inside, and nobody's lunch ends a date. What is written then is dated by its correction, once.
WallTime Desk::State::believed(const Clock& clock, ClockQuality quality) const {
    // Before the journal opens the only floor is the day on which the software was built.
    if (quality != ClockQuality::suspect || !started) return clock.wall;
    return std::max(floor.floor(), last_believed);
}

Date Desk::State::today(const Clock& clock, ClockQuality quality) { return date_of(believed(clock, quality)); }

// A ticket says for good which date it is for, so it is not sold for one that is known to be over.
Date Desk::State::selling_date(const Clock& clock, ClockQuality quality) const {
    if (quality != ClockQuality::suspect) return options.calendar.business_date(clock.wall);
    return options.calendar.business_date(std::max({clock.wall, floor.floor(), last_believed}));
}

// Midnight, or the clock was set: the day's counts begin again.
void Desk::State::begin_day(Step& step) {
    last_today = step.today;
    if (!started) return;
    const auto admitted = reader.admitted(options.journal.node, step.today);
    const auto let_in = reader.let_through(options.journal.node, step.today);
    const auto of = [](const std::map<LaneName, std::uint32_t>& counts, const LaneName& lane) {
        const auto at = counts.find(lane);
        return at == counts.end() ? 0U : at->second;
    };
    for (auto& lane : lanes) {
        lane.admitted_today = of(admitted, lane.options.name);
        lane.let_through_today = of(let_in, lane.options.name);
    }
}

void Desk::State::on(const Ticked& /*event*/, Step& step) {
    for (auto& lane : lanes) {
        if (const auto due = lane.session.deadline(); due && *due <= step.clock.now) run(lane, LaneTicked{}, step);
        if (const auto due = lane.repeats.deadline(); due && *due <= step.clock.now) record_repeats(lane, step);
    }
    if (!owed_again || *owed_again > step.clock.now) return;
    owed_again.reset();
    if (opening && !outbox.is_open())
        on(JournalOpened{Seq{0}, genesis, false, opening}, step);
    else
        write_owed(step);
}

void Desk::State::on(const StopOrdered& /*event*/, Step& step) {
    write_owed(step);
    for (auto& lane : lanes) {
        run(lane, LaneStopped{}, step);
        record_repeats(lane, step);
    }
    if (outbox.is_open()) write(StorageClosed{"stop"}, {}, {}, step);
    outbox.close();
    closed_why = "stop";
}

void Desk::State::on(const PeersChanged& event, Step& /*step*/) { heard = {event.heard.begin(), event.heard.end()}; }

void Desk::State::on(const CopyAcknowledged& event, Step& /*step*/) {
    auto& seq = copied[event.peer];
    seq = std::max(seq, event.seq);
}

void Desk::State::on(const ReceiptReceived& event, Step& /*step*/) { acknowledged = std::max(acknowledged, event.seq); }

void Desk::State::on(const DeviceReported& event, Step& step) {
    note_device(event.device, event.state, event.reason, step);
}

// Who is not heard may be admitting what is shown here, unless central hands its journal on. See
// edge/admission/README.md.
bool Desk::State::isolated() const {
    if (heard.contains(central_node)) return false;
    return std::ranges::any_of(known_nodes,
                               [&](NodeId node) { return !heard.contains(node) && !keys.is_revoked(node); });
}

Safety Desk::State::safety_of(RecordRef ref) const {
    if (ref.journal() != outbox.journal()) return Safety::peer;  // held here and by its owner
    if (ref.seq <= acknowledged) return Safety::central;
    const auto holds = [&](const auto& peer) { return ref.seq <= peer.second; };
    return std::ranges::any_of(copied, holds) ? Safety::peer : Safety::disk;
}

}  // namespace gatehouse::edge
