// report
#include <boost/json.hpp>
#include <cstdio>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

using Rows = std::vector<std::vector<std::string>>;

// Money is absent for a clerk while a shift is open.
std::string amount_at(const json::value& of, std::string_view key) {
    const auto* value = of.as_object().if_contains(key);
    return value == nullptr ? std::string{"-"} : money(value->to_number<std::int64_t>());
}

std::string tender_state(const Client& client, const std::string& state) {
    if (state == "confirmed") return client.word(Text::cli_tender_confirmed);
    return client.word(state == "failed" ? Text::cli_tender_failed : Text::cli_tender_unverified);
}

std::string products_table(const Client& client, const json::value& day) {
    Rows rows{{client.word(Text::cli_product), client.word(Text::cli_tickets), client.word(Text::cli_persons),
               client.word(Text::cli_amount), client.word(Text::cli_refunded_tickets),
               client.word(Text::cli_handed_back)}};
    for (const json::value& line : day.at("products").as_array())
        rows.push_back({text_at(line, "product"), number_at(line, "tickets"), number_at(line, "persons"),
                        amount_at(line, "amount_minor"), number_at(line, "refunded_tickets"),
                        amount_at(line, "refunded_minor")});
    rows.push_back(
        {client.word(Text::cli_total), "", "", amount_at(day, "total_minor"), "", amount_at(day, "refunded_minor")});
    const auto* total = day.as_object().if_contains("total_minor");
    const auto* refunded = day.as_object().if_contains("refunded_minor");
    if (total != nullptr && refunded != nullptr)
        rows.push_back({client.word(Text::cli_net), "", "",
                        money(total->to_number<std::int64_t>() - refunded->to_number<std::int64_t>())});
    return table(rows);
}

std::string tenders_table(const Client& client, const json::value& day) {
    const auto& tenders = day.at("tenders").as_array();
    if (tenders.empty()) return {};
    Rows rows{{client.word(Text::cli_tender), client.word(Text::cli_state), client.word(Text::cli_amount),
               client.word(Text::cli_handed_back)}};
    for (const json::value& tender : tenders)
        rows.push_back({tender_word(client, text_at(tender, "kind")), tender_state(client, text_at(tender, "state")),
                        amount_at(tender, "taken_minor"), amount_at(tender, "refunded_minor")});
    return "\n" + table(rows);
}

void show_day(const Client& client, const json::value& day) {
    const Language language = client.options().language;
    std::printf("%s  %s\n%s%s\n%s\n", text_at(day, "business_date").c_str(), text_at(day, "currency").c_str(),
                products_table(client, day).c_str(), tenders_table(client, day).c_str(),
                words(Text::cli_day_counts, language,
                      {{"sales", number_at(day, "sales")},
                       {"refunds", number_at(day, "refunds")},
                       {"persons", number_at(day, "admitted_persons")}})
                    .c_str());
    for (const json::value& silent : day.at("silent").as_array())
        std::printf("%s\n", words(Text::cli_silent, language, {{"name", std::string{silent.as_string()}}}).c_str());
}

}  // namespace

void add_report_verbs(const Tree& tree) {
    CLI::App* report = tree.app.add_subcommand("report");
    report->require_subcommand(1);
    auto date = std::make_shared<std::string>();
    tree.verb(*report, "day",
              [&options = tree.options, date] {
                  Client client{options};
                  const std::string target = "/api/v1/reports/day" + (date->empty() ? "" : "?business_date=" + *date);
                  return client.call("GET", target, "", [&](const json::value& answer) { show_day(client, answer); });
              })
        ->add_option("--date", *date);
}

}  // namespace gatehouse::cli
