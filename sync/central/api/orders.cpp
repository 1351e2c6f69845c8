// POST orders/import: CSV of any length up to the body's limit, in pieces, one transaction each; or a JSON list. Other
// commands go between the pieces.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <utility>

#include "schemas/csv/csv.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/order_import.hpp"
#include "sync/web/problem.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr JsonLimits json_limits{16U * 1024U * 1024U, 4};
constexpr std::size_t most_orders = 100'000;

struct NumberedRow {
    std::uint64_t line = 0;
    Result<OrderImported> order;
};

// One import from the first piece to the last. Used on the writing thread alone.
struct Import {
    Call call;
    std::shared_ptr<const Catalogue> catalogue;
    CsvPieces pieces;
    std::vector<NumberedRow> listed;  // of a JSON body
    std::size_t next_listed = 0;
    OrderJudge judge;
    ImportResult result;
    bool by_list = false;
    std::uint64_t line = 0;  // where the piece at hand begins

    Import(Call c, std::shared_ptr<const Catalogue> k)
        : call(std::move(c)), catalogue(std::move(k)), pieces(call.request.body, rows_at_once), judge(*catalogue) {}
};

json::object result_json(const ImportResult& result) {
    json::array rows;
    for (const auto& row : result.rows()) {
        json::object one{{"row", row.line}, {"result", to_string(row.outcome)}};
        if (row.why) {
            one["detail"] = row.why->detail;
            sync::add_reason(*row.why, one);
        }
        if (row.ticket) one["ticket"] = to_string(*row.ticket);
        rows.push_back(std::move(one));
    }
    return {{"imported", result.imported()},
            {"duplicate", result.duplicate()},
            {"refused", result.refused()},
            {"rows", std::move(rows)},
            {"rows_left_out", result.left_out()}};
}

// The next rows; nothing when all have been read. Errors: what is next is no CSV of orders.
Result<std::optional<std::vector<NumberedRow>>> next_rows(Import& import) {
    std::vector<NumberedRow> rows;
    if (import.by_list) {
        while (import.next_listed < import.listed.size() && rows.size() < rows_at_once)
            rows.push_back(std::move(import.listed[import.next_listed++]));
        if (rows.empty()) return std::optional<std::vector<NumberedRow>>{};
        return std::optional{std::move(rows)};
    }
    const auto piece = import.pieces.next();
    if (!piece) return std::optional<std::vector<NumberedRow>>{};
    import.line = piece->first_line;
    const auto table = parse_csv(piece->text);
    if (!table) return table.error();
    const auto columns = OrderColumns::of(table->columns);
    if (!columns) return columns.error();
    for (const auto& row : table->rows) rows.push_back({piece->first_line + row.line - 2, columns->read(row.fields)});
    return std::optional{std::move(rows)};
}

std::optional<std::pair<TicketId, OrderImported>> held_order(ledger::LedgerReader& reader, std::string_view code) {
    const auto ticket = reader.order_by_code(code);
    const auto record = ticket ? reader.record(ticket->sold) : std::nullopt;
    const auto* order = record ? std::get_if<OrderImported>(&record->body) : nullptr;
    if (order == nullptr) return std::nullopt;
    return std::pair{*ticket, *order};
}

// Judges and writes rows within the open transaction.
Result<void> take_rows(Import& import, Writing& writing, std::vector<NumberedRow> rows,
                       std::vector<RowResult>& results) {
    for (auto& row : rows) {
        const auto held = row.order ? held_order(writing.reader, row.order->code) : std::nullopt;
        auto result = import.judge.judge(row.line, row.order, held ? std::optional{held->second} : std::nullopt);
        if (held && result.outcome == RowOutcome::duplicate) result.ticket = held->first;
        if (result.outcome == RowOutcome::imported) {
            const auto record =
                writing.journal.append(writing.ledger, std::move(*row.order), import.call.who.name, writing.clock);
            if (!record) return record.error();
            result.ticket = TicketId{record->ref(), 1};
        }
        results.push_back(std::move(result));
    }
    import.judge.written();
    return {};
}

void go_on(const std::shared_ptr<Import>& import);

void finish(const std::shared_ptr<Import>& import) {
    import->call.answer(sync::json_response(200, result_json(import->result)));
}

// A file that cannot be read is refused; where rows of it are taken already, the answer tells what became of them.
Committed stop_reading(const std::shared_ptr<Import>& import, const Error& why) {
    return [import, why](const Result<void>&) {
        const auto& result = import->result;
        if (result.imported() + result.duplicate() + result.refused() == 0) return import->call.refuse(why);
        const auto unread =
            fail(ErrorCode::invalid_body, Why::rest_unread, "from here on nothing was read: " + why.detail);
        import->result.add({import->line, RowOutcome::refused, unread, {}});
        finish(import);
    };
}

Committed work_piece(const std::shared_ptr<Import>& import, Writing& writing) {
    auto rows = next_rows(*import);
    if (!rows) return stop_reading(import, rows.error());
    if (!*rows) return [import](const Result<void>&) { finish(import); };
    auto results = std::make_shared<std::vector<RowResult>>();
    if (auto taken = take_rows(*import, writing, std::move(**rows), *results); !taken)
        return [import, why = taken.error()](const Result<void>&) { import->call.refuse(why); };
    return [import, results](const Result<void>& outcome) {
        if (!outcome) return import->call.refuse(outcome.error());
        for (auto& row : *results) import->result.add(std::move(row));
        go_on(import);
    };
}

void go_on(const std::shared_ptr<Import>& import) {
    import->call.services->store.submit([import](Writing& writing) { return work_piece(import, writing); },
                                        [import](const Error& why) { import->call.refuse(why); });
}

Result<std::vector<NumberedRow>> read_list(std::string_view text) {
    const auto body = parse_json(text, json_limits);
    if (!body) return body.error();
    JsonFault fault;
    JsonReader in{fault, *body};
    std::vector<NumberedRow> rows;
    for (auto& item : in.objects("orders", 0, most_orders)) {
        OrderImported order;
        order.code = item.text("code", 128);
        order.order = item.text("order", 64);
        order.channel = item.text("channel", 64);
        order.product = item.named<ProductId>("product");
        order.persons = item.integer<std::uint16_t>("persons", 1, 1'000);
        order.entries = item.integer<std::uint16_t>("entries", 1, 1'000);
        order.valid_from = item.date("valid_from");
        order.valid_to = item.date("valid_to");
        item.finish();
        rows.push_back({rows.size() + 1, std::move(order)});
    }
    in.finish();
    if (fault.error) return *fault.error;
    return rows;
}

}  // namespace

void call_import_orders(const Call& call) {
    const auto type = call.request.field("content-type").value_or("");
    const auto import = std::make_shared<Import>(call, call.services->store.catalogue());
    if (type.starts_with("application/json")) {
        auto rows = read_list(call.request.body);
        if (!rows) return call.refuse(rows.error());
        import->listed = std::move(*rows);
        import->by_list = true;
    } else if (!type.starts_with("text/csv")) {
        return call.answer(sync::problem(415, "invalid_body", "Content-Type: text/csv or application/json"));
    }
    go_on(import);
}

// What was used of other sellers' orders (核销), for writing back.
void call_redemptions(const Call& call) {
    constexpr std::size_t most = 1'000;
    const std::string since{call.request.parameter("since").value_or("")};
    // Everything would be written back a second time.
    if (!ledger::is_cursor(since))
        return call.refuse(fail(ErrorCode::invalid_body, "since: `next` of a former answer"));
    answer_read(call, [since](const Call& asked, Reading& reading) {
        json::array list;
        auto next = since;
        for (const auto& use : reading.reports.redemptions(since, most)) {
            const auto record = reading.reader.record(use.verdict);
            const auto* verdict = record ? std::get_if<Verdict>(&record->body) : nullptr;
            next = use.cursor;
            if (verdict == nullptr || !verdict->ticket) continue;
            list.push_back({{"code", use.code},
                            {"order", use.order},
                            {"channel", use.channel},
                            {"ticket", to_string(*verdict->ticket)},
                            {"persons", use.persons},
                            {"time", time_text(*asked.services, use.at)},
                            {"business_date", format_date(use.business_date)},
                            {"node", use.verdict.node.value},
                            {"gate", use.gate.value},
                            {"lane", verdict->lane.value},
                            {"record", to_string(use.verdict)}});
        }
        return sync::json_response(200, {{"redemptions", std::move(list)}, {"next", next}});
    });
}

}  // namespace gatehouse::central
