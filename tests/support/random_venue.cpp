#include "tests/support/random_venue.hpp"

#include <algorithm>
#include <string>

#include "schemas/records/boot_began.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::test {

namespace {

const std::string sessions[] = {"morning", "noon", "night"};

Bytes payload_of(const TicketId& id) {
    TicketPayload payload;
    payload.id = id;
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = test_date;
    payload.zones = {ZoneId{"park"}};
    return encode_payload(payload).value();
}

}  // namespace

RandomVenue::RandomVenue(std::uint64_t seed, int records) : random_(seed) {
    chains.emplace_back(central_node);
    for (const NodeId node : {NodeId{1}, NodeId{2}, NodeId{3}}) chains.emplace_back(node);
    chains.emplace_back(NodeId{1}, Epoch{2});
    for (auto& chain : chains) chain.open_epoch();
    for (int i = 0; i < records; ++i) {
        const auto which = below(chains.size() + 2);
        if (which == 0)
            add_central(chains[0]);
        else
            add_at_node(chains[1 + (which - 1) % (chains.size() - 1)]);
    }
}

TicketId RandomVenue::some_ticket() {
    // A few tickets take most of what happens, so that it collides; some were never sold.
    if (tickets_.empty() || below(20) == 0) return {{NodeId{3}, Epoch{1}, Seq{5000 + below(3)}}, 1};
    const auto recent = std::min<std::uint64_t>(tickets_.size(), 6);
    return below(3) == 0 ? tickets_[below(tickets_.size())] : tickets_[tickets_.size() - 1 - below(recent)];
}

RecordRef RandomVenue::some(const std::vector<RecordRef>& refs) {
    return refs.empty() ? RecordRef{} : refs[refs.size() - 1 - below(std::min<std::uint64_t>(refs.size(), 5))];
}

RecordRef RandomVenue::some_own(const std::vector<RecordRef>& refs, const Chain& chain, bool mostly) {
    const auto any = some(refs);
    if (any.node == chain.now.node || (mostly && chain.now.seq.value % 8 == 0)) return any;
    const auto own =
        std::find_if(refs.rbegin(), refs.rend(), [&](const auto& ref) { return ref.node == chain.now.node; });
    return own == refs.rend() ? RecordRef{} : *own;
}

void RandomVenue::publish(Chain& chain) {
    CataloguePublished published;
    auto& catalogue = published.catalogue;
    catalogue.version = ++version_;
    Product adult;
    adult.id = ProductId{"adult"};
    adult.price = Minor{below(3) == 0 ? 7000 : 6000};
    adult.zones = {ZoneId{"park"}};
    catalogue.products.push_back(adult);
    for (const auto& id : sessions)
        if (below(4) != 0)
            catalogue.sessions.push_back({SessionId{id}, adult.id, test_noon, WallTime{test_noon.value + 3'600'000},
                                          static_cast<std::uint32_t>(4 + below(20)), 0});
    chain.add(published);
}

void RandomVenue::add_central(Chain& chain) {
    switch (below(8)) {
        case 0: return publish(chain);
        case 1:
            tickets_.push_back({chain.add(OrderImported{"code-" + std::to_string(below(40)), "order", "ota",
                                                        ProductId{"adult"}, few(2), few(2), test_date, test_date}),
                                1});
            return;
        case 2: chain.add(TicketRevoked{some_ticket(), "stolen"}); return;
        case 3:
            if (below(4) == 0) chain.add(NodeRevoked{NodeId{2}, Epoch{1}, Seq{below(60)}, "lost"});
            return;
        case 4:
            chain.add(ConflictResolved{"duplicate_admission-" + to_string(some_ticket()), "accepted", "seen"});
            return;
        case 5:
            if (below(2) == 0)
                chain.add(CentralLogin{OperatorName{"admin"}, below(2) == 0});
            else
                chain.add(TenderSettled{some_ticket().sold, 0,
                                        below(2) == 0 ? TenderState::confirmed : TenderState::failed, "looked up"});
            return;
        default:
            grants_.push_back(chain.add(
                LeaseGranted{NodeId{few(3)}, SessionId{sessions[below(3)]}, static_cast<std::uint32_t>(below(9))}));
            return;
    }
}

void RandomVenue::change_clock(Chain& chain) {
    if (chain.now.clock == ClockQuality::suspect) {
        const auto offset_ms = 86'400'000 * static_cast<std::int64_t>(below(3));
        const WallTime began{chain.now.wall.value + offset_ms -
                             static_cast<std::int64_t>(chain.now.boot_ns / 1'000'000)};
        if (below(2) == 0)
            chain.add(ClockCorrected{chain.now.boot, offset_ms}, below(2) == 0 ? boot_began_extension(began) : Bytes{});
        chain.now.clock = ClockQuality::synced;
    } else if (below(3) == 0) {
        chain.now.clock = ClockQuality::suspect;
        chain.now.boot[0] = static_cast<std::uint8_t>(below(4));
        chain.now.business_date = Date{test_date.value - static_cast<std::int32_t>(below(2))};
    }
}

void RandomVenue::sell(Chain& chain) {
    const bool session = below(2) == 0;
    const auto ref = chain.sell(few(3), few(3), few(2), session ? sessions[below(3)] : "");
    auto sale = std::get<Sale>(chain.last().body);
    // Written again with what makes it interesting.
    chain.records.pop_back();
    chain.now.seq = ref.seq;
    chain.now.prev = chain.records.back().hash;
    sale.catalogue_version = below(version_ + 2);
    sale.shift = some_own(shifts_, chain);
    if (below(10) == 0) sale.lines[0].product = ProductId{"gone"};
    if (below(3) == 0) sale.printer = DeviceName{"printer-1"};
    if (below(4) == 0) sale.tenders[0].state = TenderState::unverified;
    chain.add(sale);
    if (sale.printer) jobs_.push_back(ref);
    for (std::uint16_t i = 1; i <= sale.tickets.size(); ++i) tickets_.push_back({ref, i});
}

void RandomVenue::refund(Chain& chain) {
    const auto ref = chain.refund(some_ticket(), below(2) == 0, below(2) == 0);
    if (below(3) != 0) return;
    auto refund = std::get<Refund>(chain.last().body);
    chain.records.pop_back();
    chain.now.seq = ref.seq;
    chain.now.prev = chain.records.back().hash;
    refund.tenders[0].state = TenderState::unverified;
    chain.add(refund);
}

void RandomVenue::add_window(Chain& chain, std::uint64_t what) {
    switch (what) {
        case 0:
            shifts_.push_back(chain.add(ShiftOpened{ClientId{"s" + to_string(chain.next())}, WindowName{"w"}, {}}));
            return;
        case 1:
            chain.add(CashMoved{ClientId{}, some_own(shifts_, chain, true), CashDirection::pay_out, Minor{5}, ""});
            return;
        case 2: chain.add(ShiftClosed{ClientId{}, some_own(shifts_, chain, true), Minor{1}, Minor{2}}); return;
        case 3:
        case 4: return refund(chain);
        case 5: jobs_.push_back(chain.add(Reprint{ClientId{}, some_ticket(), few(3), "", DeviceName{"p"}})); return;
        case 6: chain.add(PrintResolved{some_own(jobs_, chain, true), static_cast<PrintOutcome>(below(3)), ""}); return;
        case 7: {
            const TicketId fresh{chain.next(), 1};
            auto replaced = some_ticket();
            if (below(8) == 0) {
                // In a circle with the next one, or with itself.
                replaced = fresh;
                if (below(2) == 0) ++replaced.sold.seq.value;
            }
            chain.add(Reissue{ClientId{}, replaced, payload_of(fresh), "lost", std::nullopt});
            tickets_.push_back(fresh);
            if (replaced.sold == chain.next())
                chain.add(Reissue{ClientId{}, fresh, payload_of(replaced), "lost", std::nullopt});
            return;
        }
        default: return sell(chain);
    }
}

void RandomVenue::add_gate(Chain& chain, std::uint64_t what) {
    if (what < 3) {
        verdicts_.push_back(
            chain.admit(some_ticket(), few(2), below(3) == 0 ? Confirmation::at_once : Confirmation::by_passage));
    } else if (what < 6) {
        chain.pass(some(verdicts_), static_cast<PassageOutcome>(below(3)), few(2));
    } else if (what == 6) {
        Verdict refused;
        refused.lane = LaneName{"lane-1"};
        refused.decision = Decision::refuse;
        refused.reason = Reason::unknown;
        chain.add(refused);
    } else {
        LaneCounted counted;
        counted.lane = LaneName{"lane-1"};
        counted.zone = ZoneId{"park"};
        counted.cause = static_cast<CountCause>(below(7));
        counted.persons = few(3);
        chain.add(counted);
    }
}

void RandomVenue::add_rare(Chain& chain, std::uint64_t what) {
    switch (what) {
        case 0: chain.add(LaneModeSet{LaneName{"lane-1"}, static_cast<LaneMode>(below(4)), "why"}); return;
        case 1: chain.add(EmergencySet{below(2) == 0, "operator"}); return;
        case 2: chain.add(DeviceChanged{DeviceName{"scan-1"}, static_cast<DeviceState>(below(3)), ""}); return;
        case 3: chain.add(LoginAttempted{OperatorName{"amy"}}); return;
        case 4: chain.add(LoginSucceeded{OperatorName{"amy"}}); return;
        case 5: {
            auto header = chain.now;
            header.kind = Kind::refund;
            auto bad = ledger::read_record(encode_record(header, Bytes{1, 2, 3})).value();
            chain.now.prev = bad.hash;
            ++chain.now.seq.value;
            chain.records.push_back(std::move(bad));
            return;
        }
        case 6: chain.add(TicketRevoked{some_ticket(), "not mine to say"}); return;
        default:
            chain.add(
                LeaseReceived{some(grants_), SessionId{sessions[below(3)]}, static_cast<std::uint32_t>(below(9))});
            return;
    }
}

void RandomVenue::add_at_node(Chain& chain) {
    if (below(12) == 0) change_clock(chain);
    const auto what = below(24);
    if (what < 10) return add_window(chain, what);
    if (what < 18) return add_gate(chain, what - 10);
    if (what < 22) return add_rare(chain, below(9));
    sell(chain);
}

std::vector<const ledger::Record*> RandomVenue::interleaved(std::uint64_t seed) const {
    std::mt19937_64 random{seed};
    std::vector<std::size_t> position(chains.size(), 0);
    std::vector<const ledger::Record*> order;
    // One journal often runs ahead: the usual case after an outage.
    std::size_t at = 0;
    while (true) {
        std::size_t open = 0;
        for (std::size_t i = 0; i < chains.size(); ++i) open += position[i] < chains[i].records.size() ? 1U : 0U;
        if (open == 0) return order;
        if (random() % 4 == 0 || position[at] == chains[at].records.size()) at = random() % chains.size();
        if (position[at] == chains[at].records.size()) continue;
        order.push_back(&chains[at].records[position[at]++]);
    }
}

}  // namespace gatehouse::test
