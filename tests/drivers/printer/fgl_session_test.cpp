#include "drivers/printer/fgl_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/drivers/printer/label_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::labels;

namespace {

// Says what changed once, acknowledges each ticket, answers <S1> only when it is ready.
struct FglModel : test::LabelModel {
    void receive(const Bytes& bytes) {
        if (silent) return;
        const auto text = text_of(bytes);
        if (text == "<S1>") {
            if (!paper_out) says.push_back(0x11);
        } else if (text.find("<CB>") == std::string::npos) {
            waiting.push_back(bytes);
        }
    }
    void work() {
        const bool was_out = paper_out;
        if (advance() && !silent) says.push_back(0x06);
        if (paper_out && !was_out && !silent) says.push_back(0x10);
    }
    void empty() {
        if (!std::exchange(paper_out, true) && !silent) says.push_back(0x10);
    }
    void refill() {
        if (std::exchange(paper_out, false) && !silent) says.push_back(0x11);
    }
    void switch_off() { forget(); }
    void switch_on() {
        says.push_back(0x12);
        says.push_back(paper_out ? 0x13 : 0x11);
        if (paper_out) says.push_back(0x10);
    }
};
using FglBench = test::LabelBench<FglSession, FglModel>;

PrinterEffects answer(FglSession& session, Bytes bytes, std::int64_t ms) {
    return session.step(BytesRead{std::move(bytes)}, test::at_ms(ms));
}

}  // namespace

TEST_CASE("fgl: A ticket is printed only when the printer has acknowledged it.") {
    FglSession session;
    (void)session.step(PrintRequested{PrintJobId{1}, {bytes_of("ONE")}}, test::at_ms(0));
    CHECK(session.step(LinkUp{}, test::at_ms(0)) ==
          PrinterEffects{WriteBytes{bytes_of("}><CB>")}, WriteBytes{bytes_of("<S1>")}});
    CHECK(answer(session, {0x11}, 1) == PrinterEffects{ReportPrinterState{PrinterState::ready}});
    CHECK(session.step(Ticked{}, test::at_ms(301)) == PrinterEffects{WriteBytes{bytes_of("<S1>")}});
    CHECK(answer(session, {0x11}, 302) == PrinterEffects{WriteBytes{bytes_of("ONE")}});
    CHECK(answer(session, {0x13, 0x11, 0x16}, 400).empty());
    CHECK(answer(session, {0x06}, 900) == PrinterEffects{ReportPrinted{PrintJobId{1}}});
}

TEST_CASE(
    "fgl: Nothing is sent until the printer was ready twice with no acknowledgement between: none of an earlier "
    "ticket's "
    "is taken for the next one's.") {
    FglSession session;
    (void)session.step(PrintRequested{PrintJobId{1}, {bytes_of("ONE")}}, test::at_ms(0));
    (void)session.step(LinkUp{}, test::at_ms(0));
    (void)answer(session, {0x11}, 1);
    CHECK(answer(session, {0x06}, 100).empty());
    CHECK(session.step(Ticked{}, test::at_ms(400)) == PrinterEffects{WriteBytes{bytes_of("<S1>")}});
    CHECK(answer(session, {0x11}, 401).empty());
    CHECK(session.step(Ticked{}, test::at_ms(701)) == PrinterEffects{WriteBytes{bytes_of("<S1>")}});
    CHECK(answer(session, {0x11}, 702) == PrinterEffects{WriteBytes{bytes_of("ONE")}});
}

TEST_CASE("fgl: A job that waits for tickets goes on after the refill, up to a day later, without a second copy.") {
    for (const Duration absence : {Duration{2min}, Duration{11min}, Duration{5h}, Duration{23h}}) {
        FglBench bench;
        bench.go_online();
        bench.printer.paper_out_after = 1;
        bench.tell(labels(1, 3));
        bench.tell(labels(2));
        bench.run_for(absence);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
        CHECK(bench.hang_ups == 0);
        bench.printer.refill();
        bench.run_for(10s);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}},
                                              ReportPrinted{PrintJobId{2}}});
        CHECK(bench.printer.printed.size() == 4);
    }
}

TEST_CASE("fgl: a printer that lost its ticket and its word about the new paper is asked after a while") {
    FglSession session;
    (void)session.step(PrintRequested{PrintJobId{1}, {bytes_of("ONE")}}, test::at_ms(0));
    (void)session.step(LinkUp{}, test::at_ms(0));
    (void)answer(session, {0x11}, 1);
    (void)session.step(Ticked{}, test::at_ms(301));
    (void)answer(session, {0x11}, 302);
    (void)answer(session, {0x10}, 1'000);
    CHECK(session.deadline() == test::at_ms(601'000));
    CHECK(session.step(Ticked{}, test::at_ms(601'000)) == PrinterEffects{WriteBytes{bytes_of("<S1>")}});
    CHECK(answer(session, {0x11}, 601'001) == PrinterEffects{ReportPrinterState{PrinterState::ready}});
    CHECK(session.step(Ticked{}, test::at_ms(661'001)) ==
          PrinterEffects{ReportPrinterState{PrinterState::no_answer}, ReportPrintUnknown{PrintJobId{1}, 0}, HangUp{}});
}

TEST_CASE("fgl: A job whose printer is lost before its first byte waits; lost later, it is unknown.") {
    FglBench bench;
    bench.tell(labels(1));
    bench.run_for(60s);
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.printer.printed == labels(1).papers);
    bench.heard();
    bench.printer.paper_out_after = 2;
    bench.tell(labels(2, 3));
    bench.run_for(5s);
    bench.unplug();
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out},
                                          ReportPrintUnknown{PrintJobId{2}, 1},
                                          ReportPrinterState{PrinterState::link_down}});
}

TEST_CASE("fgl: A printer that says it was switched on has lost its ticket: the job is unknown.") {
    FglBench bench;
    bench.go_online();
    bench.printer.paper_out_after = 0;
    bench.tell(labels(1));
    bench.run_for(2s);
    bench.power_cycle(false);
    bench.run_for(1s);
    CHECK(bench.heard() ==
          PrinterEffects{ReportPrinterState{PrinterState::paper_out}, ReportPrintUnknown{PrintJobId{1}, 0}});
}

TEST_CASE("fgl: silence without a reason is nobody there, silence after paper out is not") {
    FglBench bench;
    bench.go_online();
    bench.printer.empty();
    bench.run_for(5min);
    CHECK(bench.hang_ups == 0);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.printer.refill();
    bench.run_for(5s);
    bench.printer.silent = true;
    bench.run_for(30s);
    CHECK(bench.hang_ups == 1);
    CHECK(bench.heard() ==
          PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinterState{PrinterState::no_answer}});
}

TEST_CASE("fgl: A printer that has said what it lacks, and then not a word for a day, is no longer there.") {
    for (const bool begun : {false, true}) {
        FglBench bench;
        bench.go_online();
        bench.printer.paper_out_after = 0;
        if (begun)
            bench.tell(labels(1));
        else
            bench.printer.empty();
        bench.run_for(12h);
        bench.printer.silent = true;  // taken away, from a serial line
        bench.tell(labels(2));
        bench.run_for(11h);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
        bench.run_for(2h);
        auto lost = PrinterEffects{ReportPrinterState{PrinterState::no_answer}};
        if (begun) lost.emplace_back(ReportPrintUnknown{PrintJobId{1}, 0});
        lost.emplace_back(ReportNotPrinted{PrintJobId{2}, NotPrintedReason::waited_too_long});
        CHECK(bench.heard() == lost);
        CHECK(bench.hang_ups == 1);
    }
}

TEST_CASE("fgl: any word of a printer without paper begins its day anew") {
    FglBench bench;
    bench.go_online();
    bench.printer.empty();
    for (int days = 0; days < 3; ++days) {
        bench.run_for(23h);
        bench.tell(BytesRead{{0x10}});
    }
    CHECK(bench.hang_ups == 0);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
}

TEST_CASE("fgl: low paper prints, a jam does not") {
    FglSession session;
    (void)session.step(LinkUp{}, test::at_ms(0));
    (void)answer(session, {0x11}, 1);
    CHECK(answer(session, {0x0f}, 2) == PrinterEffects{ReportPrinterState{PrinterState::paper_low}});
    CHECK(answer(session, {0x18}, 3) == PrinterEffects{ReportPrinterState{PrinterState::fault}});
    CHECK(answer(session, {0x11}, 4) == PrinterEffects{ReportPrinterState{PrinterState::paper_low}});
    CHECK(answer(session, {0x10}, 5) == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    CHECK(answer(session, {0x11}, 6) == PrinterEffects{ReportPrinterState{PrinterState::ready}});
}

TEST_CASE("fgl: any sequence of bytes, losses and commands: every job ends once, nothing is printed twice") {
    CHECK(rc::check([] {
        FglBench bench;
        bench.go_online();
        std::uint64_t asked = 0;
        std::map<std::uint64_t, std::size_t> papers;
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
            switch (step) {
                case 0:
                    if (!bench.up) bench.plug();
                    break;
                case 1: bench.unplug(); break;
                case 2: bench.power_cycle(true); break;
                case 3: bench.power_cycle(false); break;
                case 4:
                case 5:
                    papers[++asked] = step == 4 ? 1 : 3;
                    bench.tell(labels(asked, papers[asked]));
                    break;
                case 6: bench.printer.empty(); break;
                case 7: bench.printer.refill(); break;
                case 8: bench.printer.silent = !bench.printer.silent; break;
                case 9: bench.printer.paper_out_after = bench.printer.printed.size() + 1; break;
                case 10:
                    if (asked > 0) bench.tell(CancelRequested{PrintJobId{asked}});
                    break;
                default: bench.run_for(700ms); break;
            }
        }
        bench.printer.silent = false;
        bench.printer.paper_out_after.reset();
        bench.printer.refill();
        for (int round = 0; round < 3; ++round) {
            if (!bench.up) bench.plug();
            bench.run_for(2min);
        }
        RC_ASSERT(test::adds_up(bench.printer.printed, bench.reports, asked, papers));
    }));
}
