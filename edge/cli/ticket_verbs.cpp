// ticket decode: without a daemon
#include <boost/json.hpp>
#include <cstdio>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"
#include "schemas/calendar/date_text.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

json::object payload_json(const TicketPayload& payload) {
    json::array zones;
    for (const ZoneId& zone : payload.zones) zones.emplace_back(zone.value);
    json::object body{{"ticket", to_string(payload.id)},
                      {"product", payload.product.value},
                      {"persons", payload.persons},
                      {"entries", payload.entries},
                      {"valid_from", format_date(payload.valid_from)},
                      {"valid_to", format_date(payload.valid_to)},
                      {"zones", std::move(zones)},
                      {"reentry", payload.reentry},
                      {"check_id", payload.check_id},
                      {"concession", payload.concession},
                      {"companions", payload.companions}};
    if (payload.session)
        body["session"] = json::object{{"id", payload.session->id.value},
                                       {"starts", format_rfc3339_utc(payload.session->starts)},
                                       {"ends", format_rfc3339_utc(payload.session->ends)}};
    return body;
}

int decode(const Options& options, const std::string& code) {
    const Client client{options};
    const auto scanned = decode_code(code);
    if (!scanned) {
        const auto line = with_remark(client.word(Text::reason_unknown), scanned.error().detail, options.language);
        std::fprintf(stderr, "gatehouse: %s\n", line.c_str());
        return exit_of(scanned.error().code);
    }
    const json::object body = payload_json(scanned->payload);
    if (options.json) {
        std::printf("%s\n", json::serialize(body).c_str());
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [key, value] : body)
        rows.push_back(
            {std::string{key}, value.is_string() ? std::string{value.get_string()} : json::serialize(value)});
    std::fputs(table(rows).c_str(), stdout);
    std::printf("%s\n", client.word(Text::cli_signature_not_judged).c_str());
    return Exit::ok;
}

}  // namespace

void add_ticket_verbs(const Tree& tree) {
    CLI::App* ticket = tree.app.add_subcommand("ticket");
    ticket->require_subcommand(1);
    auto code = std::make_shared<std::string>();
    tree.verb(*ticket, "decode", [&options = tree.options, code] { return decode(options, *code); })
        ->add_option("code", *code)
        ->required();
}

}  // namespace gatehouse::cli
