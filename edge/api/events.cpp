// `GET events`: server-sent events, resumable by Last-Event-ID.
#include "edge/api/answers.hpp"

namespace gatehouse::edge {

void add_event_routes(Router& router) {
    router.add("GET", "/api/v1/events", Access::named, [](const std::shared_ptr<ApiCall>& call) {
        std::string last{call->request.field("last-event-id").value_or("")};
        if (last.empty()) last = call->request.parameter("last_event_id").value_or("");
        call->services->events.add(call->respond.stream({{"Cache-Control", "no-store"}}), last, call->bearer);
    });
}

}  // namespace gatehouse::edge
