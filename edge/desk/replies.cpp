// Answers made from records: the same for the first time and for every repetition. How much of a shift is told is a
// matter of who asks.
#include "edge/desk/state.hpp"
#include "edge/ticketing/refund.hpp"
#include "edge/ticketing/sell.hpp"
#include "edge/ticketing/shift.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

// What a scan by hand says in full: an unsaid direction is the lane's.
struct SaidScan {
    CodeDigest code{};
    Direction direction{};
};

// As far as the verdict tells: a refused scan's has no persons, a free lane's entry none either, and companions are
// cut down to what the ticket allows.
bool same_persons(const Scan& c, const Verdict& r) {
    if (r.decision == Decision::refuse) return true;
    const bool leaves = r.direction == Direction::exit;
    const auto companions = c.companions.value_or(0);
    if (leaves ? companions != r.companions : companions < r.companions) return false;
    if (r.mode == LaneMode::free && !leaves) return true;
    return c.persons.value_or(r.persons) == r.persons;
}

// Whether `command` is the one that became `body`: what it said is compared, not only its id. A scan that `joined` a
// passage said only that it was there as well.
bool same_command(const Command& command, const Body& body, const SaidScan& scan, bool joined) {
    return std::visit(
        Match{[](const Sell& c, const Sale& r) { return r.request == request_of(c); },
              [](const MakeRefund& c, const Refund& r) { return r.request == request_of(c); },
              [](const MakeReprint& c, const Reprint& r) { return r.ticket == c.ticket && r.reason == c.reason; },
              [](const MakeReissue& c, const Reissue& r) { return r.replaced == c.ticket && r.reason == c.reason; },
              [](const OpenShift& c, const ShiftOpened& r) {
                  return r.window == c.window && r.opening_float == c.opening_float;
              },
              [](const MoveCash& c, const CashMoved& r) {
                  return r.shift == c.shift && r.direction == c.direction && r.amount == c.amount &&
                         r.reason == c.reason;
              },
              [](const CloseShift& c, const ShiftClosed& r) { return r.shift == c.shift && r.counted == c.counted; },
              [&](const Scan& c, const Verdict& r) {
                  return r.lane == c.lane && r.code == scan.code &&
                         (joined || (r.direction == scan.direction && same_persons(c, r)));
              },
              [](const LetThrough& c, const LaneCounted& r) {
                  return r.cause == CountCause::let_through && r.lane == c.lane && r.persons == c.persons &&
                         r.reason == c.reason && r.direction == c.direction.value_or(r.direction);
              },
              [](const auto&, const auto&) { return false; }},
        command, body);
}

}  // namespace

bool Desk::State::unreadable(const CommandReceived& from, Step& step) const {
    if (reader.fault() == ledger::Fault::none) return false;
    Result<Reply> reply = fail(ErrorCode::storage_unavailable, "a read failed");
    if (std::holds_alternative<Scan>(from.command)) {
        ScanReply refused;
        refused.decision = Decision::refuse;
        refused.reason = Reason::storage_unavailable;
        reply = Reply{refused};
    }
    answer(from, std::move(reply), step);
    return true;
}

bool Desk::State::answered_before(const ClientId& id, const CommandReceived& from, Step& step) {
    const auto record = record_by_client(id);
    if (!record) return unreadable(from, step);
    // A scan that joined a passage was answered as the one that began it; who was let through is in the count.
    const auto* joined = std::get_if<ScanJoined>(&record->body);
    const auto* ordered = std::get_if<LetThroughOrdered>(&record->body);
    const auto decided = joined ? record_at(joined->verdict) : ordered ? record_at(ordered->counted) : record;
    if (unreadable(from, step)) return true;
    SaidScan said;
    if (const auto* scan = std::get_if<Scan>(&from.command)) {
        const auto* lane = lane_named(scan->lane);
        const auto usual = lane ? lane->options.direction.value_or(Direction::entry) : Direction::entry;
        said = {digest_of(scan->code), scan->direction.value_or(usual)};
    }
    if (record->header.node != options.journal.node || !decided ||
        !same_command(from.command, decided->body, said, joined != nullptr)) {
        answer(from, fail(ErrorCode::id_reused, "this id was another command's"), step);
        return true;
    }
    // The answer of a command whose record is still on its way waits for the disk as well.
    const Answer reply{from.token, reply_for(*decided, from.actor.name)};
    if (!outbox.also(record->ref(), reply)) step.out.emplace_back(reply);
    return true;
}

// Writes what a command asked for; its answer waits for the disk.
void Desk::State::carry_out(Body body, const CommandReceived& from, Step& step) {
    const auto record = write(std::move(body), from.actor.name, {}, step);
    outbox.also(record->ref(), Answer{from.token, reply_for(*record, from.actor.name)});
    outbox.also(record->ref(), PublishRecord{record});
}

// What central found out about the unverified tenders of a sale since.
void Desk::State::show_settled(RecordRef ref, Sale& sale) {
    for (std::size_t line = 0; line < sale.tenders.size(); ++line) {
        auto& state = sale.tenders[line].state;
        const auto number = static_cast<std::uint16_t>(line);
        if (state != TenderState::unverified) continue;
        if (const auto told = settled.find({ref, number}); told != settled.end())
            state = told->second;
        else if (const auto known = reader.tender(ref, number))
            state = known->state;
    }
}

TicketView Desk::State::view_of(const Bytes& payload) {
    TicketView view;
    const auto ticket = decode_payload(payload);
    if (!ticket) return view;
    view.id = ticket->id;
    view.product = ticket->product;
    view.persons = ticket->persons;
    view.entries = ticket->entries;
    if (ticket->id.sold.node == options.journal.node) view.code = codes.code_of(payload);
    return view;
}

Result<Reply> Desk::State::reply_for(const ledger::Record& record, const OperatorName& asker) {
    const auto ref = record.ref();
    const auto safety = safety_of(ref);
    return std::visit(
        Match{[&](const Sale& sale) -> Result<Reply> {
                  SaleReply reply{ref, sale, record.header, safety, {}};
                  show_settled(ref, reply.body);
                  for (const auto& payload : sale.tickets) reply.tickets.push_back(view_of(payload));
                  return Reply{std::move(reply)};
              },
              [&](const Refund& refund) -> Result<Reply> {
                  return Reply{RefundReply{ref, refund, record.header, safety}};
              },
              [&](const Reprint& reprint) -> Result<Reply> {
                  const auto facts = facts_of(reprint.ticket);
                  auto octets = facts.origin ? encode_payload(facts.origin->payload) : Result<Bytes>{Bytes{}};
                  return Reply{ReprintReply{ref, reprint, octets ? view_of(*octets) : TicketView{}}};
              },
              [&](const Reissue& reissue) -> Result<Reply> {
                  return Reply{ReissueReply{ref, reissue, view_of(reissue.ticket)}};
              },
              [&](const ShiftOpened&) -> Result<Reply> { return shift_reply(ref, asker); },
              [&](const CashMoved& moved) -> Result<Reply> { return shift_reply(moved.shift, asker); },
              [&](const ShiftClosed& closed) -> Result<Reply> { return shift_reply(closed.shift, asker); },
              [&](const Verdict& verdict) -> Result<Reply> { return Reply{reply_again(ref, verdict)}; },
              [&](const auto&) -> Result<Reply> { return Reply{DoneReply{ref, true, safety}}; }},
        record.body);
}

}  // namespace gatehouse::edge
