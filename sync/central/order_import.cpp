#include "sync/central/order_import.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "schemas/calendar/date_text.hpp"

namespace gatehouse::central {

namespace {

constexpr std::size_t longest_code = 128;
constexpr std::size_t longest_text = 64;
constexpr std::uint16_t largest_number = 1'000;  // of persons, of entries
constexpr std::size_t column_count = 8;
enum Column : std::size_t { code, order, channel, product, persons, entries, valid_from, valid_to };
constexpr std::array<std::string_view, column_count> column_names{"code",    "order",   "channel",    "product",
                                                                  "persons", "entries", "valid_from", "valid_to"};

Error bad(Column column, Why why, std::string_view text, std::initializer_list<NamedValue> with = {}) {
    return fail_at(column_names[column], why, text, with);
}

Error no_text(Column column) {
    return bad(column, Why::octets, "1 to {most} octets", {{"most", std::to_string(longest_text)}});
}
Error no_number(Column column) {
    return bad(column, Why::between, "{least} to {most}", {{"least", "1"}, {"most", std::to_string(largest_number)}});
}

std::optional<std::uint16_t> number(std::string_view text) {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string_view to_string(RowOutcome outcome) {
    switch (outcome) {
        case RowOutcome::imported: return "imported";
        case RowOutcome::duplicate: return "duplicate";
        case RowOutcome::refused: return "refused";
    }
    return "refused";
}

Result<OrderColumns> OrderColumns::of(const std::vector<std::string>& header) {
    OrderColumns columns;
    std::array<bool, column_count> seen{};
    for (std::size_t i = 0; i < header.size(); ++i) {
        const auto at = std::ranges::find(column_names, header[i]);
        if (at == column_names.end())
            return fail(ErrorCode::invalid_body, Why::column,
                        "column {column} is none of code, order, channel, product, persons, entries, valid_from, "
                        "valid_to",
                        {{"column", std::to_string(i + 1)}});
        const auto which = static_cast<std::size_t>(at - column_names.begin());
        if (std::exchange(seen[which], true))
            return fail(ErrorCode::invalid_body, Why::column, "column {column} is there twice",
                        {{"column", std::string{*at}}});
        columns.at_[which] = i;
    }
    for (std::size_t i = 0; i < column_count; ++i)
        if (!seen[i])
            return fail(ErrorCode::invalid_body, Why::column, "column {column} is missing",
                        {{"column", std::string{column_names[i]}}});
    return columns;
}

Result<OrderImported> OrderColumns::read(const std::vector<std::string>& fields) const {
    if (fields.size() != column_count)
        return fail(ErrorCode::invalid_body, Why::fields, "{count} fields where 8 are named",
                    {{"count", std::to_string(fields.size())}});
    OrderImported row;
    row.code = fields[at_[code]];
    row.order = fields[at_[order]];
    row.channel = fields[at_[channel]];
    row.product = ProductId{fields[at_[product]]};
    const auto people = number(fields[at_[persons]]);
    if (!people) return bad(persons, Why::whole, "a whole number");
    row.persons = *people;
    const auto times = number(fields[at_[entries]]);
    if (!times) return bad(entries, Why::whole, "a whole number");
    row.entries = *times;
    const auto from = parse_date(fields[at_[valid_from]]);
    if (!from) return bad(valid_from, Why::date, "a date, as 2026-05-01");
    row.valid_from = *from;
    const auto to = parse_date(fields[at_[valid_to]]);
    if (!to) return bad(valid_to, Why::date, "a date, as 2026-05-01");
    row.valid_to = *to;
    return row;
}

Result<void> check_order(const Catalogue& catalogue, const OrderImported& row) {
    if (row.code.empty() || row.code.size() > longest_code || !is_printable_ascii(row.code))
        return bad(code, Why::printable, "1 to {most} printable ASCII characters without blanks",
                   {{"most", std::to_string(longest_code)}});
    if (row.order.empty() || row.order.size() > longest_text) return no_text(order);
    if (row.channel.empty() || row.channel.size() > longest_text) return no_text(channel);
    const auto* known = catalogue.product(row.product);
    if (known == nullptr) return bad(product, Why::unknown, "no such product in the catalogue");
    if (row.persons == 0 || row.persons > largest_number) return no_number(persons);
    if (row.entries == 0 || row.entries > largest_number) return no_number(entries);
    if (row.valid_from > row.valid_to) return bad(valid_to, Why::order, "not before valid_from");
    return {};
}

std::string_view CsvPieces::take_row() {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest_.size(); ++end) {
        if (rest_[end] == '"') quoted = !quoted;
        if (rest_[end] != '\n') continue;
        ++line_;
        if (!quoted) break;
    }
    const auto row = rest_.substr(0, std::min(end + 1, rest_.size()));
    rest_.remove_prefix(row.size());
    return row;
}

std::optional<CsvPieces::Piece> CsvPieces::next() {
    if (!begun_) {
        begun_ = true;
        header_ = take_row();
        if (!header_.empty() && header_.back() != '\n') header_ += '\n';
        // Also a file of a header alone is judged.
        if (rest_.empty()) return Piece{header_, line_};
    }
    if (rest_.empty()) return std::nullopt;
    Piece piece{header_, line_};
    for (std::size_t i = 0; i < rows_ && !rest_.empty(); ++i) piece.text += take_row();
    return piece;
}

RowResult OrderJudge::judge(std::uint64_t line, const Result<OrderImported>& row,
                            const std::optional<OrderImported>& held) {
    if (!row) return {line, RowOutcome::refused, row.error(), {}};
    const auto unwritten = unwritten_.find(row->code);
    if (held || unwritten != unwritten_.end()) {
        const auto& former = held ? *held : unwritten->second;
        if (former == *row) return {line, RowOutcome::duplicate, {}, {}};
        return {line, RowOutcome::refused, bad(code, Why::order_has_it, "another order has it"), {}};
    }
    if (auto good = check_order(catalogue_, *row); !good) return {line, RowOutcome::refused, good.error(), {}};
    unwritten_.emplace(row->code, *row);
    return {line, RowOutcome::imported, {}, {}};
}

void ImportResult::add(RowResult row) {
    switch (row.outcome) {
        case RowOutcome::imported: ++imported_; break;
        case RowOutcome::duplicate: ++duplicate_; break;
        case RowOutcome::refused: ++refused_; break;
    }
    const bool refusal = row.outcome == RowOutcome::refused;
    const auto others = rows_.size() - kept_refusals_;
    if (refusal ? kept_refusals_ >= most_kept_rows : others >= most_kept_rows) return;
    if (refusal) ++kept_refusals_;
    rows_.push_back(std::move(row));
}

}  // namespace gatehouse::central
