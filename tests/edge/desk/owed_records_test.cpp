// What the journal could not take when it happened, and when it is written after all.
#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

// A guest stands in the open barrier when the turnstile is lost.
RecordRef lose_turnstile(Gate& rig) {
    rig.step(read(foreign_code(1)));
    rig.sync();
    const auto opened = rig.take<OpenBarrier>();
    REQUIRE(opened.size() == 1);
    rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
    rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
    return rig.journal().back().ref();
}

}  // namespace

TEST_CASE("a device that came back is not recorded before it went") {
    Gate rig;
    const DeviceName scanner{"scan-1"};
    rig.step(DeviceReported{scanner, DeviceState::offline, "link_down"});
    rig.fail_append();
    rig.step(DeviceReported{scanner, DeviceState::online, {}});
    rig.tick(2s);
    rig.settle();
    const auto changes = rig.stored<DeviceChanged>();
    REQUIRE(changes.size() >= 2);
    CHECK(changes[changes.size() - 2] == DeviceChanged{scanner, DeviceState::offline, "link_down"});
    CHECK(changes.back() == DeviceChanged{scanner, DeviceState::online, {}});
}

TEST_CASE("a passage whose end is still to be written is resolved behind it") {
    Gate rig;
    const auto verdict = lose_turnstile(rig);
    rig.fail_append();
    (void)rig.must<DoneReply>("gate1", ResolvePassage{ClientId{"x"}, verdict, PassageOutcome::abandoned});
    rig.tick(2s);
    rig.settle();
    const auto passages = rig.stored<Passage>();
    REQUIRE(passages.size() == 2);
    CHECK(passages[0] == Passage{verdict, PassageOutcome::unknown, Evidence::device, 1, 0});
    CHECK(passages[1] == Passage{verdict, PassageOutcome::abandoned, Evidence::attendant, 1, 0});
}

TEST_CASE("whoever did not walk through is let in again while that is still to be written") {
    Gate rig;
    rig.step(read(foreign_code(1)));
    rig.sync();
    const auto opened = rig.take<OpenBarrier>();
    REQUIRE(opened.size() == 1);
    rig.step(TurnstileReported{turnstile, drivers::ReportOpenFailed{opened[0].id, drivers::OpenFailure::refused}});
    rig.fail_append();
    rig.step(read(foreign_code(1)));
    rig.settle();
    CHECK(rig.take<OpenBarrier>().size() == 1);
    const auto journal = rig.journal();
    REQUIRE(journal.size() >= 2);
    CHECK(std::get<Passage>(journal[journal.size() - 2].body).outcome == PassageOutcome::abandoned);
    CHECK(std::get<Verdict>(journal.back().body).decision == Decision::admit);
}

TEST_CASE("what a person said of a passage and was told to be unrecorded is not recorded later, and can be said anew") {
    Gate rig;
    const auto verdict = lose_turnstile(rig);
    rig.settle();
    const ResolvePassage gone{ClientId{"x"}, verdict, PassageOutcome::abandoned};
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"gate1"}}, gone});
    rig.fail_append();
    REQUIRE(rig.answers.size() == 1);
    CHECK(rig.answers[0].reply.error().code == ErrorCode::storage_unavailable);
    rig.tick(2s);
    rig.settle();
    CHECK(rig.stored<Passage>().size() == 1);
    auto turned = gone;
    turned.outcome = PassageOutcome::turned;
    (void)rig.must<DoneReply>("gate1", turned);
    CHECK(rig.stored<Passage>().back().outcome == PassageOutcome::turned);
}

TEST_CASE("the same said twice of a passage is answered when it is on the disk, both times") {
    Gate rig;
    const auto verdict = lose_turnstile(rig);
    rig.settle();
    for (const std::uint64_t token : {900U, 901U})
        rig.step(CommandReceived{CommandToken{token}, Actor{OperatorName{"gate1"}},
                                 ResolvePassage{ClientId{"x"}, verdict, PassageOutcome::abandoned}});
    CHECK(rig.answers.empty());
    SUBCASE("it comes there") {
        rig.settle();
        REQUIRE(rig.answers.size() == 2);
        for (const auto& answer : rig.answers) CHECK(std::get<DoneReply>(*answer.reply).recorded);
        CHECK(rig.stored<Passage>().size() == 2);
    }
    SUBCASE("it does not") {
        rig.fail_append();
        REQUIRE(rig.answers.size() == 2);
        for (const auto& answer : rig.answers) CHECK(answer.reply.error().code == ErrorCode::storage_unavailable);
    }
}

TEST_CASE("a passage that an attendant of another node has resolved is resolved, wherever its record stands") {
    for (const auto node : {std::uint16_t{3}, std::uint16_t{9}}) {
        Gate rig;
        const auto verdict = lose_turnstile(rig);
        rig.settle();
        rig.other(node, Passage{verdict, PassageOutcome::turned, Evidence::attendant, 1, 0});
        CHECK(rig.refused("gate1", ResolvePassage{ClientId{"x"}, verdict, PassageOutcome::abandoned}) ==
              ErrorCode::not_found);
    }
}

TEST_CASE("a print job whose answer could not be recorded is asked about again") {
    Gate rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.restart();
    const auto asked = rig.desk->status(rig.clock).prints;
    REQUIRE(asked.size() == 1);
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"clerk1"}}, ResolvePrint{sold.sale, true}});
    CHECK(rig.desk->status(rig.clock).prints.empty());
    rig.fail_append();
    CHECK(rig.answers.at(0).reply.error().code == ErrorCode::storage_unavailable);
    rig.tick(2s);
    rig.settle();
    const auto again = rig.desk->status(rig.clock).prints;
    REQUIRE(again.size() == 1);
    CHECK(again[0].ask);
    CHECK(again[0].printer == asked[0].printer);
    (void)rig.must<DoneReply>("clerk1", ResolvePrint{sold.sale, false});
    CHECK(rig.stored<PrintResolved>().back().outcome == PrintOutcome::not_printed);
    CHECK(rig.desk->status(rig.clock).prints.empty());
}

TEST_CASE("hours of turns in free mode while nothing can be recorded are all counted, and dated when they happened") {
    Gate rig;
    rig.step(StorageChanged{false, false});
    (void)rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-1"}, LaneMode::free, "full"});
    const auto began = rig.clock.wall;
    constexpr std::uint32_t turns = 10'050;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
        rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
        rig.tick(1s);
    }
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::exit}});
    rig.tick(1s);
    const auto head = rig.ledger->head(rig.options.journal);
    REQUIRE(head);
    rig.step(StorageChanged{true, true, head->seq, head->hash});
    rig.settle();
    const auto counts = rig.stored<LaneCounted>();
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].persons == turns);
    CHECK(counts[0].direction == Direction::entry);
    CHECK(counts[1].persons == 1);
    for (const auto& record : rig.journal()) {
        const auto* counted = std::get_if<LaneCounted>(&record.body);
        if (counted && counted->direction == Direction::entry)
            CHECK(record.header.wall == WallTime{began.value + 1000});
    }
}

TEST_CASE("more turns than a record can say are owed in two") {
    Gate rig;
    rig.step(StorageChanged{false, false});
    (void)rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-1"}, LaneMode::free, "full"});
    constexpr std::uint32_t a_second = 40'000;
    for (int second = 0; second < 2; ++second) {
        for (std::uint32_t turn = 0; turn < a_second; ++turn)
            rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
        rig.tick(1s);
    }
    const auto head = rig.ledger->head(rig.options.journal);
    REQUIRE(head);
    rig.step(StorageChanged{true, true, head->seq, head->hash});
    rig.settle();
    std::uint32_t all = 0;
    for (const auto& counted : rig.stored<LaneCounted>()) all += counted.persons;
    CHECK(all == 2 * a_second);
}

TEST_CASE("a stop in order writes what is owed and what was counted in the last second, and then that it stopped") {
    Gate rig;
    (void)rig.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-1"}, LaneMode::free, "rush"});
    rig.step(DeviceReported{DeviceName{"scan-1"}, DeviceState::offline, "link_down"});
    rig.fail_append();
    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
    const auto before = rig.journal().size();
    rig.step(StopOrdered{});
    rig.settle();
    const auto journal = rig.journal();
    REQUIRE(journal.size() == before + 3);
    CHECK(std::holds_alternative<DeviceChanged>(journal[before].body));
    CHECK(std::get<LaneCounted>(journal[before + 1].body).persons == 1);
    CHECK(std::holds_alternative<StorageClosed>(journal[before + 2].body));
}
