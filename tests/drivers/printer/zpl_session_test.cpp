#include "drivers/printer/zpl_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "tests/drivers/printer/label_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::all_well;
using test::labels;

namespace {

struct ZplModel : test::LabelModel {
    bool paused = false;

    void receive(const Bytes& bytes) {
        if (silent) return;
        const auto text = text_of(bytes);
        if (text == "~JA") return forget();
        if (text != "~HS") return waiting.push_back(bytes);
        const auto answer =
            "\x02"
            "030," +
            std::string(paper_out ? "1," : "0,") + (paused ? "1" : "0") + ",1245,00" + std::to_string(waiting.size()) +
            ",0,0,0,000,0,0,0\x03\r\n\x02"
            "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02"
            "1234,0\x03\r\n";
        says.insert(says.end(), answer.begin(), answer.end());
    }
    void work() { advance(); }
    void switch_off() { forget(); }
    void switch_on() {}
};
using ZplBench = test::LabelBench<ZplSession, ZplModel>;

}  // namespace

TEST_CASE("zpl: a job is printed, and reported when the printer has nothing left") {
    ZplBench bench;
    bench.plug();
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}});
    bench.tell(labels(1, 2));
    bench.run_for(3s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printer.printed == labels(1, 2).papers);
}

TEST_CASE(
    "zpl: A label is printed only when the printer was idle in two answers in a row after it was sent, one more for "
    "each "
    "answer that was missed: those may come late and speak of the time before.") {
    ZplSession session;
    const auto idle = bytes_of(
        "\x02"
        "030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02"
        "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02"
        "1234,0\x03\r\n");
    (void)session.step(LinkUp{}, test::at_ms(0));
    (void)session.step(PrintRequested{PrintJobId{1}, {bytes_of("LABEL")}}, test::at_ms(0));
    (void)session.step(BytesRead{idle}, test::at_ms(1));
    (void)session.step(Ticked{}, test::at_ms(201));
    const auto sent = session.step(BytesRead{idle}, test::at_ms(202));
    CHECK(sent == PrinterEffects{WriteBytes{bytes_of("LABEL")}, WriteBytes{bytes_of("~HS")}});
    CHECK(session.step(BytesRead{idle}, test::at_ms(210)).empty());
    CHECK(session.step(Ticked{}, test::at_ms(410)) == PrinterEffects{WriteBytes{bytes_of("~HS")}});
    CHECK(session.step(BytesRead{idle}, test::at_ms(420)) == PrinterEffects{ReportPrinted{PrintJobId{1}}});

    (void)session.step(PrintRequested{PrintJobId{2}, {bytes_of("LABEL")}}, test::at_ms(500));
    std::int64_t ms = 260;
    const auto idle_answer = [&] {
        ms += 250;
        (void)session.step(Ticked{}, test::at_ms(ms));
        return session.step(BytesRead{idle}, test::at_ms(ms + 10));
    };
    const auto writes_label = [](const PrinterEffects& effects) {
        return std::ranges::count(effects, PrinterEffect{WriteBytes{bytes_of("LABEL")}}) == 1;
    };
    while (!writes_label(idle_answer())) REQUIRE(ms < 5'000);
    ms += 1'100;
    (void)session.step(Ticked{}, test::at_ms(ms));  // one was missed
    CHECK(idle_answer().empty());
    CHECK(idle_answer().empty());
    CHECK(idle_answer() == PrinterEffects{ReportPrinted{PrintJobId{2}}});
}

TEST_CASE(
    "zpl: A job that waits for labels goes on after the refill, however long that takes, without a second copy.") {
    for (const Duration absence : {Duration{1min}, Duration{11min}, Duration{5h}}) {
        ZplBench bench;
        bench.go_online();
        bench.printer.paper_out_after = 1;
        bench.tell(labels(1, 3));
        bench.tell(labels(2));
        bench.run_for(absence);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
        bench.printer.paper_out = false;
        bench.run_for(10s);
        CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}},
                                              ReportPrinted{PrintJobId{2}}});
        CHECK(bench.printer.printed.size() == 4);
    }
}

TEST_CASE("zpl: A job whose printer is lost before its first byte waits; lost later, it is unknown.") {
    ZplBench bench;
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

TEST_CASE("zpl: A silent printer whose status lines say that it lacks labels is waited for.") {
    ZplBench bench;
    bench.go_online();
    bench.tell(all_well);
    bench.printer.paper_out_after = 0;
    bench.tell(labels(1));
    bench.run_for(50ms);
    bench.printer.silent = true;
    bench.tell(PrinterStatusRead{true, true, false});
    bench.run_for(5h);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out}});
    bench.printer.silent = false;
    bench.printer.paper_out = false;
    bench.tell(all_well);
    bench.run_for(5s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::ready}, ReportPrinted{PrintJobId{1}}});
    CHECK(bench.printer.printed == labels(1).papers);
    CHECK(bench.hang_ups == 0);
}

TEST_CASE("zpl: What an earlier connection left in the printer is cancelled before anything is sent.") {
    ZplBench bench;
    bench.go_online();
    bench.printer.paper_out = true;
    bench.run_for(2s);
    bench.printer.waiting.push_back(bytes_of("LEFT"));
    bench.unplug();
    bench.plug();
    bench.printer.paper_out = false;
    bench.tell(labels(1));
    bench.run_for(5s);
    CHECK(bench.printer.printed == labels(1).papers);
}

TEST_CASE("zpl: a printer switched off and on behind a serial line leaves its label unknown") {
    ZplBench bench;
    bench.go_online();
    bench.printer.paper_out_after = 0;
    bench.tell(labels(1));
    bench.run_for(2s);
    bench.power_cycle(false);
    bench.printer.paper_out = false;
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::paper_out},
                                          ReportPrinterState{PrinterState::no_answer},
                                          ReportPrintUnknown{PrintJobId{1}, 0}});
    CHECK(bench.hang_ups == 1);
}

TEST_CASE("zpl: a paused printer is a fault until somebody presses its button") {
    ZplBench bench;
    bench.go_online();
    bench.printer.paused = true;
    bench.run_for(2s);
    bench.tell(labels(1));
    bench.run_for(5s);
    CHECK(bench.heard() == PrinterEffects{ReportPrinterState{PrinterState::fault}});
    CHECK(bench.printer.waiting.empty());
}

TEST_CASE("zpl: any sequence of bytes, losses and commands: every job ends once, nothing is printed twice") {
    CHECK(rc::check([] {
        ZplBench bench;
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
                case 6: bench.printer.paper_out = true; break;
                case 7: bench.printer.paper_out = false; break;
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
        bench.printer.paper_out = false;
        for (int round = 0; round < 3; ++round) {
            if (!bench.up) bench.plug();
            bench.run_for(2min);
        }
        RC_ASSERT(test::adds_up(bench.printer.printed, bench.reports, asked, papers));
    }));
}

TEST_CASE(
    "zpl: While the printer answers and lacks nothing, no label is under way for longer than the line takes for it and "
    "`label`: then it is printed, or unknown.") {
    for (const std::size_t octets_per_second : {0U, 960U}) {
        ZplOptions options;
        options.octets_per_second = octets_per_second;
        ZplSession session(options);
        PrinterEffects reports;
        const auto begin = test::at_ms(0);
        auto now = begin;
        const auto says = [](const std::string& waiting) {
            return bytes_of(
                "\x02"
                "030,0,0,1245,00" +
                waiting +
                ",0,0,0,000,0,0,0\x03\r\n\x02"
                "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x02"
                "1234,0\x03\r\n");
        };
        bool has_label = false;
        const auto tell = [&](const PrinterEvent& event) {
            for (const auto& effect : session.step(event, now)) {
                const auto* write = std::get_if<WriteBytes>(&effect);
                if (write == nullptr)
                    reports.push_back(effect);
                else if (text_of(write->bytes).starts_with('P'))
                    has_label = true;
            }
        };
        tell(LinkUp{});
        tell(labels(1));
        while (reports.size() < 3 && now < begin + 2min) {
            tell(BytesRead{says(has_label ? "1" : "0")});  // and never gets rid of it
            now = std::max(now + 1ms, session.deadline().value_or(now));
            tell(Ticked{});
        }
        CHECK(has_label);
        CHECK(now < begin + 63s);
        CHECK(std::ranges::count(reports, PrinterEffect{ReportPrintUnknown{PrintJobId{1}, 0}}) == 1);
    }
}

TEST_CASE("zpl: noise on the line ends no job twice") {
    CHECK(rc::check([] {
        ZplSession session;
        auto now = test::at_ms(0);
        int ended = 0;
        const auto tell = [&](const PrinterEvent& event) {
            for (const auto& effect : session.step(event, now))
                ended += static_cast<int>(!std::holds_alternative<WriteBytes>(effect) &&
                                          !std::holds_alternative<HangUp>(effect) &&
                                          !std::holds_alternative<ReportPrinterState>(effect));
        };
        tell(LinkUp{});
        tell(labels(1));
        for (const auto& bytes : *rc::gen::arbitrary<std::vector<Bytes>>()) {
            tell(BytesRead{bytes});
            now += 300ms;
            tell(Ticked{});
        }
        now += 1h;
        tell(Ticked{});
        tell(LinkDown{});
        now += 1h;
        tell(Ticked{});
        RC_ASSERT(ended == 1);
    }));
}
