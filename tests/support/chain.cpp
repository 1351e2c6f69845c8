#include "tests/support/chain.hpp"

#include <doctest/doctest.h>

#include "tests/support/result_printing.hpp"

#include "schemas/crypto/certificate.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::test {

VenueId test_venue() {
    VenueId venue{};
    venue.fill(0x77);
    return venue;
}

SigningKey test_key(NodeId node) {
    Seed seed{};
    seed[0] = static_cast<std::uint8_t>(node.value);
    seed[1] = static_cast<std::uint8_t>(node.value >> 8U);
    return SigningKey::from_seed(seed);
}

ledger::LedgerOptions test_ledger_options() {
    ledger::LedgerOptions options;
    options.venue.id = test_venue();
    options.venue.time_zone = "Asia/Shanghai";
    return options;
}

Chain::Chain(NodeId node, Epoch epoch) {
    now.node = node;
    now.epoch = epoch;
    now.seq = Seq{1};
    now.prev = genesis_hash(test_venue(), {node, epoch});
    now.wall = test_noon;
    now.boot.fill(static_cast<std::uint8_t>(node.value));
    now.business_date = test_date;
}

RecordRef Chain::next() const { return now.ref(); }

RecordRef Chain::add(Body body, ByteView extension) {
    records.push_back(ledger::make_record(now, std::move(body), extension));
    const RecordRef ref = now.ref();
    now.prev = records.back().hash;
    ++now.seq.value;
    now.wall.value += 1000;
    now.boot_ns += 1'000'000'000;
    return ref;
}

RecordRef Chain::open_epoch(Epoch prev_epoch) {
    Certificate certificate;
    certificate.venue = test_venue();
    certificate.node = now.node;
    certificate.name = NodeName{"node-" + std::to_string(now.node.value)};
    certificate.signing_key = test_key(now.node).public_key();
    certificate.not_after = WallTime{test_noon.value * 2};
    EpochOpened body;
    body.certificate = issue_certificate(test_key(central_node), certificate);
    body.prev_epoch = prev_epoch;
    return add(body);
}

RecordRef Chain::sell(std::uint16_t tickets, std::uint16_t persons, std::uint16_t entries, const std::string& session) {
    Sale sale;
    sale.id = ClientId{"sale-" + to_string(next())};
    sale.window = WindowName{"window-1"};
    sale.total = Minor{6000 * tickets};
    SaleLine line{ProductId{"adult"}, tickets, persons, std::nullopt, std::nullopt, Minor{6000}};
    if (!session.empty()) line.session = SessionId{session};
    sale.lines = {line};
    sale.tenders = {{TenderKind::cash, TenderState::confirmed, sale.total, ""}};
    for (std::uint16_t ordinal = 1; ordinal <= tickets; ++ordinal) {
        TicketPayload payload;
        payload.id = {next(), ordinal};
        payload.product = ProductId{"adult"};
        payload.persons = persons;
        payload.entries = entries;
        payload.valid_from = payload.valid_to = test_date;
        payload.zones = {ZoneId{"park"}};
        sale.tickets.push_back(encode_payload(payload).value());
    }
    return add(std::move(sale));
}

RecordRef Chain::admit(const TicketId& ticket, std::uint16_t persons, Confirmation confirmation) {
    Verdict verdict;
    verdict.lane = LaneName{"lane-1"};
    verdict.gate = GateName{"south"};
    verdict.zone = ZoneId{"park"};
    verdict.ticket = ticket;
    verdict.product = ProductId{"adult"};
    verdict.persons = persons;
    verdict.confirmation = confirmation;
    return add(std::move(verdict));
}

RecordRef Chain::pass(RecordRef verdict, PassageOutcome outcome, std::uint16_t persons) {
    return add(Passage{verdict, outcome, Evidence::device, persons, 0});
}

RecordRef Chain::refund(const TicketId& ticket, bool supervisor, bool was_admitted) {
    Refund refund;
    refund.id = ClientId{"refund-" + to_string(next())};
    refund.sale = ticket.sold;
    refund.window = WindowName{"window-1"};
    refund.tickets = {{ticket, Minor{6000}, was_admitted}};
    refund.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{6000}, ""}};
    refund.total = Minor{6000};
    refund.by_supervisor = supervisor;
    return add(std::move(refund));
}

SignedHead Chain::head() const {
    const auto& record = records.back();
    return sign_head(test_key(now.node), test_venue(), record.ref().journal(), record.header.seq, record.hash);
}

void store(ledger::Ledger& ledger, const std::vector<ledger::Record>& records) {
    REQUIRE(ledger.begin());
    for (const auto& record : records) {
        const auto appended = ledger.append(record);
        REQUIRE(appended);
        REQUIRE(appended->kind == ledger::AppendKind::stored);
    }
    REQUIRE(ledger.commit());
}

}  // namespace gatehouse::test
