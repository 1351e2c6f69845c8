// Any text: rows that are taken have their columns, and written again they read the same.
#include "schemas/base/check.hpp"
#include "schemas/csv/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    const CsvLimits limits{4096, 20, 8, 64};
    const auto table = parse_csv({reinterpret_cast<const char*>(data), size}, limits);
    if (!table) return 0;
    std::string written = "\"column\"";
    for (std::size_t i = 1; i < table->columns.size(); ++i) written += ",c";
    for (const auto& row : table->rows) {
        check(row.fields.size() == table->columns.size(), "every row has its columns");
        written += '\n';
        for (std::size_t i = 0; i < row.fields.size(); ++i) {
            std::string quoted = "\"";
            for (const char c : row.fields[i]) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
            written += (i > 0 ? "," : "") + quoted + '"';
        }
    }
    const auto again = parse_csv(written, {16'384, 20, 8, 64});
    check(again && again->rows.size() == table->rows.size(), "what was read can be written");
    for (std::size_t i = 0; i < table->rows.size(); ++i)
        check(again->rows[i].fields == table->rows[i].fields, "what was written reads the same");
    return 0;
}
