// Checker: no guest with a good ticket is turned away. What a gate must have known is asked as strictly as what it must
// not have known: a refusal has a ground that holds at some machine, at the lane or on the ticket itself.
#include <fmt/core.h>

#include <algorithm>

#include "schemas/calendar/calendar.hpp"
#include "schemas/crypto/crypto.hpp"
#include "tests/sim/checker.hpp"

namespace gatehouse::sim {

void Checker::know_code(std::string_view code, const TicketId& ticket) {
    if (code.empty()) return;
    const Hash whole = sha256(view_of(code));
    CodeDigest digest{};
    std::copy_n(whole.begin(), digest.size(), digest.begin());
    codes_.insert_or_assign(digest, ticket);
}

void Checker::check_refusal(const Header& header, const Verdict& verdict) {
    if (verdict.repeats > 0) return;  // of before, counted; each was judged when it was read
    const auto code = codes_.find(verdict.code);
    if (code == codes_.end()) return;
    const auto ticket = tickets_.find(code->second);
    if (ticket == tickets_.end() || !ticket->second.payload) return;
    ++refusals_;
    if (!has_ground(header, verdict, ticket->second))
        world_.fail(fmt::format("refused without ground: {} by {} at {} ({}): {}", to_string(code->second),
                                to_string(header.ref()), verdict.lane.value, static_cast<int>(verdict.mode),
                                to_string(verdict.reason)));
}

bool Checker::has_ground(const Header& header, const Verdict& verdict, const Ticket& ticket) const {
    const Instant when = decided(header.ref());
    const auto& lanes = venue_.plan(header.node).lanes;
    const auto lane = std::ranges::find(lanes, verdict.lane, &edge::LaneOptions::name);
    if (lane == lanes.end()) return false;
    const TicketPayload& payload = *ticket.payload;
    const bool entry = verdict.direction == Direction::entry;  // nobody is kept inside for what his ticket is
    switch (verdict.reason) {
        case Reason::lane_closed: return lane_is_closed(header, verdict, lane->turnstile);
        case Reason::wrong_direction: return lane->direction && *lane->direction != verdict.direction;
        case Reason::unknown: return ticket.order && !was_visible(*ticket.order, header.node, when);
        case Reason::bad_signature: return !ticket.order && !had_met_central(header.node, when);
        case Reason::revoked: return entry && !ticket.revocations.empty();
        case Reason::refunded: return entry && !ticket.refunds.empty();
        case Reason::blocked: return entry && !ticket.reissues.empty();
        case Reason::wrong_zone: return entry && std::ranges::count(payload.zones, lane->zone) == 0;
        case Reason::not_yet_valid:
        case Reason::expired:
        case Reason::wrong_session: return entry && is_out_of_time(header, verdict.reason, payload);
        case Reason::already_used:
        case Reason::no_entries_left: return entry && is_used_up(ticket);
        case Reason::policy_isolated: {
            const auto* product = venue_.catalogue.product(payload.product);
            return entry && product != nullptr && product->isolated != IsolatedPolicy::admit;
        }
        case Reason::none:
        case Reason::revoked_key:                        // nobody's is here
        case Reason::storage_unavailable: return false;  // such an answer is not recorded
    }
    return false;
}

bool Checker::had_met_central(NodeId node, Instant when) const {
    const auto met = introduced_.find(node);
    return met != introduced_.end() && met->second < when;
}

bool Checker::lane_is_closed(const Header& header, const Verdict& verdict,
                             const std::optional<DeviceName>& turnstile) const {
    const auto emergency = emergencies_.find(header.node);
    if (emergency != emergencies_.end() && emergency->second) return true;
    const Instant when = decided(header.ref());
    if (verdict.mode != LaneMode::closed) {
        const auto barrier = turnstile ? barriers_.find({header.node, *turnstile}) : barriers_.end();
        return barrier != barriers_.end() && (!barrier->second.works || when <= barrier->second.since);
    }
    const auto mode = modes_.find({header.node, verdict.lane});
    if (mode == modes_.end()) return false;
    // A mode holds from when its node knows that it is written, which it then says to whoever set it.
    const Mode& last = mode->second;
    return last.mode == LaneMode::closed || when <= last.told.value_or(last.since + settled_within);
}

// A ticket for one person loses a use with each admission at most; of others it is asked whether they were used at all.
bool Checker::is_used_up(const Ticket& ticket) const {
    std::uint32_t used = 0;
    for (const auto& [ref, use] : ticket.uses) used += use.persons;
    return ticket.payload->persons == 1 ? used >= ticket.right : used > 0;
}

bool Checker::is_out_of_time(const Header& header, Reason reason, const TicketPayload& payload) const {
    if (header.clock == ClockQuality::suspect) return reason == Reason::expired;  // by a floor that is not written down
    const Date today =
        VenueCalendar::make(venue_.settings.time_zone, venue_.settings.cutover)->business_date(header.wall);
    if (reason == Reason::not_yet_valid) return today < payload.valid_from;
    if (reason == Reason::expired) return today > payload.valid_to;
    if (!payload.session) return false;
    const std::int64_t grace_ms = std::int64_t{venue_.catalogue.limits.session_grace_min} * 60'000;
    return header.wall.value < payload.session->starts.value - grace_ms ||
           header.wall.value >= payload.session->ends.value;
}

// What says that nothing can be written down, and says it still after a while, must be right: a flush that failed ends
// the process, and a disk that was full has room again.
void Checker::check_unrecorded(NodeId node, const edge::ScanReply& reply) {
    if (reply.decision != Decision::refuse || reply.reason != Reason::storage_unavailable) return;
    const auto state = in_order_.find(node);
    const auto met = introduced_.find(node);
    if (state == in_order_.end() || !state->second.is || met == introduced_.end()) return;
    const Instant since = std::max(state->second.since, met->second);
    Instant& first = unrecorded_.try_emplace(node, world_.now()).first->second;
    if (first < since) first = world_.now();
    if (first + settled_within <= world_.now())
        world_.fail(fmt::format("refused without ground: node {} can write and says that it cannot", node.value));
}

void Checker::note(const Header& header, const LaneModeSet& set) {
    modes_[{header.node, set.lane}] = {header.ref(), set.mode, world_.now(), std::nullopt};
}

void Checker::mode_told(const RecordRef& ref) {
    for (auto& [lane, mode] : modes_)
        if (mode.ref == ref && !mode.told) mode.told = world_.now();
}

void Checker::barrier(NodeId node, const DeviceName& turnstile, bool works) {
    auto& [worked, since] = barriers_.try_emplace({node, turnstile}, Barrier{works, world_.now()}).first->second;
    if (worked == works) return;
    worked = works;
    since = world_.now();
}

void Checker::note(const Header& header, const EmergencySet& set) { emergencies_[header.node] = set.open; }

}  // namespace gatehouse::sim
