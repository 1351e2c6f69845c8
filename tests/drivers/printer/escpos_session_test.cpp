#include "drivers/printer/escpos_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/printer/printer_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::PrinterBench;

namespace {

PrintRequested job(std::uint64_t id, std::size_t papers = 1) {
    PrintRequested request{PrintJobId{id}, {}};
    for (std::size_t i = 0; i < papers; ++i)
        request.papers.push_back(bytes_of("P" + std::to_string(id) + "." + std::to_string(i)));
    return request;
}

constexpr PrinterStatusRead all_well{false, true, false};

}  // namespace

TEST_CASE("a job is printed within a few turns of the line, and reported when the marker came") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1));
    bench.run_for(50ms);
    CHECK(bench.heard() == PrinterEffects{ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printed == job(1).papers);
}

TEST_CASE("A job is printed only when the printer has answered the marker of its last paper.") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out_after = 1;
    bench.tell(job(1, 3));
    bench.run_for(20s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    CHECK(bench.printed.size() == 1);
}

TEST_CASE("A job that waits for paper goes on after the refill, without a second copy.") {
    PrinterBench bench;
    bench.go_online();
    bench.paper_out_after = 1;
    bench.tell(job(1, 3));
    bench.run_for(60s);
    bench.heard();
    bench.refill();
    bench.run_for(5s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printed == job(1, 3).papers);
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

TEST_CASE("between two papers of a job the printer may come and go") {
    PrinterBench bench;
    bench.go_online();
    bench.tell(job(1, 2));
    while (bench.printed.empty()) bench.run_for(1ms);
    bench.run_for(1ms);  // the marker's answer
    bench.run_for(1ms);
    bench.unplug();
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.printed == job(1, 2).papers);
}

TEST_CASE("After a torn paper the printer's command parser is filled up, so that the next paper is not eaten by it.") {
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
    bench.run_for(9min);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    CHECK(bench.held.size() == 1);  // nothing more is asked behind it
    bench.refill();
    bench.tell(all_well);
    bench.unblock();
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinted{PrintJobId{1}}, ReportPrinterState{PrinterState::ready}});
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
    bench.run_for(11min);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out},
                                          ReportPrinterState{PrinterState::no_answer},
                                          ReportPrintUnknown{PrintJobId{2}, 0}});
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
    bench.run_for(9min);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.silent = false;
    bench.refill();
    bench.tell(all_well);
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinted{PrintJobId{1}}, ReportPrinterState{PrinterState::ready}});
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
        std::map<Bytes, int> sent;
        const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 16));
        for (const int step : steps) {
            switch (step) {
                case 0: bench.plug(); break;
                case 1: bench.unplug(); break;
                case 2: bench.power_cut(); break;
                case 3:
                case 4:
                    ++asked;
                    bench.tell(job(asked, step == 3 ? 1 : 3));
                    break;
                case 5: bench.paper_out = true; break;
                case 6: bench.refill(); break;
                case 7: bench.silent = !bench.silent; break;
                case 8: bench.paper_out_after = bench.printed.size() + 1; break;
                case 9:
                    if (bench.up) bench.tell(BytesRead{*rc::gen::nonEmpty<Bytes>()});
                    break;
                case 10: bench.blocked = true; break;
                case 11: bench.unblock(); break;
                case 12:
                case 13:
                    if (bench.up) bench.tell(PrinterStatusRead{step == 12, true, false});
                    break;
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
        std::map<std::uint64_t, int> answers;
        for (const auto& report : bench.reports) {
            if (const auto* done = std::get_if<ReportPrinted>(&report)) ++answers[done->id.value];
            if (const auto* failed = std::get_if<ReportNotPrinted>(&report)) ++answers[failed->id.value];
            if (const auto* unknown = std::get_if<ReportPrintUnknown>(&report)) ++answers[unknown->id.value];
        }
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        for (const auto& paper : bench.printed) RC_ASSERT(++sent[paper] == 1);  // a paper is sent at most once
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
