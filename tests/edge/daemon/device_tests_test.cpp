#include "edge/daemon/device_tests.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>

#include "edge/daemon/machine_clock.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

struct Bench {
    boost::asio::io_context io{1};
    DeviceTests tests{io};
    std::vector<Result<TestOutcome>> answers;

    DeviceTests::Answered answered() {
        return [this](Result<TestOutcome> outcome) { answers.push_back(std::move(outcome)); };
    }
    // Until there is an answer, for at most `longest`.
    void wait(std::chrono::seconds longest) {
        const auto end = std::chrono::steady_clock::now() + longest;
        while (answers.empty() && io.run_one_until(end) > 0) {
        }
    }
};

const drivers::PrintJobId test_job{7};
const DeviceName tested_turnstile{"turn-1"};

}  // namespace

TEST_CASE("a test paper is answered as the printer reports it, once") {
    Bench bench;
    const auto ended_as = [&](const PrintReport& report) {
        bench.answers.clear();
        bench.tests.wait_for_paper(test_job, [] { FAIL("nothing is late"); }, bench.answered());
        CHECK_FALSE(bench.tests.ended(drivers::PrintJobId{8}, report));
        CHECK(bench.answers.empty());
        CHECK(bench.tests.ended(test_job, report));
        CHECK_FALSE(bench.tests.ended(test_job, report));
        REQUIRE(bench.answers.size() == 1);
        return bench.answers[0].value();
    };
    CHECK(ended_as(drivers::ReportPrinted{test_job}) == TestOutcome::printed);
    CHECK(ended_as(drivers::ReportNotPrinted{test_job, drivers::NotPrintedReason::queue_full}) ==
          TestOutcome::not_printed);
    CHECK(ended_as(drivers::ReportPrintUnknown{test_job, 0}) == TestOutcome::print_unknown);
}

TEST_CASE("a test paper that is late is taken back, and unknown where that comes too late as well") {
    Bench bench;
    int taken_back = 0;
    bench.tests.wait_for_paper(test_job, [&] { ++taken_back; }, bench.answered());
    const drivers::PrintJobId waiting{8};
    bench.tests.wait_for_paper(
        waiting,
        [&] {
            ++taken_back;
            CHECK(bench.tests.ended(waiting, drivers::ReportNotPrinted{waiting, drivers::NotPrintedReason::cancelled}));
        },
        bench.answered());
    bench.wait(DeviceTests::print_within + std::chrono::seconds{5});
    CHECK(taken_back == 2);
    REQUIRE(bench.answers.size() == 2);
    CHECK(bench.answers[0].value() == TestOutcome::print_unknown);
    CHECK(bench.answers[1].value() == TestOutcome::not_printed);
}

TEST_CASE("a turnstile's test is answered by what its board says from now on, not by what it said before") {
    Bench bench;
    Instant last = boot_now();
    int looks = 0;
    const auto last_answer = [&]() -> std::optional<Instant> {
        if (++looks == 3) last = boot_now();
        return last;
    };
    bench.tests.wait_for_look(tested_turnstile, last_answer, bench.answered());
    CHECK(bench.answers.empty());
    bench.wait(std::chrono::seconds{2});
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].value() == TestOutcome::answered);
    CHECK(looks == 3);
}

TEST_CASE("a turnstile that is silent is unavailable, and one that cannot be asked is no more than connected") {
    Bench bench;
    const Instant before = boot_now();
    bench.tests.wait_for_look(tested_turnstile, [&] { return std::optional{before}; }, bench.answered());
    bench.wait(DeviceTests::look_within + std::chrono::seconds{5});
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].error().code == ErrorCode::unavailable);
    bench.answers.clear();
    bench.tests.wait_for_look(tested_turnstile, [] { return std::optional<Instant>{}; }, bench.answered());
    REQUIRE(bench.answers.size() == 1);
    CHECK(bench.answers[0].value() == TestOutcome::connected);
}
