// What is asked of a device by name: a test, a recording.
#include <algorithm>
#include <boost/json.hpp>

#include "edge/api/answers.hpp"

namespace gatehouse::edge {

namespace {

namespace json = boost::json;
using Call = std::shared_ptr<ApiCall>;

// Only people who run the place listen to what passes through a port.
bool may_order(const ApiCall& call) {
    const Operator* person = call.services->catalogue.operator_named(call.actor.name);
    const auto runs_it = [](Role role) {
        return role == Role::supervisor || role == Role::operator_ || role == Role::manager ||
               role == Role::administrator;
    };
    if (person != nullptr && std::ranges::any_of(person->roles, runs_it)) return true;
    answer_problem(call, fail(ErrorCode::forbidden, "clerks, attendants and auditors do not order devices about"));
    return false;
}

void order(const Call& call, DeviceOrder what) {
    if (!may_order(*call)) return;
    if (!is_name(call->parts.at(0)))
        return answer_problem(*call, fail(ErrorCode::not_found, "there is no such device"));
    call->services->outlets.device(DeviceName{call->parts[0]}, what, [call](const Result<std::string>& said) {
        if (!said) return answer_problem(*call, said.error());
        json::object body{{"device", call->parts[0]}};
        if (!said->empty()) body["file"] = *said;
        answer_json(*call, 200, body);
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
