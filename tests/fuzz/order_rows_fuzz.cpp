// Any text as a file of orders, cut into pieces of two rows: lines go forward, and every row is an order or a named
// fault.
#include "schemas/base/check.hpp"
#include "schemas/csv/csv.hpp"
#include "sync/central/order_import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    using namespace gatehouse::central;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    CsvPieces pieces{text, 2};
    std::uint64_t line = 0;
    for (auto piece = pieces.next(); piece; piece = pieces.next()) {
        check(piece->first_line > line, "lines go forward");
        line = piece->first_line;
        const auto table = parse_csv(piece->text);
        if (!table) continue;
        const auto columns = OrderColumns::of(table->columns);
        if (!columns) continue;
        for (const auto& row : table->rows) {
            const auto order = columns->read(row.fields);
            check(order.has_value() || !order.error().detail.empty(), "a fault is named");
        }
    }
    return 0;
}
