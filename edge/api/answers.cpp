#include "edge/api/answers.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

void answer_json(const ApiCall& call, unsigned status, const json::value& body) {
    call.answer(sync::json_response(status, body));
}

std::optional<RecordRef> path_record(const ApiCall& call, std::size_t part) {
    auto ref = parse_record_ref(call.parts.at(part));
    if (!ref) answer_problem(call, fail(ErrorCode::not_found, "that is no record's id"));
    return ref;
}

std::optional<TicketId> path_ticket(const ApiCall& call, std::size_t part) {
    auto id = parse_ticket_id(call.parts.at(part));
    if (!id) answer_problem(call, fail(ErrorCode::not_found, "that is no ticket's id"));
    return id;
}

std::optional<std::uint64_t> query_number(const ApiCall& call, std::string_view name, std::uint64_t least,
                                          std::uint64_t most, std::uint64_t otherwise) {
    const auto text = call.request.parameter(name);
    if (!text) return otherwise;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc{} && end == text->data() + text->size() && value >= least && value <= most) return value;
    answer_problem(call, fail_at(name, Why::between, "is not a number from {least} to {most}",
                                 {{"least", std::to_string(least)}, {"most", std::to_string(most)}}));
    return std::nullopt;
}

ledger::LedgerReader* reader_of(const ApiCall& call) {
    auto& reader = call.services->reader;
    if (reader && reader->fault() == ledger::Fault::none) return &*reader;
    if (reader) call.services->outlets.read_failed(reader->fault());
    answer_problem(call, fail(ErrorCode::storage_unavailable, "the journal is closed"));
    return nullptr;
}

bool read_failed(const ApiCall& call) {
    const auto& reader = call.services->reader;
    if (reader && reader->fault() == ledger::Fault::none) return false;
    if (reader) call.services->outlets.read_failed(reader->fault());
    answer_problem(call, fail(ErrorCode::storage_unavailable, "the journal could not be read"));
    return true;
}

void on_business_date(std::shared_ptr<ApiCall> call, void (*answer)(const std::shared_ptr<ApiCall>&, Date)) {
    if (const auto text = call->request.parameter("business_date")) {
        const auto date = parse_date(*text);
        if (!date) return answer_problem(*call, fail_at("business_date", Why::date, "is not YYYY-MM-DD"));
        return answer(call, *date);
    }
    const auto& desk_status = call->services->outlets.desk_status;
    desk_status([call, answer](const DeskStatus& status) { answer(call, status.business_date); });
}

void ask(std::shared_ptr<ApiCall> call, Command command, unsigned status,
         std::function<json::value(const Reply&)> show) {
    const auto answered = [call, status, show = std::move(show)](Result<Reply> reply) {
        if (!reply) return answer_problem(*call, reply.error());
        answer_json(*call, status, show(*reply));
    };
    call->services->outlets.command(call->actor, std::move(command), {}, answered);
}

json::value done_json(const Reply& reply) {
    const auto& done = std::get<DoneReply>(reply);
    json::object body{{"recorded", done.recorded}};
    if (done.record) body["record"] = to_string(*done.record);
    if (done.record) body["safety"] = to_string(done.safety);
    return body;
}

ClientId id_or_new(std::optional<ClientId> given) {
    return given ? std::move(*given) : ClientId{"auto-" + to_hex(random_bytes(16))};
}

}  // namespace gatehouse::edge
