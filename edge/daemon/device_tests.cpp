#include "edge/daemon/device_tests.hpp"

#include <utility>

#include "edge/daemon/machine_clock.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

constexpr std::chrono::milliseconds between_looks{20};

TestOutcome outcome_of(const PrintReport& report) {
    return std::visit(Match{[](const drivers::ReportPrinted&) { return TestOutcome::printed; },
                            [](const drivers::ReportNotPrinted&) { return TestOutcome::not_printed; },
                            [](const drivers::ReportPrintUnknown&) { return TestOutcome::print_unknown; }},
                      report);
}

}  // namespace

void DeviceTests::wait_for_paper(drivers::PrintJobId id, std::function<void()> take_back, Answered answered) {
    papers_.emplace(id, Paper{boot_now() + print_within, std::move(take_back), std::move(answered)});
    look_again();
}

bool DeviceTests::ended(drivers::PrintJobId id, const PrintReport& report) {
    const auto paper = papers_.extract(id);
    if (paper.empty()) return false;
    paper.mapped().answered(outcome_of(report));
    return true;
}

void DeviceTests::wait_for_look(const DeviceName& name, std::function<std::optional<Instant>()> last_answer,
                                Answered answered) {
    if (!last_answer()) return answered(TestOutcome::connected);
    looks_.push_back({name, boot_now(), std::move(last_answer), std::move(answered)});
    look_again();
}

void DeviceTests::look_again() {
    if (armed_ || (papers_.empty() && looks_.empty())) return;
    armed_ = true;
    timer_.expires_after(between_looks);
    timer_.async_wait([this, alive = std::weak_ptr{alive_}](const boost::system::error_code& cancelled) {
        if (cancelled || alive.expired()) return;
        armed_ = false;
        const Instant now = boot_now();
        look(now);
        give_up_papers(now);
        look_again();
    });
}

void DeviceTests::look(Instant now) {
    for (Look& each : std::exchange(looks_, {})) {
        const auto last = each.last_answer();
        if (last && *last > each.asked)
            each.answered(TestOutcome::answered);
        else if (now - each.asked >= look_within)
            each.answered(fail(ErrorCode::unavailable, each.name.value + ": does not answer"));
        else
            looks_.push_back(std::move(each));
    }
}

void DeviceTests::give_up_papers(Instant now) {
    std::vector<drivers::PrintJobId> late;
    for (const auto& [id, paper] : papers_)
        if (now >= paper.until) late.push_back(id);
    for (const auto id : late) {
        // Taken out first: taking the job back may end it here.
        if (const auto paper = papers_.find(id); paper != papers_.end()) std::exchange(paper->second.take_back, {})();
        (void)ended(id, drivers::ReportPrintUnknown{id});
    }
}

}  // namespace gatehouse::edge
