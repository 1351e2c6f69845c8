// Login, and the catalogue that it is judged by.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "schemas/crypto/pin.hpp"
#include "schemas/json/catalogue_json.hpp"
#include "sync/central/bearer.hpp"
#include "sync/web/browser_session.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

struct LoginBody {
    OperatorName name;
    std::string pin;
};

json::array roles_json(const std::vector<Role>& roles) {
    json::array words;
    for (const Role role : roles) words.emplace_back(to_string(role));
    return words;
}

void answer_token(const ApiCall& call, const LoginReply& reply, const central::BearerToken& token) {
    answer_json(call, 200,
                json::object{{"token", token.text},
                             {"operator", reply.operator_name.value},
                             {"roles", roles_json(reply.roles)},
                             {"expires_at", call.services->time_text(token.expires)},
                             {"catalogue_version", reply.catalogue_version}});
}

// What a page must know before it shows anything; the session itself stays in the cookie.
json::object session_json(const ApiServices& services, const Operator& person, std::string_view token) {
    json::array windows;
    for (const WindowName& window : services.facts.windows) windows.emplace_back(window.value);
    return {{"operator", person.name.value},
            {"roles", roles_json(person.roles)},
            {"csrf_token", sync::csrf_token(services.facts.bearer_key, token)},
            {"node", services.facts.name.value},
            {"windows", std::move(windows)}};
}

void answer_session(const ApiCall& call, const LoginReply& reply, const central::BearerToken& token) {
    const ApiServices& services = *call.services;
    const Operator& person = *services.catalogue.operator_named(reply.operator_name);
    auto answer = sync::json_response(200, session_json(services, person, token.text));
    answer.fields.push_back(
        {"Set-Cookie", sync::session_cookie(services.facts.cookie, token.text, call.request.secure)});
    answer.fields.push_back({"Cache-Control", "no-store"});
    call.answer(std::move(answer));
}

using AnswerToken = void (*)(const ApiCall&, const LoginReply&, const central::BearerToken&);

void answer_login(const ApiCall& call, const LoginReply& reply, AnswerToken answer) {
    ApiServices& services = *call.services;
    services.refresh_catalogue();
    const Operator* person = services.catalogue.operator_named(reply.operator_name);
    if (person == nullptr) return answer_problem(call, fail(ErrorCode::unauthenticated, "operator or PIN is wrong"));
    answer(call, reply, central::issue_bearer(services.facts.bearer_key, *person, services.outlets.now()));
}

void read_session(const std::shared_ptr<ApiCall>& call) {
    const ApiServices& services = *call->services;
    const auto token = sync::session_token(call->request, services.facts.cookie);
    const Operator* person = services.catalogue.operator_named(call->actor.name);
    if (!token || person == nullptr)
        return answer_problem(*call, fail(ErrorCode::unauthenticated, "this is no browser's session"));
    auto answer = sync::json_response(200, session_json(services, *person, *token));
    answer.fields.push_back({"Cache-Control", "no-store"});
    call->answer(std::move(answer));
}

void end_session(const std::shared_ptr<ApiCall>& call) {
    call->answer(
        {204, {{"Set-Cookie", sync::session_cookie(call->services->facts.cookie, "", call->request.secure)}}, {}});
}

void login(const std::shared_ptr<ApiCall>& call, AnswerToken answer) {
    const auto body = read_body<LoginBody>(*call, [](JsonReader& in) {
        LoginBody read{in.named<OperatorName>("operator"), in.text("pin", 12)};
        if (!is_pin(read.pin)) in.report("pin", Why::pin, "is 4 to 12 digits");
        return read;
    });
    if (!body) return;
    const auto answered = [call, answer](Result<Reply> reply) {
        if (!reply) return answer_problem(*call, reply.error());
        answer_login(*call, std::get<LoginReply>(*reply), answer);
    };
    call->services->outlets.command(Actor{}, Login{body->name}, body->pin, answered);
}

json::value catalogue_reply(const ApiServices& services, const CatalogueReply& reply) {
    json::value body = catalogue_json(reply.catalogue, services.facts.calendar, services.facts.currency);
    for (json::value& session : body.as_object()["sessions"].as_array()) {
        json::object& one = session.as_object();
        for (const auto& units : reply.units) {
            if (one["id"].as_string() != units.session.value) continue;
            one["units_left"] = units.left;
            if (units.received) one["units_received"] = *units.received;
        }
    }
    return body;
}

}  // namespace

void add_people_routes(Router& router) {
    router.add("POST", "/api/v1/login", Access::open, [](const auto& call) { login(call, answer_token); });
    router.add("POST", "/api/v1/session", Access::open, [](const auto& call) { login(call, answer_session); });
    router.add("GET", "/api/v1/session", Access::named, read_session);
    router.add("DELETE", "/api/v1/session", Access::named, end_session);
    router.add("GET", "/api/v1/catalogue", Access::named, [](std::shared_ptr<ApiCall> call) {
        ApiServices* services = call->services;
        ask(std::move(call), ReadCatalogue{}, 200,
            [services](const Reply& reply) { return catalogue_reply(*services, std::get<CatalogueReply>(reply)); });
    });
}

}  // namespace gatehouse::edge
