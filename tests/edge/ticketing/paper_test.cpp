#include "edge/ticketing/paper.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

TicketPayload family() {
    TicketPayload ticket;
    ticket.id = {{NodeId{7}, Epoch{1}, Seq{1234}}, 1};
    ticket.product = ProductId{"family"};
    ticket.persons = 4;
    ticket.check_id = true;
    ticket.valid_from = ticket.valid_to = Date{20'000};
    return ticket;
}

bool says(const std::vector<drivers::PaperLine>& lines, std::string_view text) {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.text.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a ticket says in both languages what it is, for how many, when, and its number") {
    Catalogue catalogue;
    Product product;
    product.id = ProductId{"family"};
    product.name = {"家庭票", "Family ticket"};
    catalogue.products = {product};
    const auto calendar = VenueCalendar::utc();
    PaperContext context{
        catalogue, calendar, "测试公园", WallTime{20'000LL * 86'400'000}, WindowName{"window-1"}, Minor{18'005},
        {},        0,        false};
    const auto paper = paper_of(family(), "CODE", context);
    CHECK(paper.qr == "CODE");
    CHECK(paper.reprint_mark.empty());
    CHECK(says(paper.head, "测试公园"));
    CHECK(says(paper.head, "家庭票"));
    CHECK(says(paper.head, "Family ticket"));
    CHECK(says(paper.head, "Persons 4"));
    CHECK(says(paper.head, "2024-10-04"));
    CHECK(says(paper.foot, "180.05"));
    CHECK(says(paper.foot, "7-1-1234-1"));
    CHECK(says(paper.foot, "证件"));

    context.copy = 2;
    CHECK(paper_of(family(), "CODE", context).reprint_mark.find("2") != std::string::npos);
}

TEST_CASE("a test paper says in both languages that it is no ticket, where it was printed and when") {
    const auto paper = test_paper("测试公园", DeviceName{"printer-1"}, "2026-11-22 09:30");
    CHECK(says(paper.head, "测试公园"));
    CHECK(says(paper.head, "打印测试，不是门票"));
    CHECK(says(paper.head, "PRINT TEST, NO TICKET"));
    CHECK(paper.qr == "gatehouse test printer-1 2026-11-22 09:30");
    CHECK(says(paper.foot, "打印机 printer-1 · Printer printer-1"));
    CHECK(says(paper.foot, "2026-11-22 09:30"));
    CHECK(paper.cut);
    CHECK_FALSE(paper.open_drawer);
}

TEST_CASE("a product that the catalogue no longer has is printed by its id") {
    const Catalogue none;
    const auto calendar = VenueCalendar::utc();
    const PaperContext context{none, calendar, "v", {}, {}, {}, {}, 0, true};
    const auto paper = paper_of(family(), "CODE", context);
    CHECK(says(paper.head, "family"));
    CHECK(says(paper.head, "Reissued"));
}
