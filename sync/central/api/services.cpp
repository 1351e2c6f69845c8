#include "sync/central/api/services.hpp"

#include <charconv>
#include <utility>

#include "sync/central/machine_clock.hpp"
#include "sync/central/venue_facts.hpp"
#include "sync/ledger/snapshot.hpp"

namespace gatehouse::central {

namespace {

Error busy() {
    Error error = fail(ErrorCode::unavailable, "too many reports are being made");
    error.retry_after_s = 2;
    return error;
}

}  // namespace

void answer_read(const Call& call, std::function<sync::HttpResponse(const Call&, Reading&)> read) {
    const bool taken = call.services->reading.submit([call, read = std::move(read)](Reading& reading) {
        // Several statements are one look: what is committed meanwhile would make sums that do not balance.
        auto response = [&] {
            const ledger::Snapshot now{reading.reader.database()};
            return read(call, reading);
        }();
        if (reading.reader.fault() != ledger::Fault::none)
            call.refuse(fail(ErrorCode::storage_unavailable, "the database cannot be read"));
        else
            call.answer(std::move(response));
    });
    if (!taken) call.refuse(busy());
}

void answer_write(const Call& call, std::function<Result<Decided>(const Call&, Writing&)> decide) {
    const auto job = [call, decide = std::move(decide)](Writing& writing) -> Committed {
        const auto refuse = [&](const Error& why) -> Committed {
            return [call, why](const Result<void>&) { call.refuse(why); };
        };
        auto decided = decide(call, writing);
        if (writing.reader.fault() != ledger::Fault::none)
            return refuse(fail(ErrorCode::storage_unavailable, "the database cannot be read"));
        if (!decided) return refuse(decided.error());
        const auto record =
            writing.journal.append(writing.ledger, std::move(decided->body), call.who.name, writing.clock);
        if (!record) return refuse(record.error());
        return [call, ref = record->ref(), answer = std::move(decided->answer)](const Result<void>& outcome) {
            if (outcome)
                call.answer(answer(ref));
            else
                call.refuse(outcome.error());
        };
    };
    call.services->store.submit(job, [call](const Error& why) { call.refuse(why); });
}

std::string time_text(const ApiServices& services, WallTime time) { return services.calendar.format_rfc3339(time); }

Result<Date> business_date_of(const Call& call) {
    const auto text = call.request.parameter("business_date");
    if (!text) return call.services->calendar.business_date(read_clock({}).wall);
    if (const auto date = parse_date(*text)) return *date;
    return fail_at("business_date", Why::date, "a date, as 2026-05-01");
}

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> number_of(const Call& call, std::string_view name, std::uint64_t most,
                                       std::uint64_t otherwise) {
    const auto text = call.request.parameter(name);
    return text ? whole_number(*text, most) : otherwise;
}

Result<NodeId> node_of(ledger::LedgerReader& reader, std::string_view text) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    const KnownNode* found = nullptr;
    const auto nodes = known_nodes(reader);
    // Of several with one name (former ones are revoked) the latest.
    for (const auto& node : nodes)
        if (is_number ? node.node.value == number : node.name.value == text) found = &node;
    if (found == nullptr) return fail(ErrorCode::not_found, "no node " + std::string{text.substr(0, 40)});
    return found->node;
}

}  // namespace gatehouse::central
