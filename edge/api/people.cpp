// Login, and the catalogue that it is judged by.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "schemas/crypto/pin.hpp"
#include "schemas/json/catalogue_json.hpp"
#include "sync/central/bearer.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

struct LoginBody {
    OperatorName name;
    std::string pin;
};

void answer_login(const ApiCall& call, const LoginReply& reply) {
    ApiServices& services = *call.services;
    services.refresh_catalogue();
    const Operator* person = services.catalogue.operator_named(reply.operator_name);
    if (person == nullptr) return answer_problem(call, fail(ErrorCode::unauthenticated, "operator or PIN is wrong"));
    const auto token = central::issue_bearer(services.facts.bearer_key, *person, services.outlets.now());
    json::array roles;
    for (const Role role : reply.roles) roles.emplace_back(to_string(role));
    answer_json(call, 200,
                json::object{{"token", token.text},
                             {"operator", reply.operator_name.value},
                             {"roles", std::move(roles)},
                             {"expires_at", services.time_text(token.expires)},
                             {"catalogue_version", reply.catalogue_version}});
}

void login(const std::shared_ptr<ApiCall>& call) {
    const auto body = read_body<LoginBody>(*call, [](JsonReader& in) {
        LoginBody read{in.named<OperatorName>("operator"), in.text("pin", 12)};
        if (!is_pin(read.pin)) in.report("pin", "is 4 to 12 digits");
        return read;
    });
    if (!body) return;
    const auto answered = [call](Result<Reply> reply) {
        if (!reply) return answer_problem(*call, reply.error());
        answer_login(*call, std::get<LoginReply>(*reply));
    };
    call->services->outlets.command(Actor{}, Login{body->name}, body->pin, answered);
}

json::value catalogue_reply(const ApiServices& services, const CatalogueReply& reply) {
    json::value body = catalogue_json(reply.catalogue, services.facts.calendar, services.facts.currency);
    for (json::value& session : body.as_object()["sessions"].as_array()) {
        json::object& one = session.as_object();
        for (const auto& [id, left] : reply.units_left)
            if (one["id"].as_string() == id.value) one["units_left"] = left;
    }
    return body;
}

}  // namespace

void add_people_routes(Router& router) {
    router.add("POST", "/api/v1/login", Access::open, login);
    router.add("GET", "/api/v1/catalogue", Access::named, [](std::shared_ptr<ApiCall> call) {
        ApiServices* services = call->services;
        ask(std::move(call), ReadCatalogue{}, 200,
            [services](const Reply& reply) { return catalogue_reply(*services, std::get<CatalogueReply>(reply)); });
    });
}

}  // namespace gatehouse::edge
