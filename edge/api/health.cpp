// /livez, /readyz, /healthz and /metrics. Being offline is not being unhealthy.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "edge/api/words_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

void alive(Call call) { call->answer(sync::http_response(200, "text/plain", "alive\n")); }

void ready(Call call) {
    const ReadyView& view = call->services->board.ready;
    if (view.ready) return call->answer(sync::http_response(200, "text/plain", "ready\n"));
    call->answer(sync::http_response(503, "text/plain", "not ready: " + view.why_not + "\n"));
}

json::object one_check(std::string_view status, const std::string& output) {
    json::object check{{"status", status}};
    if (!output.empty()) check["output"] = output;
    return check;
}

void health(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        const Board& board = call->services->board;
        json::object checks;
        std::string_view overall = "pass";
        const auto add = [&](std::string name, std::string_view verdict, const std::string& output) {
            checks[name] = json::array{one_check(verdict, output)};
            if (verdict == "fail" || (verdict == "warn" && overall == "pass")) overall = verdict;
        };
        add("journal", status.journal_open ? "pass" : "fail", status.closed_why);
        add("disk", board.storage.room_for_sales && board.storage.ballast_held ? "pass" : "warn", "");
        add("clock", status.clock == ClockQuality::suspect ? "warn" : "pass", std::string{word(status.clock)});
        for (const auto& [name, device] : board.devices)
            add("device:" + name.value, device.state == DeviceState::online ? "pass" : "warn",
                device.state == DeviceState::online ? "" : device.last_error);
        json::object body{{"status", overall}, {"version", GATEHOUSE_VERSION}};
        if (call->request.parameter("verbose")) body["checks"] = std::move(checks);
        call->answer(
            sync::http_response(overall == "fail" ? 503 : 200, "application/health+json", json::serialize(body)));
    });
}

void metrics(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        const ApiServices& services = *call->services;
        call->answer(
            sync::http_response(200, "text/plain; version=0.0.4",
                                services.metrics.text(services.board, status, services.board.central.acked.value)));
    });
}

}  // namespace

void add_health_routes(Router& router) {
    router.add("GET", "/livez", Access::open, alive);
    router.add("GET", "/readyz", Access::open, ready);
    router.add("GET", "/healthz", Access::open, health);
    router.add("GET", "/metrics", Access::open, metrics);
}

}  // namespace gatehouse::edge
