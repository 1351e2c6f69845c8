// The gate's calls: scans, passages, lanes, emergency.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "edge/api/gates_json.hpp"
#include "edge/api/words_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

json::value verdict_json(const ApiServices& services, const ScanReply& reply) {
    json::array notes;
    for (const Note note : reply.notes) notes.emplace_back(to_string(note));
    json::object body{{"verdict", word(reply.decision)},
                      {"reason", to_string(reply.reason)},
                      {"notes", std::move(notes)},
                      {"persons", reply.persons},
                      {"companions", reply.companions}};
    if (!reply.hint.empty()) body["hint"] = reply.hint;
    if (reply.ticket) body["ticket"] = to_string(*reply.ticket);
    if (!reply.product.value.empty()) body["product"] = reply.product.value;
    if (reply.verdict) body["record"] = to_string(*reply.verdict);
    if (reply.busy) body["busy"] = true;
    if (reply.left) body["left"] = *reply.left;
    if (reply.first_admission) body["first_admission"] = admission_json(services, *reply.first_admission);
    return body;
}

json::value admission_json(const ApiServices& services, const FirstAdmission& first) {
    return json::object{{"time", services.time_text(first.time)},
                        {"node", first.node_name.empty() ? std::to_string(first.node.value) : first.node_name},
                        {"gate", first.gate.value},
                        {"lane", first.lane.value}};
}

json::value lane_json(const LaneStatus& lane) {
    json::object body{{"name", lane.name.value},
                      {"gate", lane.gate.value},
                      {"zone", lane.zone.value},
                      {"mode", word(lane.mode)},
                      {"state", word(lane.phase)},
                      {"emergency", lane.emergency},
                      {"direction", lane.direction ? word(*lane.direction) : "both"},
                      {"admitted_today", lane.admitted_today},
                      {"let_through_today", lane.let_through_today}};
    if (!lane.trouble.empty()) body["trouble"] = lane.trouble;
    return body;
}

namespace {

using Call = std::shared_ptr<ApiCall>;

void scan(Call call) {
    auto body = read_body<Scan>(*call, [](JsonReader& in) {
        Scan read;
        read.id = in.named<ClientId>("id");
        read.lane = in.named<LaneName>("lane");
        read.code = in.text("code", limits::code);
        read.persons = in.optional_integer<std::uint16_t>("persons", 1, limits::persons);
        read.companions = in.optional_integer<std::uint16_t>("companions", 0, limits::persons);
        if (in.has("direction")) read.direction = read_direction(in, "direction");
        read.let_through = in.boolean_or("let_through", false);
        return read;
    });
    if (!body) return;
    ApiServices* services = call->services;
    ask(std::move(call), std::move(*body), 200,
        [services](const Reply& reply) { return verdict_json(*services, std::get<ScanReply>(reply)); });
}

void let_through(Call call) {
    if (!is_name(call->parts.at(0))) return answer_problem(*call, fail(ErrorCode::not_found, "there is no such lane"));
    auto body = read_body<LetThrough>(*call, [&](JsonReader& in) {
        LetThrough read;
        read.id = in.optional_named<ClientId>("id");
        read.lane = LaneName{call->parts[0]};
        read.persons = in.integer_or<std::uint16_t>("persons", 1, limits::persons, 1);
        read.reason = in.text("reason", limits::text);
        if (in.has("direction")) read.direction = read_direction(in, "direction");
        return read;
    });
    if (body) ask(std::move(call), std::move(*body), 200, done_json);
}

void list_passages(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        auto* reader = reader_of(*call);
        if (reader == nullptr) return;
        json::array passages;
        for (const auto& one : reader->unknown_passages(call->services->facts.node, status.business_date)) {
            json::object body{{"verdict", to_string(one.verdict)},
                              {"lane", one.lane.value},
                              {"gate", one.gate.value},
                              {"persons", one.persons},
                              {"companions", one.companions},
                              {"time", call->services->time_text(one.at)}};
            if (one.ticket) body["ticket"] = to_string(*one.ticket);
            passages.push_back(std::move(body));
        }
        if (!read_failed(*call)) answer_json(*call, 200, json::object{{"passages", std::move(passages)}});
    });
}

void resolve_passage(Call call) {
    const auto verdict = path_record(*call, 0);
    if (!verdict) return;
    const auto body = read_body<ResolvePassage>(*call, [&](JsonReader& in) {
        return ResolvePassage{id_or_new(in.optional_named<ClientId>("id")), *verdict,
                              in.choice<PassageOutcome>("outcome", {{"turned", PassageOutcome::turned},
                                                                    {"abandoned", PassageOutcome::abandoned}})};
    });
    if (body) ask(std::move(call), *body, 200, done_json);
}

void list_lanes(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        json::array lanes;
        for (const LaneStatus& lane : status.lanes) lanes.push_back(lane_json(lane));
        answer_json(*call, 200, json::object{{"lanes", std::move(lanes)}});
    });
}

void set_lane_mode(Call call) {
    if (!is_name(call->parts.at(0))) return answer_problem(*call, fail(ErrorCode::not_found, "there is no such lane"));
    auto body = read_body<SetLaneMode>(*call, [&](JsonReader& in) {
        return SetLaneMode{LaneName{call->parts[0]}, read_lane_mode(in, "mode"), in.text("reason", limits::text, 0)};
    });
    if (body) ask(std::move(call), std::move(*body), 200, done_json);
}

void set_emergency(Call call) {
    const auto body = read_body<SetEmergency>(*call, [](JsonReader& in) { return SetEmergency{in.boolean("open")}; });
    if (body) ask(std::move(call), *body, 200, done_json);
}

}  // namespace

void add_gate_routes(Router& router) {
    router.add("POST", "/api/v1/scans", Access::named, scan);
    router.add("POST", "/api/v1/lanes/{}/let-through", Access::named, let_through);
    router.add("GET", "/api/v1/passages", Access::named, list_passages);
    router.add("POST", "/api/v1/passages/{}/resolve", Access::named, resolve_passage);
    router.add("GET", "/api/v1/lanes", Access::named, list_lanes);
    router.add("PUT", "/api/v1/lanes/{}/mode", Access::named, set_lane_mode);
    router.add("POST", "/api/v1/emergency", Access::named, set_emergency);
}

}  // namespace gatehouse::edge
