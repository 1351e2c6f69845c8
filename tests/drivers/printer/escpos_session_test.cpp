#include "drivers/printer/escpos_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/printer/job_balance.hpp"
#include "tests/drivers/printer/printer_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::all_well;
using test::PrinterBench;

namespace {

const auto job = [](std::uint64_t id, std::size_t papers = 1) { return test::labels(id, papers); };

// Any octets, markers among them, but none that has the form of an answer to DLE EOT: that cannot be told from one.
rc::Gen<Bytes> noise() {
    return rc::gen::nonEmpty(rc::gen::container<Bytes>(
        rc::gen::oneOf(rc::gen::just<std::uint8_t>(0x00),
                       rc::gen::suchThat<std::uint8_t>([](std::uint8_t octet) { return (octet & 0x93U) != 0x12; }))));
}

}  // namespace

TEST_CASE("a job is printed within a few turns of the line, and reported when the marker came") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1));
    bench.run_for(50ms);
    CHECK(bench.heard() == PrinterEffects{ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printed == job(1).papers);
}

TEST_CASE(
    "A job is printed only when the printer has answered the marker of its last paper, and then a round of status "
    "requests: what a printer that is switched off does to its line is no marker.") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out_after = 1;
    bench.tell(job(1, 3));
    bench.run_for(20s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    CHECK(bench.printed.size() == 1);
    bench.tell(BytesRead{{0x00}});  // noise while it waits for paper
    bench.run_for(1s);
    CHECK(bench.heard().empty());
    bench.refill();
    bench.run_for(5s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});

    bench.paper_out_after = bench.printed.size();
    bench.tell(job(2));
    bench.run_for(30ms);
    REQUIRE(bench.buffer.size() == 1);
    bench.buffer.clear();  // switched off in the middle of the paper: it is lost, and the line drops
    bench.refill();
    bench.silent = true;
    bench.tell(BytesRead{{0x00}});
    bench.run_for(4s);
    bench.tell(BytesRead{{0x00}});  // and on again
    bench.run_for(1500ms);
    bench.silent = false;
    bench.run_for(60s);
    CHECK(bench.heard().back() == PrinterEffect{ReportPrintUnknown{PrintJobId{2}, 0}});
}

TEST_CASE("A job that waits for paper goes on after the refill, however long that takes, without a second copy.") {
    for (const Duration absence : {Duration{1min}, Duration{11min}, Duration{5h}}) {
        PrinterBench bench;
        bench.go_online();
        bench.paper_out_after = 1;
        bench.tell(job(1, 3));
        bench.tell(job(2));  // behind it
        bench.run_for(absence);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
        bench.refill();
        bench.run_for(5s);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}},
                                              ReportPrinted{PrintJobId{2}}});
        CHECK(bench.printed.size() == 4);
    }
}

TEST_CASE("the last paper of a roll is printed, though the round behind it finds no paper") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1, 2));
    for (int i = 0; i < 1000 && bench.printed.empty(); ++i) bench.run_for(1ms);
    bench.paper_out = true;
    bench.run_for(11min);
    CHECK(bench.printed.size() == 1);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.refill();
    bench.run_for(5s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printed.size() == 2);
}

TEST_CASE(
    "One lost answer in the round after a marker does not leave a printed job unknown: the marker is asked for once "
    "more.") {
    for (const bool without_paper : {false, true}) {
        PrinterBench bench;
        bench.go_online();
        bench.tell(job(1, 2));
        for (int i = 0; i < 1000 && bench.printed.empty(); ++i) bench.run_for(1ms);
        bench.paper_out = without_paper;
        if (without_paper) bench.run_for(1h);
        bench.loses_next_status = true;
        bench.run_for(3s);
        CHECK_FALSE(bench.loses_next_status);
        bench.refill();
        bench.run_for(1min);
        CHECK(bench.heard().back() == PrinterEffect{ReportPrinted{PrintJobId{1}}});
        CHECK(bench.printed == job(1, 2).papers);
        CHECK(bench.hang_ups == 0);
    }
}

TEST_CASE("a printer that comes back from a longer silence is not asked once more for the marker of what it has lost") {
    for (Duration phase{0}; phase < 1s; phase += 100ms) {
        PrinterBench bench;
        bench.go_online();
        bench.paper_out_after = bench.printed.size();
        bench.tell(job(1));
        bench.run_for(30ms);
        REQUIRE(bench.buffer.size() == 1);
        bench.buffer.clear();  // switched off in the middle of the paper
        bench.refill();
        bench.silent = true;
        bench.run_for(4s + phase);
        bench.tell(BytesRead{{0x00}});  // the line, as the printer is switched on
        bench.run_for(1'010ms);         // which takes it a while
        bench.silent = false;
        bench.run_for(1min);
        CHECK(bench.heard().back() == PrinterEffect{ReportPrintUnknown{PrintJobId{1}, 0}});
    }
}

TEST_CASE("a job that waited hours for paper waits a while for a printer that is then lost, and no longer") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out = true;
    bench.run_for(2s);
    bench.tell(job(1));
    bench.run_for(3h);
    bench.unplug();
    bench.run_for(9min);
    CHECK(bench.heard() ==
          PrinterEffects{ReportPrinterState{PrinterState::paper_out}, ReportPrinterState{PrinterState::link_down}});
    bench.run_for(2min);
    CHECK(bench.heard() == PrinterEffects{ReportNotPrinted{PrintJobId{1}, NotPrintedReason::waited_too_long}});
}

TEST_CASE("A watched drawer is told open or closed at the first look and when it changes.") {
    for (const bool high : {true, false}) {
        EscposOptions options;
        options.open_drawer = high;
        EscposSession session(options);
        (void)session.step(LinkUp{}, test::at_ms(0));
        (void)session.step(BytesRead{{0x00}}, test::at_ms(1));
        std::int64_t ms = 5 - 1'100;
        const auto round = [&](std::uint8_t printer) {
            PrinterEffects told;
            (void)session.step(Ticked{}, test::at_ms(ms += 1'100));
            for (auto& effect : session.step(BytesRead{{printer, 0x12, 0x12, 0x12}}, test::at_ms(ms + 5)))
                if (!std::holds_alternative<WriteBytes>(effect)) told.push_back(std::move(effect));
            return told;
        };
        const std::uint8_t closed = high ? 0x12 : 0x16;
        const std::uint8_t open = high ? 0x16 : 0x12;
        CHECK(round(closed) == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportDrawer{false}});
        CHECK(round(closed).empty());
        CHECK(round(open) == PrinterEffects{ReportDrawer{true}});
        CHECK(round(closed) == PrinterEffects{ReportDrawer{false}});
    }
}

TEST_CASE("a stuck cutter is told by its name") {
    EscposSession session;
    (void)session.step(LinkUp{}, test::at_ms(0));
    const auto told = session.step(BytesRead{{0x1a, 0x52, 0x1a, 0x12}}, test::at_ms(1));
    CHECK(told.back() == PrinterEffect{ReportPrinterState{PrinterState::cutter}});
}

TEST_CASE("a job that finds no paper waits for it from its first paper on") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out = true;
    bench.run_for(2s);
    bench.tell(job(1));
    bench.run_for(60s);
    CHECK(bench.buffer.empty());
    bench.refill();
    bench.run_for(2s);
    CHECK(bench.printed == job(1).papers);
}

TEST_CASE("A job whose printer is lost before its first byte waits; lost later, it is unknown.") {
    PrinterBench bench;
    bench.tell(job(1));
    bench.run_for(60s);
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.printed == job(1).papers);
    bench.heard();

    bench.paper_out_after = 2;
    bench.tell(job(2, 3));
    bench.run_for(5s);
    bench.power_cut();
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out},
                                          ReportPrintUnknown{PrintJobId{2}, 1},
                                          ReportPrinterState{PrinterState::link_down}});
}

TEST_CASE("a printer that is lost between its marker and the round after it leaves its job unknown") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1, 2));
    while (bench.printed.empty()) bench.run_for(1ms);
    bench.run_for(3ms);  // the marker's answer, and some of the round
    bench.unplug();
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.heard().front() == PrinterEffect{ReportPrintUnknown{PrintJobId{1}, 0}});
    CHECK(bench.printed.size() == 1);
}

TEST_CASE(
    "After a torn paper the printer's command parser is filled up, so that the next paper is not eaten by it: with "
    "each "
    "connection anew until the filling has been worked off.") {
    EscposSession session;
    (void)session.step(LinkUp{}, test::at_ms(0));
    (void)session.step(PrintRequested{PrintJobId{1}, {Bytes(300, 'P')}}, test::at_ms(0));
    const auto answer = [&session](Bytes bytes, std::int64_t ms) {
        return session.step(BytesRead{std::move(bytes)}, test::at_ms(ms));
    };
    (void)answer({0x00, 0x12, 0x12, 0x12, 0x12}, 1);
    (void)session.step(Ticked{}, test::at_ms(600));
    const auto sent = answer({0x12, 0x12, 0x12, 0x12}, 601);
    REQUIRE(std::get<WriteBytes>(sent.back()).bytes.size() == 303);
    (void)session.step(LinkDown{}, test::at_ms(700));
    const auto again = session.step(LinkUp{}, test::at_ms(800));
    Bytes expected(300, 0);
    const auto marker = from_hex("1d61001d7201").value();
    expected.insert(expected.end(), marker.begin(), marker.end());
    CHECK(std::get<WriteBytes>(again.front()).bytes == expected);

    (void)session.step(WriteProgressed{100}, test::at_ms(900));  // lost in the middle of the filling
    (void)session.step(LinkDown{}, test::at_ms(1'000));
    CHECK(std::get<WriteBytes>(session.step(LinkUp{}, test::at_ms(1'100)).front()).bytes == expected);
    (void)answer({0x00}, 1'200);
    (void)session.step(LinkDown{}, test::at_ms(1'300));
    CHECK(std::get<WriteBytes>(session.step(LinkUp{}, test::at_ms(1'400)).front()).bytes == marker);
}

TEST_CASE(
    "A paper that fills the printer when its own ends in the middle goes on after the refill; a printer that takes "
    "nothing and lacks nothing is hung up on.") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(all_well);
    bench.paper_out_after = 0;
    bench.tell(job(1));
    bench.run_for(100ms);
    bench.blocked = true;
    bench.run_for(2s);
    bench.tell(PrinterStatusRead{true, true, false});
    bench.run_for(11min);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    CHECK(bench.held.size() == 1);  // nothing more is asked behind it
    bench.refill();
    bench.tell(all_well);
    bench.unblock();
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printed == job(1).papers);
    CHECK(bench.hang_ups == 0);

    bench.tell(job(2));
    bench.blocked = true;
    bench.run_for(8s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::no_answer}});
    CHECK(bench.hang_ups == 1);
}

TEST_CASE("a printer that has said by itself that its paper is out, and then takes nothing, is given the time") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out_after = 0;
    bench.tell(job(1));
    bench.run_for(3s);
    bench.blocked = true;
    bench.run_for(9min);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.refill();
    bench.unblock();
    bench.run_for(3s);
    CHECK(bench.printed == job(1).papers);
    CHECK(bench.heard().size() == 2);
    bench.paper_out_after = 1;
    bench.tell(job(2));
    bench.run_for(3s);
    bench.blocked = true;
    bench.run_for(5h);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.refill();
    bench.unblock();
    bench.run_for(3s);
    CHECK(bench.printed.size() == 2);
}

TEST_CASE("A silent printer whose status lines say that it lacks paper is waited for.") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(all_well);
    bench.paper_out_after = 0;
    bench.tell(job(1));
    bench.run_for(100ms);
    bench.silent = true;
    bench.tell(PrinterStatusRead{true, true, false});
    bench.run_for(5h);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.silent = false;
    bench.refill();
    bench.tell(all_well);
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    CHECK(bench.hang_ups == 0);
}

TEST_CASE("Status lines are believed once they have said that all is well: some printers always say the same.") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(PrinterStatusRead{true, false, true});
    bench.silent = true;
    bench.run_for(20s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::no_answer}});
    CHECK(bench.hang_ups == 1);
}

TEST_CASE("A silent printer is told and hung up on; its job is unknown if begun, and waits if not") {
    PrinterBench bench;
    bench.go_online();
    bench.silent = true;
    bench.tell(job(1));
    bench.run_for(10s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::no_answer}});
    CHECK(bench.hang_ups == 1);
    bench.silent = false;
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    bench.paper_out_after = 1;
    bench.tell(job(2));
    bench.run_for(3s);
    bench.silent = true;
    bench.run_for(20s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out},
                                          ReportPrinterState{PrinterState::no_answer},
                                          ReportPrintUnknown{PrintJobId{2}, 0}});
}

TEST_CASE("a job that has not begun can be cancelled, one under way cannot") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out_after = 0;
    bench.tell(job(1));
    bench.tell(job(2));
    bench.run_for(3s);
    bench.heard();
    bench.tell(CancelRequested{PrintJobId{1}});
    bench.tell(CancelRequested{PrintJobId{2}});
    bench.tell(CancelRequested{PrintJobId{9}});
    CHECK(bench.heard() == PrinterEffects{ReportNotPrinted{PrintJobId{2}, NotPrintedReason::cancelled}});
}

TEST_CASE("a job that waited too long, or one too many, is not printed") {
    PrinterBench bench;
    for (std::uint64_t id = 1; id <= 64; ++id) bench.tell(job(id));
    CHECK(bench.heard().empty());
    bench.tell(job(65));
    CHECK(bench.heard() == PrinterEffects{ReportNotPrinted{PrintJobId{65}, NotPrintedReason::queue_full}});
    bench.run_for(11min);
    CHECK(bench.heard().size() == 64);
    bench.plug();
    bench.run_for(5s);
    CHECK(bench.printed.empty());
}

TEST_CASE("Every PrintRequested is answered by exactly one ReportPrinted, ReportNotPrinted or ReportPrintUnknown.") {
    CHECK(rc::check([] {
        PrinterBench bench;
        bench.go_online();
        std::uint64_t asked = 0;
        std::map<std::uint64_t, std::size_t> papers;
        const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 17));
        for (const int step : steps) {
            switch (step) {
                case 0: bench.plug(); break;
                case 1: bench.unplug(); break;
                case 2: bench.power_cut(); break;
                case 3:
                case 4:
                    papers[++asked] = step == 3 ? 1 : 3;
                    bench.tell(job(asked, papers[asked]));
                    break;
                case 5: bench.paper_out = true; break;
                case 6: bench.refill(); break;
                case 7: bench.silent = !bench.silent; break;
                case 8: bench.paper_out_after = bench.printed.size() + 1; break;
                case 9:
                    if (bench.up) bench.tell(BytesRead{*noise()});
                    break;
                case 10: bench.blocked = true; break;
                case 11: bench.unblock(); break;
                case 12:
                case 13:
                    if (bench.up) bench.tell(PrinterStatusRead{step == 12, true, false});
                    break;
                case 14: bench.loses_next_status = true; break;
                default: bench.run_for(700ms); break;
            }
        }
        bench.silent = false;
        bench.unblock();
        bench.paper_out_after.reset();
        bench.refill();
        for (int round = 0; round < 3; ++round) {
            if (!bench.up) bench.plug();
            bench.run_for(15min);
        }
        RC_ASSERT(test::adds_up(bench.printed, bench.reports, asked, papers));
    }));
}

TEST_CASE("A paper is sent at most once.") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1, 2));
    bench.run_for(30ms);
    for (int round = 0; round < 5; ++round) {
        bench.unplug();
        bench.run_for(300ms);
        bench.plug();
        bench.run_for(2s);
    }
    CHECK(bench.printed == job(1, 2).papers);
}

TEST_CASE("a slow line is given the time that its octets take before an answer is missed") {
    EscposOptions slow;
    slow.octets_per_second = 960;
    EscposSession session(slow);
    (void)session.step(LinkUp{}, test::at_ms(0));
    CHECK(*session.deadline() > test::at_ms(500));
}
