#include "drivers/turnstile/turnstile_condition.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::drivers;
using State = TurnstileCondition::State;
using Shown = TurnstileCondition::Shown;

namespace {

constexpr ReportInput alarm_begins{GateInput::alarm, true};
constexpr ReportInput alarm_ends{GateInput::alarm, false};
constexpr Shown works{State::works, ""};
constexpr Shown in_alarm{State::at_fault, "alarm"};

}  // namespace

TEST_CASE("A turnstile with an active alarm answers, and is shown with the alarm until that ends.") {
    TurnstileCondition condition;
    CHECK(condition.take(ReportOnline{}) == works);
    CHECK(condition.take(alarm_begins) == in_alarm);
    CHECK(condition.take(ReportOnline{}) == in_alarm);
    CHECK(condition.take(ReportInput{GateInput::fire, true}) == std::nullopt);
    CHECK(condition.take(alarm_ends) == works);
}

TEST_CASE(
    "An alarm says nothing of a turnstile that is away or at fault; it is shown when the turnstile answers again.") {
    TurnstileCondition condition;
    CHECK(condition.take(alarm_begins) == std::nullopt);
    CHECK(condition.take(ReportOnline{}) == in_alarm);
    CHECK(condition.take(ReportFault{TurnstileFault::link_down}) == Shown{State::away, "link_down"});
    CHECK(condition.take(alarm_ends) == std::nullopt);
    CHECK(condition.take(ReportOnline{}) == works);

    CHECK(condition.take(ReportFault{TurnstileFault::sensor_stuck}) == Shown{State::at_fault, "sensor_stuck"});
    CHECK(condition.take(alarm_begins) == std::nullopt);
    CHECK(condition.take(ReportOnline{}) == in_alarm);
    condition.link_lost();
    CHECK(condition.take(alarm_ends) == std::nullopt);
    CHECK(condition.take(ReportOnline{}) == works);
}
