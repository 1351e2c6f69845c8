#include "sync/central/order_import.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sync/central/example_catalogue.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::central;

namespace {

const std::vector<std::string> header{"code",    "order",   "channel",    "product",
                                      "persons", "entries", "valid_from", "valid_to"};
std::vector<std::string> row(std::string code) {
    return {std::move(code), "o-1", "ota", "adult", "2", "1", "2026-05-01", "2026-05-03"};
}
OrderColumns columns() { return OrderColumns::of(header).value(); }
std::string fault_at(std::size_t field, std::string value) {
    auto fields = row("ABC");
    fields[field] = std::move(value);
    const auto read = columns().read(fields);
    if (!read) return read.error().detail;
    const auto good = check_order(example_catalogue({}, "x"), *read);
    return good ? "" : good.error().detail;
}

}  // namespace

TEST_CASE("columns may come in any order, and all eight must") {
    auto reversed = header;
    std::ranges::reverse(reversed);
    auto fields = row("ABC");
    const auto expected = columns().read(fields).value();
    std::ranges::reverse(fields);
    CHECK(OrderColumns::of(reversed).value().read(fields).value() == expected);
    auto missing = header;
    missing.pop_back();
    CHECK(OrderColumns::of(missing).error().detail == "column valid_to is missing");
    missing.push_back("code");
    CHECK(OrderColumns::of(missing).error().detail == "column code is there twice");
    missing.back() = "seat";
    CHECK_FALSE(OrderColumns::of(missing));
}

TEST_CASE("a bad field of an order is named") {
    CHECK(fault_at(0, "").starts_with("code:"));
    CHECK(fault_at(0, std::string(129, 'A')).starts_with("code:"));
    CHECK(fault_at(0, "A B").starts_with("code:"));
    CHECK(fault_at(1, "").starts_with("order:"));
    CHECK(fault_at(2, "").starts_with("channel:"));
    CHECK(fault_at(3, "nothing").starts_with("product:"));
    CHECK(fault_at(4, "0").starts_with("persons:"));
    CHECK(fault_at(4, "-1").starts_with("persons:"));
    CHECK(fault_at(5, "70000").starts_with("entries:"));
    CHECK(fault_at(6, "2026-02-30").starts_with("valid_from:"));
    CHECK(fault_at(7, "2026-04-30").starts_with("valid_to:"));
    CHECK(fault_at(7, "2026-05-01") == "");
    CHECK_FALSE(columns().read({"only", "three", "fields"}));
}

TEST_CASE("the same row twice is a duplicate, the same code for another order is refused") {
    const auto catalogue = example_catalogue({}, "x");
    OrderJudge judge{catalogue};
    const auto first = columns().read(row("ABC"));
    auto other = first;
    other->order = "o-2";
    CHECK(judge.judge(2, first, {}) == RowResult{2, RowOutcome::imported, {}, {}});
    CHECK(judge.judge(3, first, {}) == RowResult{3, RowOutcome::duplicate, {}, {}});
    CHECK(judge.judge(4, other, {}) ==
          RowResult{4, RowOutcome::refused, fail_at("code", Why::order_has_it, "another order has it"), {}});
    judge.written();
    CHECK(judge.judge(5, first, *first) == RowResult{5, RowOutcome::duplicate, {}, {}});
    CHECK(judge.judge(6, other, *first).outcome == RowOutcome::refused);
}

TEST_CASE("an import's result counts every row and keeps a bounded number") {
    ImportResult result;
    const auto n = ImportResult::most_kept_rows + 5;
    for (std::uint64_t i = 1; i <= n; ++i) result.add({i, RowOutcome::imported, {}, {}});
    result.add({n + 1, RowOutcome::refused, fail(ErrorCode::invalid_body, "code"), {}});
    CHECK(result.imported() == n);
    CHECK(result.rows().size() == ImportResult::most_kept_rows + 1);
    CHECK(result.left_out() == 5);
    CHECK(result.rows().back().why == fail(ErrorCode::invalid_body, "code"));
}

TEST_CASE("a CSV text is cut at the ends of rows, quoted line ends included") {
    CsvPieces pieces{"a,b\n1,2\n\"x\ny\",3\n4,5", 2};
    auto piece = pieces.next();
    REQUIRE(piece);
    CHECK(piece->text == "a,b\n1,2\n\"x\ny\",3\n");
    CHECK(piece->first_line == 2);
    piece = pieces.next();
    REQUIRE(piece);
    CHECK(piece->text == "a,b\n4,5");
    CHECK(piece->first_line == 5);
    CHECK_FALSE(pieces.next());
    CHECK(CsvPieces{"a,b", 2}.next()->text == "a,b\n");
}
