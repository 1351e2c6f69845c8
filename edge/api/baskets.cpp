// What a window has in its baskets, kept for its page over a reload: in memory, for nobody has bought it yet.
#include <algorithm>
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "edge/api/sales_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

constexpr std::size_t most_held = 20;

json::value lines_json(const std::vector<SellLine>& lines) {
    json::array all;
    for (const SellLine& line : lines) {
        json::object one{{"product", line.product.value}, {"quantity", line.quantity}};
        if (line.persons) one["persons"] = *line.persons;
        if (line.session) one["session"] = line.session->value;
        if (line.concession)
            one["concession"] = json::object{{"class", line.concession->concession_class.value},
                                             {"document", line.concession->document}};
        all.push_back(std::move(one));
    }
    return json::object{{"lines", std::move(all)}};
}

std::optional<WindowName> window_of(const ApiCall& call) {
    const auto& windows = call.services->facts.windows;
    const auto at = std::ranges::find(windows, WindowName{call.parts.at(0)});
    if (at != windows.end()) return *at;
    answer_problem(call, fail(ErrorCode::not_found, "there is no such window"));
    return std::nullopt;
}

void answer_baskets(const ApiCall& call, const Baskets& baskets) {
    json::array held;
    for (const auto& lines : baskets.held) held.push_back(lines_json(lines));
    answer_json(call, 200, json::object{{"current", lines_json(baskets.current)}, {"held", std::move(held)}});
}

void read_baskets(const Call& call) {
    if (const auto window = window_of(*call)) answer_baskets(*call, call->services->baskets[*window]);
}

void put_baskets(const Call& call) {
    const auto window = window_of(*call);
    if (!window) return;
    auto body = read_body<Baskets>(*call, [](JsonReader& in) {
        Baskets read;
        JsonReader current = in.object("current");
        read.current = read_sell_lines(current, 0);
        current.finish();
        for (JsonReader& basket : in.objects("held", 0, most_held)) {
            read.held.push_back(read_sell_lines(basket, 1));
            basket.finish();
        }
        return read;
    });
    if (!body) return;
    Baskets& kept = call->services->baskets[*window];
    kept = std::move(*body);
    answer_baskets(*call, kept);
}

}  // namespace

void add_basket_routes(Router& router) {
    router.add("GET", "/api/v1/windows/{}/baskets", Access::named, read_baskets);
    router.add("PUT", "/api/v1/windows/{}/baskets", Access::named, put_baskets);
}

}  // namespace gatehouse::edge
