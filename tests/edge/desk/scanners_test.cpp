#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::foreign_code;

namespace {

// Lane 2 has no turnstile: every good ticket is admitted at once. Signatures are checked outside of the desk.
struct CheckingGate : DeskRig {
    CheckingGate() {
        options.checks_apart = true;
        restart();
        central(NodeEnrolled{NodeId{9}, NodeName{"booth-9"}, test::rig_certificate(9, "booth-9")});
        store_foreign();
        settle();
        step(PeersChanged{{NodeId{9}}});
        seen.clear();
    }
    std::vector<CheckSignature> read(const std::string& code) {
        step(ScanRead{DeviceName{"scan-2"}, code});
        return take<CheckSignature>();
    }
    [[nodiscard]] std::vector<Seq> judged() const {
        std::vector<Seq> tickets;
        for (const auto& record : pending)
            if (const auto* verdict = std::get_if<Verdict>(&record->body))
                tickets.push_back(verdict->ticket ? verdict->ticket->sold.seq : Seq{0});
        return tickets;
    }
};

}  // namespace

TEST_CASE("a scan is judged once its signature is checked") {
    CheckingGate rig;
    const auto asked = rig.read(foreign_code(1));
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].keys == std::vector{test::rig_key(9).public_key()});
    CHECK(encode_code(asked[0].code->octets, asked[0].code->signature) == foreign_code(1));
    CHECK(rig.pending.empty());
    rig.step(SignatureChecked{asked[0].check, true});
    CHECK(rig.judged() == std::vector{Seq{1}});
    rig.settle();
    CHECK(rig.take<ShowVerdict>().at(0).signal == Signal::welcome);
}

TEST_CASE("a forged signature is refused by the desk itself") {
    CheckingGate rig;
    auto forged = foreign_code(3);
    const auto known = foreign_code(1);
    forged.replace(forged.size() - 40, 40, known, known.size() - 40, 40);
    const auto asked = rig.read(forged);
    REQUIRE(asked.size() == 1);
    rig.step(SignatureChecked{asked[0].check, false});
    REQUIRE(rig.pending.size() == 1);
    CHECK(std::get<Verdict>(rig.pending[0]->body).reason == Reason::bad_signature);
}

TEST_CASE("texts of one lane are judged in the order of their reading, whichever check ends first") {
    CheckingGate rig;
    const auto first = rig.read(foreign_code(1));
    const auto second = rig.read(foreign_code(2));
    CHECK(rig.read("no ticket at all").empty());
    REQUIRE(first.size() == 1);
    REQUIRE(second.size() == 1);
    rig.step(SignatureChecked{second[0].check, true});
    CHECK(rig.judged().empty());
    rig.step(SignatureChecked{first[0].check, true});
    CHECK(rig.judged() == std::vector{Seq{1}, Seq{2}, Seq{0}});
}

TEST_CASE("what changes while a signature is checked counts") {
    CheckingGate rig;
    const auto asked = rig.read(foreign_code(1));
    REQUIRE(asked.size() == 1);
    CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
    rig.step(SignatureChecked{asked[0].check, true});
    REQUIRE(rig.pending.size() == 1);
    CHECK(std::get<Verdict>(rig.pending[0]->body).reason == Reason::already_used);
}

TEST_CASE("a signature that was found good lately is not checked again") {
    CheckingGate rig;
    rig.step(SignatureChecked{rig.read(foreign_code(1)).at(0).check, true});
    CHECK(rig.read(foreign_code(1)).empty());
    CHECK(rig.judged() == std::vector{Seq{1}, Seq{1}});
}

TEST_CASE("a check that nobody asked for, or that was answered, changes nothing") {
    CheckingGate rig;
    CHECK(rig.step(SignatureChecked{0, true}).empty());
    CHECK(rig.step(SignatureChecked{77, true}).empty());
    const auto asked = rig.read(foreign_code(1));
    rig.step(SignatureChecked{asked.at(0).check, true});
    CHECK(rig.step(SignatureChecked{asked.at(0).check, true}).empty());
    CHECK(rig.judged() == std::vector{Seq{1}});
}

TEST_CASE("a scanner that reads faster than signatures are checked is told that its lane is busy") {
    CheckingGate rig;
    for (std::uint64_t n = 1; n <= 16; ++n) CHECK(rig.read(foreign_code(n)).size() == 1);
    CHECK(rig.read(foreign_code(17)).empty());
    const auto shown = rig.take<ShowVerdict>();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].reply.busy);
}

TEST_CASE("a journal that closes while a signature is checked lets nobody in") {
    CheckingGate rig;
    const auto asked = rig.read(foreign_code(1));
    rig.step(StorageChanged{false, false});
    rig.step(SignatureChecked{asked.at(0).check, true});
    CHECK(rig.pending.empty());
    CHECK(rig.take<ShowVerdict>().at(0).reply.reason == Reason::storage_unavailable);
}
