#include "drivers/printer/print_queue.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/printer/job_balance.hpp"
#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::at_ms;

TEST_CASE(
    "A job waits for a person for as long as it takes, and for a silent printer for so long, counted from its last "
    "word.") {
    PrintQueue queue(10min, 4);
    PrinterEffects out;
    REQUIRE(queue.add(test::labels(1), at_ms(0), out));
    CHECK(queue.deadline() == at_ms(600'000));
    queue.printer_is(PrinterState::cover_open, at_ms(500'000));
    CHECK(queue.deadline() == std::nullopt);
    queue.expire(at_ms(90'000'000), out);
    CHECK(out.empty());
    queue.printer_is(PrinterState::link_down, at_ms(90'000'000));
    CHECK(queue.deadline() == at_ms(90'600'000));
    queue.printer_is(PrinterState::no_answer, at_ms(90'300'000));
    queue.expire(at_ms(90'599'999), out);
    CHECK(out.empty());
    queue.expire(at_ms(90'600'000), out);
    CHECK(out == PrinterEffects{ReportNotPrinted{PrintJobId{1}, NotPrintedReason::waited_too_long}});
}

TEST_CASE("Every job that add() took ends in exactly one report, and a paper is handed out once.") {
    PrintQueue queue(10min, 4);
    PrinterEffects out;
    REQUIRE(queue.add(test::labels(1, 2), at_ms(0), out));
    REQUIRE(queue.add(test::labels(2), at_ms(0), out));
    CHECK(queue.begin_paper() == bytes_of("P1.0"));
    queue.paper_printed(at_ms(1), out);
    queue.cancel(PrintJobId{1}, out);  // it has begun
    CHECK(queue.begin_paper() == bytes_of("P1.1"));
    CHECK(queue.lose_paper(out) == 4);
    CHECK(queue.begin_paper() == bytes_of("P2.0"));
    queue.paper_printed(at_ms(2), out);
    CHECK(out == PrinterEffects{ReportPrintUnknown{PrintJobId{1}, 1}, ReportPrinted{PrintJobId{2}}});
    CHECK(queue.is_empty());
}
