// What a window has in its baskets, kept for its pages over a reload and over a restart of the node.
#include <algorithm>
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "edge/api/kept_baskets.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

std::optional<WindowName> window_of(const ApiCall& call) {
    const auto& windows = call.services->facts.windows;
    const auto at = std::ranges::find(windows, WindowName{call.parts.at(0)});
    if (at != windows.end()) return *at;
    answer_problem(call, fail(ErrorCode::not_found, "there is no such window"));
    return std::nullopt;
}

Baskets& baskets_of(ApiServices& services, const WindowName& window) {
    const auto at = services.baskets.find(window);
    if (at != services.baskets.end()) return at->second;
    auto kept = kept_baskets(services.facts.kept_baskets, window).value_or(Baskets{});
    return services.baskets.emplace(window, std::move(kept)).first->second;
}

void answer_baskets(const Call& call) {
    if (const auto window = window_of(*call))
        answer_json(*call, 200, baskets_json(baskets_of(*call->services, *window)));
}

// Two pages of one window: who has not seen what the other did is told, and overwrites nothing.
void put_baskets(const Call& call) {
    const auto window = window_of(*call);
    if (!window) return;
    auto body = read_body<Baskets>(*call, read_baskets);
    if (!body) return;
    ApiServices& services = *call->services;
    Baskets& kept = baskets_of(services, *window);
    if (body->version != kept.version)
        return answer_problem(*call, fail(ErrorCode::version_conflict, "another page of this window changed them"));
    ++body->version;
    kept = std::move(*body);
    if (const auto written = keep_baskets(services.facts.kept_baskets, *window, kept); !written)
        log::warning("the baskets of {} are only in memory: {}", window->value, written.error().detail);
    services.events.publish("baskets",
                            json::serialize(json::object{{"window", window->value}, {"version", kept.version}}));
    answer_json(*call, 200, baskets_json(kept));
}

}  // namespace

void add_basket_routes(Router& router) {
    router.add("GET", "/api/v1/windows/{}/baskets", Access::named, answer_baskets);
    router.add("PUT", "/api/v1/windows/{}/baskets", Access::named, put_baskets);
}

}  // namespace gatehouse::edge
