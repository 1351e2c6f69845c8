// POST login. The attempt is recorded before the PIN is checked, so that no power cut resets the count of failures.
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/json/catalogue_json.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/bearer.hpp"
#include "sync/central/lockout.hpp"
#include "sync/central/machine_clock.hpp"

namespace gatehouse::central {

namespace {

struct Attempt {
    OperatorName name;
    std::string pin;
};

Result<Attempt> read_attempt(const Call& call) {
    const auto body = parse_json(call.request.body);
    if (!body) return body.error();
    JsonFault fault;
    JsonReader in{fault, *body};
    Attempt attempt{OperatorName{in.text("operator", 32)}, in.text("pin", 64)};
    in.finish();
    if (fault.error) return *fault.error;
    return attempt;
}

Error wrong() { return fail(ErrorCode::unauthenticated, "no such operator, or not this PIN"); }

sync::HttpResponse admission(const ApiServices& services, const Operator& person) {
    const auto token = issue_bearer(services.identity.bearer_key, person, read_clock({}).wall);
    boost::json::array roles;
    for (const auto role : person.roles) roles.push_back(boost::json::string{to_string(role)});
    return sync::json_response(200, {{"token", token.text},
                                     {"operator", person.name.value},
                                     {"roles", std::move(roles)},
                                     {"expires_at", time_text(services, token.expires)}});
}

// The PIN was right: that too is a record, which ends the count of failures.
void record_success(const Call& call, const Operator& person) {
    auto named = call;
    named.who = person;
    answer_write(named, [person](const Call& done, Writing&) -> Result<Decided> {
        return Decided{CentralLogin{person.name, true},
                       [done, person](const RecordRef&) { return admission(*done.services, person); }};
    });
}

void check_pin(const Call& call, const Operator& person, const std::string& pin) {
    const bool taken = call.services->pins.submit([call, person, pin] {
        const bool right = verify_pin(call.services->identity.pepper, pin, person.pin_hash);
        call.services->metrics.count_login(right);
        if (right)
            record_success(call, person);
        else
            call.refuse(wrong());
    });
    if (taken) return;
    Error busy = fail(ErrorCode::locked_out, "too many logins at once");
    busy.retry_after_s = 2;
    call.refuse(busy);
}

}  // namespace

void call_login(const Call& call) {
    const auto attempt = read_attempt(call);
    if (!attempt) return call.refuse(attempt.error());
    const auto catalogue = call.services->store.catalogue();
    const auto* person = catalogue->operator_named(attempt->name);
    // A name that is nobody's leaves no record, but costs the same time.
    if (person == nullptr || !is_pin(attempt->pin)) {
        check_pin(call, Operator{}, attempt->pin);
        return;
    }
    const auto job = [call, person = *person, pin = attempt->pin](Writing& writing) -> Committed {
        const auto left = lockout_left(writing.reader.login(central_node, person.name), writing.clock);
        if (left.count() > 0) {
            Error locked = fail(ErrorCode::locked_out, "too many wrong PINs");
            locked.retry_after_s = static_cast<std::uint32_t>(left.count());
            return [call, locked](const Result<void>&) { call.refuse(locked); };
        }
        const auto record =
            writing.journal.append(writing.ledger, CentralLogin{person.name, false}, person.name, writing.clock);
        return [call, person, pin,
                failed = record ? std::nullopt : std::optional{record.error()}](const Result<void>& outcome) {
            if (failed || !outcome) return call.refuse(failed ? *failed : outcome.error());
            check_pin(call, person, pin);
        };
    };
    call.services->store.submit(job, [call](const Error& why) { call.refuse(why); });
}

}  // namespace gatehouse::central
