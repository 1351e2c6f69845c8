// ticket decode: without a daemon
#include <array>
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

struct Label {
    std::string_view key;  // of payload_json
    Text text;
};

constexpr std::array labels{
    Label{"ticket", Text::cli_code_ticket},         Label{"product", Text::cli_product},
    Label{"persons", Text::cli_code_persons},       Label{"entries", Text::cli_code_entries},
    Label{"valid_from", Text::cli_code_from},       Label{"valid_to", Text::cli_code_to},
    Label{"session", Text::cli_code_session},       Label{"zones", Text::cli_code_zones},
    Label{"reentry", Text::cli_code_reentry},       Label{"check_id", Text::cli_code_check_id},
    Label{"concession", Text::cli_code_concession}, Label{"companions", Text::cli_code_companions}};

std::string shown(const Client& client, const json::value& value) {
    if (value.is_string()) return std::string{value.get_string()};
    if (value.is_bool()) return client.word(value.get_bool() ? Text::cli_yes : Text::cli_no);
    if (value.is_object())
        return text_at(value, "id") + "  " + text_at(value, "starts") + " - " + text_at(value, "ends");
    if (!value.is_array()) return json::serialize(value);
    std::string names;
    for (const json::value& name : value.get_array()) names += (names.empty() ? "" : ", ") + shown(client, name);
    return names;
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
    for (const Label& label : labels)
        if (const auto* value = body.if_contains(label.key))
            rows.push_back({client.word(label.text), shown(client, *value)});
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
