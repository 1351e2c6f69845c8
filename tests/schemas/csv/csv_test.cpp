#include "schemas/csv/csv.hpp"

#include <doctest/doctest.h>

#include "schemas/base/utf8.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {
std::string fault_of(std::string_view text, CsvLimits limits = {}) {
    const auto table = parse_csv(text, limits);
    return table ? "" : table.error().detail;
}
}  // namespace

TEST_CASE("rows are read with their lines, whatever the line ends") {
    const auto table = parse_csv(
        "\xef\xbb\xbf"
        "code,order\r\nA1,\"x,\"\"y\"\"\"\r\n\r\nA2,\"two\nlines\"\nA3,");
    REQUIRE(table);
    CHECK(table->columns == std::vector<std::string>{"code", "order"});
    CHECK(table->rows == std::vector<CsvRow>{{2, {"A1", "x,\"y\""}}, {4, {"A2", "two\nlines"}}, {6, {"A3", ""}}});
    CHECK(table->column("order") == 1);
    CHECK_FALSE(table->column("price"));
}

TEST_CASE("a fault is told with its line") {
    CHECK(fault_of("") == "line 1: no row that names the columns");
    CHECK(fault_of("a,b\n1\n") == "line 2: not as many fields as columns");
    CHECK(fault_of("a\n1\n\"x\"y\n") == "line 3: something after a quoted field");
    CHECK(fault_of("a\n1\nx\"y\n") == "line 3: a quote inside a field that is not quoted");
    CHECK(fault_of("a\n\"x\n") == "line 2: a quoted field does not end");
    CHECK(fault_of("a\n1\r2\n") == "line 2: a carriage return without a line feed");
    CHECK(fault_of("a\n1\n2\x01\n") == "line 3: a control character");
    CHECK(fault_of("a\n\xff\n") == "line 1: the file is not UTF-8");
}

TEST_CASE("CSV at its limits is taken, one past them is refused") {
    const CsvLimits limits{40, 2, 2, 3};
    CHECK(fault_of("a,b\n1,123\n3,4\n", limits).empty());
    CHECK(fault_of("a,b\n1,2\n3,4\n5,6\n", limits) == "line 4: too many rows");
    CHECK(fault_of("a,b,c\n", limits) == "line 1: too many columns");
    CHECK(fault_of("a,b\n1,1234\n", limits) == "line 2: a field is too long");
    CHECK(fault_of("a,b\n1,\"\"\"34\"\"\"\n", limits) == "line 2: a field is too long");
    CHECK(fault_of(std::string(41, 'a'), limits) == "line 1: the file is too long");
}

TEST_CASE("fields are written so that they read back, and are no formulas") {
    for (const char* text : {"", "plain", "a,b", "say \"hi\"", "two\nlines", "-12.50", "中文"}) {
        const auto table = parse_csv("a,b\n" + csv_field(text) + ",x\n");
        REQUIRE(table);
        CHECK(table->rows.at(0).fields.at(0) == text);
    }
    CHECK(csv_field("=1+1") == "'=1+1");
    CHECK(csv_field("@cmd") == "'@cmd");
}

TEST_CASE("UTF-8 is what Unicode says it is") {
    for (const char* text : {"", "a", "é", "中", "😀", "\xf4\x8f\xbf\xbf", "\xee\x80\x80"}) CHECK(is_utf8(text));
    for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                             "\xf5\x80\x80\x80", "\xe4\xb8", "\xc3("})
        CHECK_FALSE(is_utf8(text));
}
