// sell, refund, reprint, shift
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <variant>

#include "edge/cli/table.hpp"
#include "edge/cli/verbs.hpp"

namespace gatehouse::cli {

namespace {

namespace json = boost::json;

std::vector<std::string> split(const std::string& text, char by, std::size_t most) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (parts.size() + 1 < most) {
        const auto end = text.find(by, at);
        if (end == std::string::npos) break;
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    parts.push_back(text.substr(at));
    return parts;
}

std::optional<std::int64_t> number_of(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Who repeats a command whose answer was lost gives the id of the first try: nothing is done twice.
std::string id_of(const std::string& given) { return given.empty() ? new_client_id() : given; }

struct SellArguments {
    std::string window;
    std::string id;
    std::vector<std::string> lines;    // PRODUCT[:QUANTITY[:SESSION]][:persons=N][:concession=CLASS/DOCUMENT]
    std::vector<std::string> tenders;  // KIND:AMOUNT[:REFERENCE]
};

// What may follow product and quantity. False: in no form that is known.
bool read_line_part(const std::string& part, json::object& line) {
    constexpr std::string_view persons = "persons=";
    constexpr std::string_view concession = "concession=";
    if (part.starts_with(persons)) {
        const auto count = number_of(part.substr(persons.size()));
        if (count) line["persons"] = *count;
        return count.has_value();
    }
    if (part.starts_with(concession)) {
        const auto named = split(part.substr(concession.size()), '/', 2);
        if (named.size() != 2) return false;
        line["concession"] = json::object{{"class", named[0]}, {"document", named[1]}};
        return true;
    }
    if (line.contains("session")) return false;
    line["session"] = part;
    return true;
}

// A body, or what is wrong with what was typed.
using Typed = std::variant<json::object, FaultWords>;

Typed line_body(const std::string& text) {
    constexpr std::size_t most_parts = 5;  // the last may have colons of its own: the document that was seen
    const auto parts = split(text, ':', most_parts);
    const auto wrong = [&](const std::string& part) {
        return FaultWords{FaultText::command_line_form, {{"option", "--line"}, {"given", text}, {"part", part}}};
    };
    const auto quantity = parts.size() > 1 ? number_of(parts[1]) : 1;
    if (!quantity) return wrong(parts[1]);
    json::object line{{"product", parts[0]}, {"quantity", *quantity}};
    for (std::size_t i = 2; i < parts.size(); ++i)
        if (!read_line_part(parts[i], line)) return wrong(parts[i]);
    return line;
}

Typed tender_body(const std::string& text) {
    const auto parts = split(text, ':', 3);
    const std::string given = parts.size() > 1 ? parts[1] : "";
    const auto amount = number_of(given);
    if (!amount)
        return FaultWords{FaultText::command_amount, {{"option", "--tender"}, {"given", text}, {"amount", given}}};
    json::object tender{{"kind", parts[0]}, {"amount_minor", *amount}};
    if (parts.size() > 2) tender["reference"] = parts[2];
    return tender;
}

std::optional<FaultWords> read_all(const std::vector<std::string>& given, json::array& into,
                                   Typed (*read)(const std::string&)) {
    for (const std::string& text : given) {
        auto body = read(text);
        if (auto* wrong = std::get_if<FaultWords>(&body)) return std::move(*wrong);
        into.push_back(std::move(std::get<json::object>(body)));
    }
    return std::nullopt;
}

Typed sale_body(const SellArguments& wanted) {
    json::array lines;
    json::array tenders;
    if (auto wrong = read_all(wanted.lines, lines, line_body)) return std::move(*wrong);
    if (auto wrong = read_all(wanted.tenders, tenders, tender_body)) return std::move(*wrong);
    return json::object{{"id", id_of(wanted.id)},
                        {"window", wanted.window},
                        {"lines", std::move(lines)},
                        {"tenders", std::move(tenders)}};
}

void show_sale(const Client& client, const json::value& sale) {
    std::printf("%s\n", words(Text::cli_sold, client.options().language,
                              {{"sale", text_at(sale, "sale")},
                               {"total", money(sale.at("total_minor").to_number<std::int64_t>())},
                               {"change", money(sale.at("change_minor").to_number<std::int64_t>())},
                               {"currency", text_at(sale, "currency")}})
                            .c_str());
    for (const json::value& ticket : sale.at("tickets").as_array())
        std::printf("  %s  %s  %s\n", text_at(ticket, "id").c_str(), text_at(ticket, "product").c_str(),
                    text_at(ticket, "code").c_str());
}

int sell(const Options& options, const SellArguments& wanted) {
    Client client{options};
    const auto body = sale_body(wanted);
    if (const auto* wrong = std::get_if<FaultWords>(&body)) {
        std::fprintf(stderr, "gatehouse: %s\ngatehouse: %s\n", said(*wrong, options.language).c_str(),
                     client.word(Text::cli_sale_forms).c_str());
        return Exit::usage;
    }
    return client.call("POST", "/api/v1/sales", json::serialize(std::get<json::object>(body)),
                       [&](const json::value& sale) { show_sale(client, sale); });
}

struct AgainArguments {
    std::string what;
    std::string id;
    std::string reason;
    std::string window;
    std::vector<std::string> tickets;
};

int refund(const Options& options, const AgainArguments& wanted) {
    Client client{options};
    json::object body{{"id", id_of(wanted.id)}, {"reason", wanted.reason}};
    if (!wanted.tickets.empty()) {
        json::array tickets;
        for (const std::string& ticket : wanted.tickets) tickets.emplace_back(ticket);
        body["tickets"] = std::move(tickets);
    }
    if (!wanted.window.empty()) body["window"] = wanted.window;
    return client.call(
        "POST", "/api/v1/sales/" + wanted.what + "/refund", json::serialize(body), [&](const json::value& made) {
            std::printf("%s\n", words(Text::cli_refunded, options.language,
                                      {{"refund", text_at(made, "refund")},
                                       {"total", money(made.at("total_minor").to_number<std::int64_t>())},
                                       {"currency", text_at(made, "currency")}})
                                    .c_str());
        });
}

int reprint(const Options& options, const AgainArguments& wanted) {
    Client client{options};
    json::object body{{"id", id_of(wanted.id)}, {"reason", wanted.reason}};
    if (!wanted.window.empty()) body["window"] = wanted.window;
    return client.call(
        "POST", "/api/v1/tickets/" + wanted.what + "/reprint", json::serialize(body), [&](const json::value& made) {
            std::printf("%s\n",
                        words(Text::cli_reprinted, options.language, {{"copy", number_at(made, "copy")}}).c_str());
        });
}

// What each kind of tender came to, below the shift's sums; empty while nothing was taken.
std::string tender_table(const Client& client, const json::value& shift) {
    const auto& tenders = shift.at("tenders").as_array();
    if (tenders.empty()) return {};
    std::vector<std::vector<std::string>> rows{{client.word(Text::cli_tender), client.word(Text::cli_amount),
                                                client.word(Text::cli_handed_back), client.word(Text::cli_unverified)}};
    const auto amount = [](const json::value& of, std::string_view key) {
        return money(of.at(key).to_number<std::int64_t>());
    };
    for (const json::value& tender : tenders)
        rows.push_back({tender_word(client, text_at(tender, "kind")), amount(tender, "amount_minor"),
                        amount(tender, "refunded_minor"), amount(tender, "unverified_minor")});
    return "\n" + table(rows);
}

void show_shift(const Client& client, const json::value& shift) {
    std::vector<std::vector<std::string>> rows;
    const auto amount = [&](Text label, std::string_view key) {
        const auto* value = shift.as_object().if_contains(key);
        if (value != nullptr) rows.push_back({client.word(label), money(value->to_number<std::int64_t>())});
    };
    rows.push_back({client.word(Text::cli_shift),
                    text_at(shift, "shift") + "  " + text_at(shift, "window") + "  " + text_at(shift, "operator")});
    amount(Text::cli_float, "float_minor");
    amount(Text::cli_cash_sales, "cash_sales_minor");
    amount(Text::cli_cash_refunds, "cash_refunds_minor");
    amount(Text::cli_paid_in, "paid_in_minor");
    amount(Text::cli_paid_out, "paid_out_minor");
    amount(Text::cli_expected, "expected_minor");
    amount(Text::cli_counted, "counted_minor");
    amount(Text::cli_difference, "difference_minor");
    rows.push_back({client.word(Text::cli_tickets), number_at(shift, "tickets")});
    std::fputs(table(rows).c_str(), stdout);
    std::fputs(tender_table(client, shift).c_str(), stdout);
}

struct ShiftArguments {
    std::string window;
    std::string shift;
    std::string id;
    std::int64_t float_minor = 0;
    std::int64_t counted = 0;
};

std::string current_target(const std::string& window) {
    return window.empty() ? "/api/v1/shifts/current" : "/api/v1/shifts/current?window=" + window;
}

int close_shift(const Options& options, const ShiftArguments& wanted) {
    Client client{options};
    std::string shift = wanted.shift;
    if (shift.empty()) {
        int exit = Exit::ok;
        const auto current = client.ask("GET", current_target(wanted.window), "", exit);
        if (!current) return exit;
        shift = text_at(*current, "shift");
    }
    return client.call("POST", "/api/v1/shifts/" + shift + "/close",
                       json::serialize(json::object{{"id", id_of(wanted.id)}, {"counted", wanted.counted}}),
                       [&](const json::value& answer) { show_shift(client, answer); });
}

void add_shift_verbs(const Tree& tree) {
    CLI::App* shift = tree.app.add_subcommand("shift");
    shift->require_subcommand(1);
    auto wanted = std::make_shared<ShiftArguments>();
    CLI::App* opening = tree.verb(*shift, "open", [&options = tree.options, wanted] {
        Client client{options};
        const json::object body{
            {"id", id_of(wanted->id)}, {"window", wanted->window}, {"float_minor", wanted->float_minor}};
        return client.call("POST", "/api/v1/shifts", json::serialize(body),
                           [&](const json::value& answer) { show_shift(client, answer); });
    });
    opening->add_option("--window", wanted->window)->required();
    opening->add_option("--float", wanted->float_minor);
    opening->add_option("--id", wanted->id);
    CLI::App* closing =
        tree.verb(*shift, "close", [&options = tree.options, wanted] { return close_shift(options, *wanted); });
    closing->add_option("shift", wanted->shift);
    closing->add_option("--window", wanted->window);
    closing->add_option("--counted", wanted->counted)->required();
    closing->add_option("--id", wanted->id);
    CLI::App* report = tree.verb(*shift, "report", [&options = tree.options, wanted] {
        Client client{options};
        return client.call("GET", current_target(wanted->window), "",
                           [&](const json::value& answer) { show_shift(client, answer); });
    });
    report->add_option("--window", wanted->window);
}

}  // namespace

std::string tender_word(const Client& client, const std::string& kind) {
    for (auto i = static_cast<unsigned>(Text::tender_cash); i <= static_cast<unsigned>(Text::tender_free); ++i)
        if (text_name(static_cast<Text>(i)) == "tender_" + kind) return client.word(static_cast<Text>(i));
    return kind;
}

void add_window_verbs(const Tree& tree) {
    auto wanted = std::make_shared<SellArguments>();
    CLI::App* selling =
        tree.verb(tree.app, "sell", [&options = tree.options, wanted] { return sell(options, *wanted); });
    selling->add_option("--window", wanted->window)->required();
    selling->add_option("--line", wanted->lines)->required();
    selling->add_option("--tender", wanted->tenders);
    selling->add_option("--id", wanted->id);

    auto back = std::make_shared<AgainArguments>();
    CLI::App* refunding =
        tree.verb(tree.app, "refund", [&options = tree.options, back] { return refund(options, *back); });
    refunding->add_option("sale", back->what)->required();
    refunding->add_option("--ticket", back->tickets);
    refunding->add_option("--reason", back->reason)->required();
    refunding->add_option("--window", back->window);
    refunding->add_option("--id", back->id);
    CLI::App* printing =
        tree.verb(tree.app, "reprint", [&options = tree.options, back] { return reprint(options, *back); });
    printing->add_option("ticket", back->what)->required();
    printing->add_option("--reason", back->reason)->required();
    printing->add_option("--window", back->window);
    printing->add_option("--id", back->id);

    add_shift_verbs(tree);
}

}  // namespace gatehouse::cli
