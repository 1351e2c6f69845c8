// Codes that the record of their sale names, at a gate that holds it: nobody computes their signatures, and nothing
// else about them is believed any sooner.
#include "schemas/records/issued_codes.hpp"

#include "edge/desk/code_issuer.hpp"
#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

enum class Names { code, nothing };

std::string code_of(TicketId id, std::uint16_t persons = 1) {
    TicketPayload ticket;
    ticket.id = id;
    ticket.product = ProductId{"adult"};
    ticket.persons = persons;
    ticket.valid_from = ticket.valid_to = Date{20'000};
    ticket.zones = {ZoneId{"park"}};
    return issue_code(test::rig_key(id.sold.node.value), test::rig_venue, *encode_payload(ticket));
}

// The same payload under a signature that nobody made.
std::string forged(const std::string& code) {
    const auto read = decode_code(code);
    auto signature = read->signature;
    signature[5] ^= 1U;
    return encode_code(read->octets, signature);
}

// The journal of booth 9 comes here by itself. Lane 2 has no turnstile: every good ticket is admitted at once.
struct HoldingGate : DeskRig {
    HoldingGate() {
        options.checks_apart = true;
        restart();
        other(9, EpochOpened{test::rig_certificate(9, "booth-9"), {}, {}, {}, "test"});
        store_foreign();
        step(PeersChanged{{NodeId{9}}});
        seen.clear();
    }
    // Booth 9 sells one ticket. `named`: what its record says was given out, where that is not the code itself.
    std::string sells(Names names = Names::code, std::optional<std::string> named = std::nullopt, bool stored = true) {
        const TicketId id{{NodeId{9}, Epoch{1}, Seq{next_of_9++}}, 1};
        const auto code = code_of(id);
        Sale sale;
        sale.id = ClientId{"of-" + to_string(id)};
        sale.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
        sale.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{8'000}, {}}};
        sale.total = Minor{8'000};
        sale.tickets = {decode_code(code)->octets};
        const auto extension = issued_codes_extension({issued_code(named.value_or(code))});
        other(9, std::move(sale), names == Names::code ? extension : Bytes{});
        if (stored) store_foreign();
        return code;
    }
    // How many signatures it asks for.
    std::size_t read(const std::string& code) {
        step(ScanRead{DeviceName{"scan-2"}, code});
        asked = take<CheckSignature>();
        return asked.size();
    }
    // Checks them as the shell does, and says how the scan that was read last was judged.
    Verdict judged() {
        for (const auto& check : asked) {
            const bool good = verify_ticket(check.keys.at(0), test::rig_venue, *check.code);
            step(SignatureChecked{check.check, good});
        }
        settle();
        return stored<Verdict>().back();
    }
    std::uint64_t next_of_9 = 2;
    std::vector<CheckSignature> asked;
};

}  // namespace

TEST_CASE("a code that its sale's stored record names is judged without a look at its signature") {
    HoldingGate rig;
    const auto code = rig.sells();
    CHECK(rig.read(code) == 0);
    CHECK(rig.judged().decision == Decision::admit);
    CHECK(rig.take<ShowVerdict>().at(0).signal == Signal::welcome);
    CHECK(rig.read(code) == 0);
    CHECK(rig.judged().reason == Reason::already_used);

    // However it comes: typed, foreseen, or at a window. The record's word alone makes this one good.
    const auto unsigned_code = forged(code_of({{NodeId{9}, Epoch{1}, Seq{rig.next_of_9}}, 1}));
    rig.sells(Names::code, unsigned_code);
    CHECK(rig.must<TicketReply>("clerk1", FindTicket{{}, unsigned_code}).fault == Reason::none);
    rig.step(ScanForeseen{DeviceName{"scan-2"}, unsigned_code});
    CHECK(rig.read(unsigned_code) == 0);
    CHECK(rig.judged().decision == Decision::admit);
    CHECK(rig.scan("lane-2", unsigned_code).reason == Reason::already_used);
}

TEST_CASE("the right payload under a wrong signature is refused, though its sale is held") {
    HoldingGate rig;
    const auto code = rig.sells();
    CHECK(rig.read(forged(code)) == 1);
    CHECK(rig.judged().reason == Reason::bad_signature);
    CHECK(rig.scan("lane-2", forged(code)).reason == Reason::bad_signature);
    CHECK(rig.must<TicketReply>("clerk1", FindTicket{{}, forged(code)}).fault == Reason::bad_signature);
    rig.step(ScanForeseen{DeviceName{"scan-2"}, forged(code)});
    (void)rig.read(forged(code));
    CHECK(rig.judged().reason == Reason::bad_signature);
    CHECK(rig.scan("lane-2", code).decision == Decision::admit);
}

TEST_CASE("another code that the seller's key signed for the same ticket is judged by its signature") {
    HoldingGate rig;
    const auto code = rig.sells();
    const auto another = code_of(decode_code(code)->payload.id, 3);
    CHECK(rig.read(another) == 1);
    CHECK(rig.judged().persons == 3);
    CHECK(rig.read(code) == 0);
    CHECK(rig.judged().reason == Reason::already_used);
}

TEST_CASE("a revoked seller's code is refused beyond its last trusted record, though the record names it") {
    HoldingGate rig;
    const auto trusted = rig.sells();
    const auto beyond = rig.sells();
    rig.central(NodeRevoked{NodeId{9}, Epoch{1}, Seq{2}, "stolen"});
    CHECK(rig.read(beyond) == 0);
    CHECK(rig.judged().reason == Reason::revoked_key);
    CHECK(rig.scan("lane-2", beyond).reason == Reason::revoked_key);
    rig.step(ScanForeseen{DeviceName{"scan-2"}, beyond});
    (void)rig.read(beyond);
    CHECK(rig.judged().reason == Reason::revoked_key);
    CHECK(rig.read(trusted) == 0);
    CHECK(rig.judged().decision == Decision::admit);
    // Whose sale nobody here holds is not trusted, whatever signed it.
    (void)rig.read(code_of({{NodeId{9}, Epoch{1}, Seq{1}}, 1}));
    CHECK(rig.judged().reason == Reason::revoked_key);
}

TEST_CASE("a revocation that comes between a scan's reading and its judgement counts") {
    HoldingGate rig;
    const auto code = rig.sells();
    rig.step(ScanForeseen{DeviceName{"scan-2"}, code});
    rig.central(NodeRevoked{NodeId{9}, Epoch{1}, Seq{1}, "stolen"});
    (void)rig.read(code);
    CHECK(rig.judged().reason == Reason::revoked_key);
}

TEST_CASE("a code of a seller whose certificate nobody has is refused, though a record names it") {
    HoldingGate rig;
    const TicketId id{{NodeId{11}, Epoch{1}, Seq{1}}, 1};
    Sale sale;
    sale.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{0}}};
    sale.tickets = {decode_code(code_of(id))->octets};
    rig.other(11, std::move(sale), issued_codes_extension({issued_code(code_of(id))}));
    rig.store_foreign();
    CHECK(rig.read(code_of(id)) == 0);
    CHECK(rig.judged().reason == Reason::bad_signature);
    CHECK(rig.scan("lane-2", code_of(id)).hint == "unknown_seller");
}

TEST_CASE("without a stored record that names it, a code is judged by its signature") {
    HoldingGate rig;
    const auto unheard = code_of({{NodeId{9}, Epoch{1}, Seq{99}}, 1});
    CHECK(rig.read(unheard) == 1);
    CHECK(rig.judged().decision == Decision::admit);
    const auto older = rig.sells(Names::nothing);
    CHECK(rig.read(forged(older)) == 1);
    CHECK(rig.judged().reason == Reason::bad_signature);
    CHECK(rig.read(older) == 1);
    CHECK(rig.judged().decision == Decision::admit);
    // What is here but not stored yet counts for everything but this.
    const auto received = rig.sells(Names::code, std::nullopt, false);
    CHECK(rig.read(forged(received)) == 1);
    CHECK(rig.judged().reason == Reason::bad_signature);
    CHECK(rig.read(received) == 1);
    rig.store_foreign();
    CHECK(rig.judged().decision == Decision::admit);
}

TEST_CASE("a code that a record names waits for the texts before it, and what happened meanwhile counts") {
    HoldingGate rig;
    const auto code = rig.sells();
    CHECK(rig.read(code_of({{NodeId{9}, Epoch{1}, Seq{99}}, 1})) == 1);
    const auto first = rig.asked;
    CHECK(rig.read(code) == 0);
    CHECK(rig.pending.empty());
    CHECK(rig.scan("lane-2", code).decision == Decision::admit);
    rig.asked = first;
    CHECK(rig.judged().reason == Reason::already_used);
    CHECK(rig.stored<Verdict>().size() == 3);
}

TEST_CASE("a ticket whose marks cannot be read lets nobody in, though its record names its code") {
    HoldingGate rig;
    const auto code = rig.sells();
    REQUIRE(rig.ledger->database().execute("ALTER TABLE ticket_mark RENAME TO lost"));
    (void)rig.read(code);
    for (const auto& check : rig.asked) rig.step(SignatureChecked{check.check, true});
    CHECK(rig.pending.empty());
    CHECK(rig.take<ShowVerdict>().at(0).reply.reason == Reason::storage_unavailable);
}

TEST_CASE("a sale and a reissue name the codes that they give out") {
    HoldingGate rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 2);
    const auto new_one =
        rig.must<ReissueReply>("boss", MakeReissue{ClientId{"r"}, sold.tickets[1].id, {}, "lost", {}}).ticket;
    const auto named = [&](const TicketId& id) { return rig.reader->ticket(id).issued; };
    CHECK(named(sold.tickets[0].id) == issued_code(sold.tickets[0].code));
    CHECK(named(sold.tickets[1].id) == issued_code(sold.tickets[1].code));
    CHECK(named(new_one.id) == issued_code(new_one.code));
    CHECK(sold.tickets[0].code.starts_with("GH1"));
    CHECK(rig.read(new_one.code) == 0);
    CHECK(rig.judged().decision == Decision::admit);
    CHECK(rig.read(sold.tickets[1].code) == 0);
    CHECK(rig.judged().reason == Reason::blocked);
    CHECK(rig.read(sold.tickets[0].code) == 0);
    CHECK(rig.judged().decision == Decision::admit);
}

TEST_CASE("a code is the same however many were asked for since, and a node without a key names none") {
    const auto key = std::make_shared<const SigningKey>(test::rig_key(7));
    CodeIssuer codes{key, test::rig_venue};
    Sale sale;
    for (std::uint16_t n = 1; n <= 1'200; ++n)
        sale.tickets.push_back(decode_code(code_of({{NodeId{7}, Epoch{1}, Seq{5}}, n}))->octets);
    const auto extension = codes.extension_of(sale);
    for (const auto n : std::initializer_list<std::uint16_t>{1, 600, 1'200}) {
        CHECK(codes.code_of(sale.tickets[n - 1U]) == code_of({{NodeId{7}, Epoch{1}, Seq{5}}, n}));
        CHECK(issued_code_of(extension, n) == issued_code(codes.code_of(sale.tickets[n - 1U])));
    }
    CHECK(codes.extension_of(Refund{}).empty());
    CHECK(CodeIssuer{nullptr, test::rig_venue}.extension_of(sale).empty());
}
