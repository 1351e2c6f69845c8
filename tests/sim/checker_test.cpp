#include "tests/sim/checker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "schemas/crypto/crypto.hpp"
#include "schemas/ticket/payload.hpp"

using namespace gatehouse;
using namespace gatehouse::sim;
using namespace std::chrono_literals;

namespace {

const NodeId booth{1};
const NodeId gate_a{2};
const NodeId gate_b{3};

// Everybody hears everybody for long enough; journals are written as the test says.
struct Bench {
    explicit Bench(bool tampered = false) {
        hear(true, tampered);
        wait(Checker::settled_within);
        hear(true, tampered);
        sold = write(booth, sale());
    }
    void hear(bool well, bool tampered = false) {
        for (const NodeId a : {central_node, booth, gate_a})
            for (const NodeId b : {booth, gate_a, gate_b})
                if (a < b) checker.hearing(a, b, well, tampered);
    }
    void wait(Duration duration) {
        world.run_until(world.now() + duration, [] {});
    }
    RecordRef write(NodeId node, Body body, Header header = {}) {
        auto& [seq, hash] = heads[node];
        header.node = node;
        header.epoch = Epoch{1};
        header.prev = seq == Seq{0} ? genesis_hash(venue.id, {node, Epoch{1}}) : hash;
        header.seq = Seq{++seq.value};
        auto record = std::make_shared<const ledger::Record>(ledger::make_record(header, std::move(body)));
        hash = record->hash;
        checker.appended(record);
        checker.synced(record);
        return record->ref();
    }
    static Bytes payload(TicketId id) {
        TicketPayload ticket;
        ticket.id = id;
        ticket.product = ProductId{"adult"};
        ticket.zones = {ZoneId{"park"}};
        return *encode_payload(ticket);
    }
    static Sale sale() {
        Sale free;
        free.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{0}}};
        free.tickets = {payload({{booth, Epoch{1}, Seq{1}}, 1})};
        return free;
    }
    RecordRef admit(NodeId gate) {
        Verdict verdict;
        verdict.decision = Decision::admit;
        verdict.confirmation = Confirmation::at_once;
        verdict.ticket = TicketId{sold, 1};
        verdict.persons = 1;
        return write(gate, verdict);
    }
    // An admission of another ticket, as gate A writes it down.
    void admit_with(std::vector<Note> notes) {
        Verdict verdict;
        verdict.decision = Decision::admit;
        verdict.confirmation = Confirmation::at_once;
        verdict.persons = 1;
        verdict.notes = std::move(notes);
        write(gate_a, verdict);
    }
    // What gate A answers to the ticket that was sold, shown at its first lane.
    void refuse(Reason reason, const std::function<void(Verdict&, Header&)>& otherwise = {}) {
        edge::SaleReply reply;
        reply.sale = sold;
        reply.tickets = {{TicketId{sold, 1}, "GH1-SOLD", ProductId{"adult"}}};
        checker.told(booth, reply);
        Verdict verdict;
        verdict.lane = venue.plan(gate_a).lanes.front().name;
        verdict.reason = reason;
        verdict.decision = Decision::refuse;
        const Hash digest = sha256(view_of("GH1-SOLD"));
        std::copy_n(digest.begin(), verdict.code.size(), verdict.code.begin());
        Header header;
        header.clock = ClockQuality::synced;
        if (otherwise) otherwise(verdict, header);
        write(gate_a, verdict, header);
    }
    void gate_a_hears(bool central, bool others) {
        checker.connected(gate_a, central_node, central);
        checker.connected(gate_a, booth, others);
        checker.connected(gate_a, gate_b, others);
        wait(Checker::visible_within);
    }
    RecordRef replace(NodeId node) {
        const RecordRef next{node, Epoch{1}, Seq{heads[node].first.value + 1}};
        return write(node, Reissue{{}, TicketId{sold, 1}, payload({next, 1}), "lost", {}});
    }
    // What it complains of, up to the first colon.
    [[nodiscard]] std::string fault() const {
        return world.failure() ? world.failure()->substr(0, world.failure()->find(':')) : "";
    }

    World world{1, false};
    Venue venue = make_venue(world);
    Checker checker{world, venue};
    std::map<NodeId, std::pair<Seq, Hash>> heads;
    RecordRef sold;
};

}  // namespace

TEST_CASE("two gates that hear each other admit a ticket twice only within the time that a frame takes") {
    Bench at_once;
    at_once.admit(gate_a);
    at_once.wait(Checker::visible_within - 1ms);
    at_once.admit(gate_b);
    CHECK(at_once.fault().empty());
    CHECK(at_once.checker.doubles() == 1);
    Bench later;
    later.admit(gate_a);
    later.wait(Checker::visible_within);
    later.admit(gate_b);
    CHECK(later.fault() == "admitted twice within sight");
}

TEST_CASE("where frames are altered, or the two have only just met, more time is given") {
    for (const Duration wait : {Duration{1s}, Checker::settled_within}) {
        Bench altered{true};
        altered.admit(gate_a);
        altered.wait(wait);
        altered.admit(gate_b);
        CHECK(altered.fault() == (wait == Duration{1s} ? "" : "admitted twice within sight"));
        Bench met;
        met.hear(false);
        met.admit(gate_a);
        met.hear(true);
        met.wait(wait);
        met.admit(gate_b);
        CHECK(met.fault() == (wait == Duration{1s} ? "" : "admitted twice within sight"));
    }
}

TEST_CASE("a ticket that was replaced within sight is neither admitted, refunded nor replaced again") {
    for (const bool heard : {true, false}) {
        Bench shown;
        shown.replace(booth);
        if (!heard) shown.hear(false);
        shown.wait(1s);
        shown.admit(gate_a);
        CHECK(shown.fault() == (heard ? "admitted after it was replaced within sight" : ""));
        Bench again;
        again.replace(booth);
        if (!heard) again.hear(false);
        again.wait(1s);
        again.replace(gate_a);
        CHECK(again.fault() == (heard ? "replaced twice within sight" : ""));
        Bench refunded;
        refunded.replace(booth);
        if (!heard) refunded.hear(false);
        refunded.wait(1s);
        Refund refund;
        refund.sale = refunded.sold;
        refund.tickets = {{TicketId{refunded.sold, 1}, Minor{0}, false}};
        refunded.write(gate_a, refund);
        CHECK(refunded.fault() == (heard ? "refunded after it was replaced within sight" : ""));
    }
}

TEST_CASE("a ticket that was admitted within sight is not replaced by one that admits once more") {
    Bench bench;
    bench.admit(gate_a);
    bench.wait(1s);
    bench.replace(booth);
    CHECK(bench.fault() == "replaced beyond its right");
}

TEST_CASE("a ticket that central revoked within sight is not admitted") {
    for (const bool heard : {true, false}) {
        Bench bench;
        bench.write(central_node, TicketRevoked{TicketId{bench.sold, 1}, "card stolen"});
        if (!heard) bench.hear(false);
        bench.wait(1s);
        bench.admit(gate_a);
        CHECK(bench.fault() == (heard ? "admitted after it was revoked within sight" : ""));
        Bench refunded;
        refunded.write(central_node, TicketRevoked{TicketId{refunded.sold, 1}, "card stolen"});
        if (!heard) refunded.hear(false);
        refunded.wait(1s);
        Refund refund;
        refund.sale = refunded.sold;
        refund.tickets = {{TicketId{refunded.sold, 1}, Minor{0}, false}};
        refunded.write(booth, refund);
        CHECK(refunded.fault() == (heard ? "refunded after it was revoked within sight" : ""));
    }
}

TEST_CASE(
    "what a gate lost with its database, its own admissions too, it must know again once it has heard the others") {
    for (const NodeId first : {gate_a, booth})
        for (const Duration heard : {Duration{1s}, Checker::settled_within}) {
            Bench bench;
            bench.admit(first);
            bench.checker.database_lost(gate_a);
            bench.hear(false);
            bench.wait(10s);
            bench.hear(true);
            bench.wait(heard);
            bench.hear(true);
            bench.admit(gate_a);
            CHECK(bench.fault() == (heard == Duration{1s} ? "" : "admitted twice within sight"));
        }
}

TEST_CASE("units that an epoch was leased are oversold by the next one") {
    for (const bool lost : {false, true}) {
        Bench bench;
        const auto& session = bench.venue.catalogue.sessions.front();
        const auto grant = bench.write(central_node, LeaseGranted{booth, session.id, 2});
        bench.write(booth, LeaseReceived{grant, session.id, 2});
        if (lost) bench.checker.database_lost(booth);
        Sale sale;
        sale.lines = {{session.product, 1, 1, session.id, {}, Minor{0}}};
        bench.write(booth, sale);
        CHECK(bench.fault() == (lost ? "oversold" : ""));
    }
}

TEST_CASE("a gate that misses central and one of the others says so, and none that has central does") {
    Bench split;
    split.gate_a_hears(false, false);
    split.checker.connected(gate_a, booth, true);
    split.admit_with({Note::unconfirmed});
    CHECK(split.fault().empty());
    split.admit_with({});
    CHECK(split.fault() == "admitted without a word while node 3 was not heard");
    Bench with_peers;
    with_peers.gate_a_hears(false, true);
    with_peers.admit_with({});
    CHECK(with_peers.fault().empty());
    Bench with_central;
    with_central.gate_a_hears(true, false);
    with_central.admit_with({});
    CHECK(with_central.fault().empty());
    Verdict counted;  // how often a code was refused while central was away, written after it came back
    counted.decision = Decision::refuse;
    counted.reason = Reason::policy_isolated;
    counted.repeats = 2;
    with_central.write(gate_a, counted);
    CHECK(with_central.fault().empty());
    with_central.admit_with({Note::unconfirmed});
    CHECK(with_central.fault() == "isolated with central connected");
}

TEST_CASE("a good ticket that nobody used, gave back or revoked is refused for none of these reasons") {
    for (const Reason reason :
         {Reason::none, Reason::unknown, Reason::bad_signature, Reason::revoked_key, Reason::revoked, Reason::refunded,
          Reason::blocked, Reason::already_used, Reason::no_entries_left, Reason::not_yet_valid, Reason::expired,
          Reason::wrong_session, Reason::wrong_zone, Reason::wrong_direction, Reason::lane_closed,
          Reason::policy_isolated, Reason::storage_unavailable}) {
        CAPTURE(static_cast<int>(reason));
        Bench bench;
        bench.wait(1s);
        bench.refuse(reason);
        CHECK(bench.fault() == "refused without ground");
    }
}

TEST_CASE("a refusal has its ground where somebody did what it says") {
    Bench used;
    used.admit(gate_b);
    used.refuse(Reason::already_used);
    CHECK(used.fault().empty());
    Bench refunded;
    Refund refund;
    refund.sale = refunded.sold;
    refund.tickets = {{TicketId{refunded.sold, 1}, Minor{0}, false}};
    refunded.write(booth, refund);
    refunded.refuse(Reason::refunded);
    CHECK(refunded.fault().empty());
    Bench replaced;
    replaced.replace(booth);
    replaced.refuse(Reason::blocked);
    CHECK(replaced.fault().empty());
    Bench revoked;
    revoked.write(central_node, TicketRevoked{TicketId{revoked.sold, 1}, "card stolen"});
    revoked.refuse(Reason::revoked);
    CHECK(revoked.fault().empty());
    const auto closed = [](Verdict& verdict, Header&) { verdict.mode = LaneMode::closed; };
    Bench emergency;
    emergency.write(gate_a, EmergencySet{true, "operator"});
    emergency.refuse(Reason::lane_closed, closed);
    CHECK(emergency.fault().empty());
    emergency.write(gate_a, EmergencySet{false, "operator"});
    emergency.refuse(Reason::lane_closed, closed);
    CHECK(emergency.fault() == "refused without ground");
}

TEST_CASE("a closed lane is one that somebody closed") {
    const auto closed = [](Verdict& verdict, Header&) { verdict.mode = LaneMode::closed; };
    for (const auto mode : {LaneMode::closed, LaneMode::normal}) {
        Bench bench;
        const RecordRef set =
            bench.write(gate_a, LaneModeSet{bench.venue.plan(gate_a).lanes.front().name, mode, "crowd"});
        bench.wait(1s);
        bench.refuse(Reason::lane_closed, closed);
        CHECK(bench.fault().empty());  // the desk may not know yet that it is written
        bench.checker.told(gate_a, edge::DoneReply{set, true, edge::Safety::disk});
        bench.wait(1s);
        bench.refuse(Reason::lane_closed, closed);
        CHECK(bench.fault() == (mode == LaneMode::closed ? "" : "refused without ground"));
    }
}

TEST_CASE("a lane in order is closed by its turnstile alone, while its cable is off") {
    Bench bench;
    const DeviceName turnstile = *bench.venue.plan(gate_a).lanes.front().turnstile;
    bench.checker.barrier(gate_a, turnstile, false);
    bench.wait(1s);
    bench.refuse(Reason::lane_closed);
    bench.checker.barrier(gate_a, turnstile, true);
    bench.refuse(Reason::lane_closed);
    CHECK(bench.fault().empty());
    bench.wait(1s);
    bench.refuse(Reason::lane_closed);
    CHECK(bench.fault() == "refused without ground");
}

TEST_CASE("a ticket is out of time by the clock that the gate wrote down, and by a suspect one only expired") {
    for (const auto quality : {ClockQuality::synced, ClockQuality::holdover, ClockQuality::suspect})
        for (const Reason reason : {Reason::not_yet_valid, Reason::expired}) {
            Bench bench;
            bench.refuse(reason, [&](Verdict&, Header& header) {
                header.clock = quality;
                header.wall = WallTime{reason == Reason::expired ? 3'000'000'000'000 : -3'000'000'000'000};
            });
            const bool may = quality != ClockQuality::suspect || reason == Reason::expired;
            CHECK(bench.fault() == (may ? "" : "refused without ground"));
        }
}

TEST_CASE("a gate whose disk is in order does not say that it cannot write") {
    for (const bool well : {true, false}) {
        Bench bench;
        bench.checker.in_order(gate_a, well);
        edge::ScanReply reply;
        reply.decision = Decision::refuse;
        reply.reason = Reason::storage_unavailable;
        bench.checker.told(gate_a, reply);
        CHECK(bench.fault().empty());
        bench.wait(Checker::settled_within);
        bench.checker.told(gate_a, reply);
        CHECK(bench.fault() == (well ? "refused without ground" : ""));
    }
}
