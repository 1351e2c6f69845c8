// `GET events`: server-sent events, resumable by Last-Event-ID.
#include <algorithm>
#include <boost/json.hpp>

#include "edge/api/answers.hpp"

namespace gatehouse::edge {

namespace {

using Call = std::shared_ptr<ApiCall>;

void follow(Call call) {
    ApiServices& services = *call->services;
    std::string last{call->request.field("last-event-id").value_or("")};
    if (const auto asked = call->request.parameter("last_event_id"); last.empty() && asked) last = *asked;
    const auto stream = call->respond.stream({{"Cache-Control", "no-store"}});
    const auto kept = services.ring.resume(last);
    if (kept.gap && !stream.send({services.ring.last_id(), "snapshot_needed", "{}"})) return;
    for (const StreamEvent& event : kept.events)
        if (!stream.send({event.id, event.kind, event.data})) return;
    services.streams.push_back(stream);
}

}  // namespace

void ApiServices::publish(std::string kind, const std::string& json) {
    const StreamEvent& event = ring.push(std::move(kind), json);
    std::erase_if(
        streams, [&](const sync::HttpEventStream& stream) { return !stream.send({event.id, event.kind, event.data}); });
}

void add_event_routes(Router& router) { router.add("GET", "/api/v1/events", Access::named, follow); }

}  // namespace gatehouse::edge
