// How long a job may be under way, on a serial line that is pulled in the middle of papers and hears late.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "drivers/printer/escpos_codec.hpp"
#include "tests/drivers/printer/pulled_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::PulledBench;

namespace {

constexpr std::size_t octets_per_second = 960;

PrintRequested tickets(std::uint64_t id, int papers) {
    PrintRequested request{PrintJobId{id}, {}};
    for (int i = 0; i < papers; ++i) {
        TicketPaper paper;
        paper.head = {{"park", {}, {}, true}, {"adult", {}, {}, false}};
        paper.qr = "GH1:" + std::string(120, 'x');
        paper.foot = {{"J" + std::to_string(id) + "." + std::to_string(i), {}, {}, false}};
        request.papers.push_back(encode_paper(paper, EscposStyle{}).value());
    }
    return request;
}

EscposOptions serial_line() {
    EscposOptions options;
    options.octets_per_second = octets_per_second;
    return options;
}

std::set<std::uint64_t> ended(const PrinterEffects& reports) {
    std::set<std::uint64_t> ids;
    for (const auto& report : reports) {
        if (const auto* done = std::get_if<ReportPrinted>(&report)) ids.insert(done->id.value);
        if (const auto* failed = std::get_if<ReportNotPrinted>(&report)) ids.insert(failed->id.value);
        if (const auto* unknown = std::get_if<ReportPrintUnknown>(&report)) ids.insert(unknown->id.value);
    }
    return ids;
}

}  // namespace

TEST_CASE("a marker that is lost on a serial line: its job is unknown after a while, the next one is printed") {
    PulledBench bench(serial_line());
    bench.plug();
    bench.run_for(2s);
    bench.tell(tickets(1, 1));
    bench.tell(tickets(2, 1));
    bench.run_for(100ms);
    bench.loses_next_marker = true;
    bench.run_for(29s);
    CHECK_FALSE(bench.loses_next_marker);
    CHECK(ended(bench.reports).empty());
    bench.run_for(6s);
    const auto& reports = bench.reports;
    CHECK(std::ranges::count(reports, PrinterEffect{ReportPrintUnknown{PrintJobId{1}, 0}}) == 1);
    CHECK(std::ranges::count(reports, PrinterEffect{ReportPrinted{PrintJobId{2}}}) == 1);
}

TEST_CASE("a first marker that is lost on a serial line is asked for over a new connection") {
    PulledBench bench(serial_line());
    bench.loses_next_marker = true;
    bench.plug();
    bench.tell(tickets(1, 1));
    bench.run_for(35s);
    CHECK_FALSE(bench.loses_next_marker);
    CHECK(ended(bench.reports) == std::set<std::uint64_t>{1});
    CHECK(bench.hang_ups == 1);
}

TEST_CASE(
    "While the printer answers and lacks nothing, no paper is under way for longer than the line takes for it, "
    "`marker` "
    "and one round: then it is printed, or unknown. The next job begins within two rounds, or after a new "
    "connection.") {
    const auto paper_takes = std::chrono::seconds(4);  // on the line, printed and looked at
    CHECK(rc::check([&] {
        PulledBench bench(serial_line());
        bench.plug();
        bench.run_for(2s);
        std::uint64_t asked = 0;
        int papers = 0;
        const auto lateness = [] { return std::chrono::milliseconds(*rc::gen::inRange(1, 1'500)); };
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10))) {
            switch (step) {
                case 0: bench.unplug(); break;
                case 1:
                case 2: bench.plug(); break;
                case 3:
                case 4:
                    papers += step - 2;
                    bench.tell(tickets(++asked, step - 2));
                    break;
                case 5: bench.to_printer = lateness(); break;
                case 6: bench.to_host = lateness(); break;
                case 7: bench.to_printer = bench.to_host = 1ms; break;
                case 8: bench.loses_next_marker = true; break;
                default: bench.run_for(700ms); break;
            }
        }
        bench.to_printer = bench.to_host = 1ms;
        bench.plug();
        bench.loses_next_marker = false;
        bench.run_for(EscposOptions{}.marker + (papers + 2) * paper_takes);
        RC_ASSERT(ended(bench.reports).size() == asked);
    }));
}
