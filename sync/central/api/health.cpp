// Health, metrics and the event stream. Nodes being offline is not being unhealthy.
#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "sync/central/api/calls.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/central/venue_facts.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

sync::HttpResponse plain(unsigned status, std::string text) {
    return sync::http_response(status, "text/plain; charset=utf-8", std::move(text));
}

// As the node's: a list of one, without `output` while there is nothing to say.
json::array check_json(std::string_view status, std::string_view output) {
    json::object check{{"status", status}};
    if (status != "pass") check["output"] = output;
    return {std::move(check)};
}

}  // namespace

void call_livez(const Call& call) { call.answer(plain(200, "ok\n")); }

void call_readyz(const Call& call) {
    const bool writable = call.services->store.is_writable();
    call.answer(plain(writable ? 200 : 503, writable ? "ready\n" : "the database cannot be written\n"));
}

void call_healthz(const Call& call) {
    const bool writable = call.services->store.is_writable();
    const bool clock = read_clock({}).quality == ClockQuality::synced;
    json::object checks{
        {"store", check_json(writable ? "pass" : "fail", "the database cannot be written")},
        {"clock", check_json(clock ? "pass" : "warn", "the kernel does not say that the clock is synchronised")}};
    const json::object body{{"status", !writable ? "fail"
                                       : clock   ? "pass"
                                                 : "warn"},
                            {"version", GATEHOUSE_VERSION},
                            {"checks", std::move(checks)}};
    auto response = sync::json_response(writable ? 200 : 503, body);
    response.fields.front().value = "application/health+json";
    call.answer(std::move(response));
}

void call_metrics(const Call& call) {
    answer_read(call, [](const Call& asked, Reading& reading) {
        auto text = asked.services->metrics.text();
        std::size_t connected = 0;
        std::size_t revoked = 0;
        const auto nodes = expected_nodes(reading.reader, asked.services->presence);
        std::string lag = "# TYPE central_node_lag_records gauge\n";
        for (const auto& node : nodes) {
            connected += node.connected ? 1U : 0U;
            revoked += node.revoked ? 1U : 0U;
            std::uint64_t behind = 0;
            for (const auto& [journal, known] : node.announced) {
                const auto held = reading.reader.journal(journal);
                const auto received = held ? held->head.value : 0;
                behind += known.value - std::min(known.value, received);
            }
            lag += fmt::format("central_node_lag_records{{node=\"{}\"}} {}\n", node.name.value, behind);
        }
        text += fmt::format(
            "# TYPE central_nodes gauge\ncentral_nodes{{state=\"enrolled\"}} {}\ncentral_nodes{{state=\"connected\"}} "
            "{}\ncentral_nodes{{state=\"revoked\"}} {}\n",
            nodes.size() - revoked, connected, revoked);
        text += lag;
        std::map<ledger::ConflictKind, std::size_t> conflicts;
        for (const auto& conflict : reading.reports.conflicts(true)) ++conflicts[conflict.kind];
        text += "# TYPE gatehouse_conflicts gauge\n";
        for (const auto& [kind, count] : conflicts)
            text += fmt::format("gatehouse_conflicts{{type=\"{}\"}} {}\n", to_string(kind), count);
        text += fmt::format("# TYPE gatehouse_event_listeners gauge\ngatehouse_event_listeners {}\n",
                            asked.services->events.listeners());
        return sync::http_response(200, "text/plain; version=0.0.4; charset=utf-8", text);
    });
}

void call_events(const Call& call) {
    // Scripts that open the stream again cannot set the field.
    const auto last =
        call.request.field("last-event-id").value_or(call.request.parameter("last_event_id").value_or(""));
    call.services->metrics.count_request(200);
    call.services->events.add(call.respond.stream({{"Cache-Control", "no-store"}}), last, call.bearer);
}

}  // namespace gatehouse::central
