#include "edge/api/metrics.hpp"

#include <doctest/doctest.h>

#include "edge/api/board.hpp"
#include "edge/desk/desk.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

const RecordRef open_shift_ref{NodeId{7}, Epoch{1}, Seq{4}};

ledger::Record record(Body body) {
    Header header;
    header.node = NodeId{7};
    header.epoch = Epoch{1};
    header.seq = Seq{5};
    return ledger::make_record(header, std::move(body));
}

ledger::Record counted_sale(Minor total, RecordRef of) {
    Sale sale;
    sale.shift = of;
    sale.total = total;
    return record(std::move(sale));
}

bool tells(const Metrics& metrics, std::string_view line) {
    return metrics.text(Board{}, DeskStatus{}, 0).find("\n" + std::string{line} + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("what was sold is told to anybody only when the money of its shift has been counted") {
    Metrics metrics;
    metrics.count(counted_sale(Minor{8'000}, open_shift_ref));
    CHECK(tells(metrics, "gatehouse_sales_amount_minor_total 0"));
    ledger::ShiftFacts closed;  // as the ledger has it: also what was sold before this run
    closed.tenders = {{TenderKind::cash, Minor{8'000}}, {TenderKind::card, Minor{3'000}}};
    closed.refunded = {{TenderKind::cash, Minor{1'000}}};
    metrics.count_money(closed);
    CHECK(tells(metrics, "gatehouse_sales_amount_minor_total 12000"));
}
