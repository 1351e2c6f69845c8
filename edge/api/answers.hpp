// What handlers have in common: a strict JSON body in, a command to the desk, JSON or a problem out.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>

#include "edge/api/services.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/web/problem.hpp"

namespace gatehouse::edge {

void answer_json(const ApiCall& call, unsigned status, const boost::json::value& body);
inline void answer_problem(const ApiCall& call, const Error& error, const boost::json::object& members = {}) {
    call.answer(sync::problem(error, members));
}

// Reads the body with `read`, which asks the JsonReader for its fields; an empty body is an empty object. Answers the
// problem and gives nothing when a field is missing, wrong or unknown.
template <class T>
std::optional<T> read_body(const ApiCall& call, const std::function<T(JsonReader&)>& read) {
    const auto value = parse_json(call.request.body.empty() ? "{}" : call.request.body);
    if (!value) {
        answer_problem(call, value.error());
        return std::nullopt;
    }
    JsonFault fault;
    JsonReader reader{fault, *value};
    T body = read(reader);
    reader.finish();
    if (fault.error) {
        answer_problem(call, *fault.error);
        return std::nullopt;
    }
    return body;
}

// A path segment or query parameter. Errors are answered: not_found for a path, invalid_body for a parameter.
[[nodiscard]] std::optional<RecordRef> path_record(const ApiCall& call, std::size_t part);
[[nodiscard]] std::optional<TicketId> path_ticket(const ApiCall& call, std::size_t part);
[[nodiscard]] std::optional<std::uint64_t> query_number(const ApiCall& call, std::string_view name, std::uint64_t least,
                                                        std::uint64_t most, std::uint64_t otherwise);

// The reader of the journal's database; answers storage_unavailable and gives null while it is closed.
[[nodiscard]] ledger::LedgerReader* reader_of(const ApiCall& call);
// True, after answering storage_unavailable, when a read failed.
[[nodiscard]] bool read_failed(const ApiCall& call);

// Hands the command to the desk; `show` makes the JSON of its reply, answered with `status`.
void ask(std::shared_ptr<ApiCall> call, Command command, unsigned status,
         std::function<boost::json::value(const Reply&)> show);

// Calls `answer` with the parameter business_date, or with today's where there is none; a wrong one is answered.
void on_business_date(std::shared_ptr<ApiCall> call, void (*answer)(const std::shared_ptr<ApiCall>&, Date));

// {recorded, record?, safety?} of a DoneReply.
[[nodiscard]] boost::json::value done_json(const Reply& reply);
// A client's id, or one of ours when the body may leave it out.
[[nodiscard]] ClientId id_or_new(std::optional<ClientId> given);

}  // namespace gatehouse::edge
