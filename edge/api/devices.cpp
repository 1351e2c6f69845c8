// What is asked of a device by name: a test, a recording.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"

namespace gatehouse::edge {

namespace {

namespace json = boost::json;
using Call = std::shared_ptr<ApiCall>;

std::string_view outcome_word(TestOutcome outcome) {
    switch (outcome) {
        case TestOutcome::shown: return "shown";
        case TestOutcome::answered: return "answered";
        case TestOutcome::connected: return "connected";
        case TestOutcome::printed: return "printed";
        case TestOutcome::not_printed: return "not_printed";
        case TestOutcome::print_unknown: return "print_unknown";
    }
    return "print_unknown";
}

void order(const Call& call, DeviceOrder what) {
    const std::string name = call->parts.at(0);
    if (!is_name(name)) return answer_problem(*call, fail(ErrorCode::not_found, "there is no such device"));
    ask(call, OrderDevice{DeviceName{name}, what}, 200, [name](const Reply& reply) {
        const auto& said = std::get<DeviceReply>(reply);
        json::object body{{"device", name}};
        if (said.outcome) body["outcome"] = outcome_word(*said.outcome);
        if (!said.file.empty()) body["file"] = said.file;
        if (said.running) body["running"] = true;
        return body;
    });
}

void test(Call call) { order(call, DeviceOrder::test); }

void record(Call call) {
    const auto on = read_body<bool>(*call, [](JsonReader& in) { return in.boolean_or("on", true); });
    if (on) order(call, *on ? DeviceOrder::record : DeviceOrder::stop_recording);
}

}  // namespace

void add_device_routes(Router& router) {
    router.add("POST", "/api/v1/devices/{}/test", Access::named, test);
    router.add("POST", "/api/v1/devices/{}/record", Access::named, record);
}

}  // namespace gatehouse::edge
