// POST login, and the sessions of browsers. The attempt is recorded before the PIN is checked, so that no power cut
// resets the count of failures.
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/json/catalogue_json.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/bearer.hpp"
#include "sync/central/lockout.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/web/browser_session.hpp"

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

boost::json::array roles_json(const Operator& person) {
    boost::json::array roles;
    for (const auto role : person.roles) roles.push_back(boost::json::string{to_string(role)});
    return roles;
}

// How a right PIN is answered.
using Admit = sync::HttpResponse (*)(const Call&, const Operator&);

sync::HttpResponse answer_token(const Call& call, const Operator& person) {
    const auto token = issue_bearer(call.services->identity.bearer_key, person, read_clock({}).wall);
    return sync::json_response(200, {{"token", token.text},
                                     {"operator", person.name.value},
                                     {"roles", roles_json(person)},
                                     {"expires_at", time_text(*call.services, token.expires)}});
}

// What a page must know before it shows anything; the session itself stays in the cookie.
sync::HttpResponse session_response(const Call& call, const Operator& person, std::string_view token) {
    const auto& services = *call.services;
    const auto now = read_clock({}).wall;
    return sync::json_response(
        200, {{"operator", person.name.value},
              {"roles", roles_json(person)},
              {"csrf_token", sync::csrf_token(services.identity.bearer_key, token)},
              {"venue", services.settings.venue_name},
              {"currency", services.settings.currency},
              {"sync", to_string(services.settings.listen)},
              {"time", time_text(services, now)},
              {"business_date", format_date(services.calendar.business_date(now))},
              {"cut_over_hour", std::chrono::floor<std::chrono::hours>(services.calendar.cut_over()).count()}});
}

sync::HttpResponse answer_session(const Call& call, const Operator& person) {
    const auto token = issue_bearer(call.services->identity.bearer_key, person, read_clock({}).wall);
    auto response = session_response(call, person, token.text);
    response.fields.push_back({"Set-Cookie", sync::session_cookie(browser_cookie, token.text, call.request.secure)});
    return response;
}

// The PIN was right: that too is a record, which ends the count of failures.
void record_success(const Call& call, const Operator& person, Admit admit) {
    auto named = call;
    named.who = person;
    answer_write(named, [person, admit](const Call& done, Writing&) -> Result<Decided> {
        return Decided{CentralLogin{person.name, true},
                       [done, person, admit](const RecordRef&) { return admit(done, person); }};
    });
}

void check_pin(const Call& call, const Operator& person, const std::string& pin, Admit admit) {
    const bool taken = call.services->pins.submit([call, person, pin, admit] {
        const bool right = verify_pin(call.services->identity.pepper, pin, person.pin_hash);
        call.services->metrics.count_login(right);
        if (right)
            record_success(call, person, admit);
        else
            call.refuse(wrong());
    });
    if (taken) return;
    Error busy = fail(ErrorCode::locked_out, "too many logins at once");
    busy.retry_after_s = 2;
    call.refuse(busy);
}

void log_in(const Call& call, Admit admit) {
    const auto attempt = read_attempt(call);
    if (!attempt) return call.refuse(attempt.error());
    const auto catalogue = call.services->store.catalogue();
    const auto* person = catalogue->operator_named(attempt->name);
    // A name that is nobody's leaves no record, but costs the same time.
    if (person == nullptr || !is_pin(attempt->pin)) {
        check_pin(call, Operator{}, attempt->pin, admit);
        return;
    }
    const auto job = [call, person = *person, pin = attempt->pin, admit](Writing& writing) -> Committed {
        const auto left = lockout_left(writing.reader.login(central_node, person.name), writing.clock);
        if (left.count() > 0) {
            Error locked = fail(ErrorCode::locked_out, "too many wrong PINs");
            locked.retry_after_s = static_cast<std::uint32_t>(left.count());
            return [call, locked](const Result<void>&) { call.refuse(locked); };
        }
        const auto record =
            writing.journal.append(writing.ledger, CentralLogin{person.name, false}, person.name, writing.clock);
        return [call, person, pin, admit,
                failed = record ? std::nullopt : std::optional{record.error()}](const Result<void>& outcome) {
            if (failed || !outcome) return call.refuse(failed ? *failed : outcome.error());
            check_pin(call, person, pin, admit);
        };
    };
    call.services->store.submit(job, [call](const Error& why) { call.refuse(why); });
}

}  // namespace

void call_login(const Call& call) { log_in(call, answer_token); }
void call_begin_session(const Call& call) { log_in(call, answer_session); }

void call_read_session(const Call& call) {
    const auto token = sync::session_token(call.request, browser_cookie);
    if (!token) return call.refuse(fail(ErrorCode::unauthenticated, "this is no browser's session"));
    call.answer(session_response(call, call.who, *token));
}

void call_end_session(const Call& call) {
    call.answer({204, {{"Set-Cookie", sync::session_cookie(browser_cookie, "", call.request.secure)}}, {}});
}

}  // namespace gatehouse::central
