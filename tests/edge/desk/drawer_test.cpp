#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::much_cash;
using gatehouse::test::sale_of;

namespace {

// Which papers of the jobs since the last call open the drawer.
std::vector<bool> opening(DeskRig& rig) {
    std::vector<bool> out;
    for (const auto& job : rig.take<PrintTickets>())
        for (const auto& paper : job.papers) out.push_back(paper.open_drawer);
    return out;
}

std::vector<DeviceName> opened(DeskRig& rig) {
    std::vector<DeviceName> out;
    for (const auto& order : rig.take<OpenDrawer>()) out.push_back(order.printer);
    return out;
}

const std::vector at_the_window{DeviceName{"printer-1"}};

}  // namespace

TEST_CASE("the drawer opens with the first paper of a sale that takes cash, once its record is synced") {
    DeskRig rig;
    rig.open_shift();
    rig.step(CommandReceived{CommandToken{500}, Actor{OperatorName{"clerk1"}}, sale_of("s", "adult", 2, much_cash)});
    CHECK(opening(rig).empty());
    rig.sync();
    CHECK(opening(rig) == std::vector{true, false});
    rig.must<SaleReply>("clerk1", sale_of("s", "adult", 2, much_cash));
    CHECK(opening(rig).empty());  // the same command again is answered, and nothing happens
    rig.must<SaleReply>("clerk1", sale_of("card", "adult", 2, {{TenderKind::card, Minor{16'000}, "T-1"}}));
    CHECK(opening(rig) == std::vector{false, false});
    const std::vector<SellTender> both{{TenderKind::card, Minor{8'000}, "T-2"}, {TenderKind::cash, Minor{8'000}, {}}};
    rig.must<SaleReply>("clerk1", sale_of("both", "adult", 2, both));
    CHECK(opening(rig) == std::vector{true, false});
    CHECK(opened(rig).empty());
}

TEST_CASE("neither a reprint nor a reissue opens the drawer") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    CHECK(opening(rig) == std::vector{true});
    rig.must<ReprintReply>("clerk1", MakeReprint{ClientId{"p"}, sold.tickets[0].id, {}, "jam"});
    CHECK(opening(rig) == std::vector{false});
    const WindowName window{"window-1"};
    rig.must<ReissueReply>("boss", MakeReissue{ClientId{"n"}, sold.tickets[0].id, window, "lost", {}});
    CHECK(opening(rig) == std::vector{false});
    CHECK(opened(rig).empty());
}

TEST_CASE("cash that is handed back, paid in or paid out opens the drawer of its window, once its record is synced") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    const auto unpaid = sale_of("card", "adult", 1, {{TenderKind::card, Minor{8'000}, "T-1"}});
    const auto by_card = rig.must<SaleReply>("clerk1", unpaid);
    const auto shift = rig.must<ShiftReply>("clerk1", FindShift{}).shift;
    CHECK(opened(rig).empty());

    const MakeRefund back{ClientId{"r"}, sold.sale, {}, {}, "rain"};
    rig.step(CommandReceived{CommandToken{501}, Actor{OperatorName{"clerk1"}}, back});
    CHECK(opened(rig).empty());
    rig.sync();
    CHECK(opened(rig) == at_the_window);
    rig.must<RefundReply>("clerk1", back);
    CHECK(opened(rig).empty());
    rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-2"}, by_card.sale, {}, {}, "rain"});
    CHECK(opened(rig).empty());  // goes back to the card

    for (const auto direction : {CashDirection::pay_in, CashDirection::pay_out}) {
        const ClientId id{direction == CashDirection::pay_in ? "in" : "out"};
        rig.must<ShiftReply>("clerk1", MoveCash{id, shift, direction, Minor{500}, "coins"});
        CHECK(opened(rig) == at_the_window);
    }
}

TEST_CASE("a drawer is not opened again after a restart, whatever became of it before") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r"}, sold.sale, {}, {}, "rain"});
    rig.take<PrintTickets>();
    rig.take<OpenDrawer>();
    rig.restart();
    rig.settle();
    CHECK(opening(rig).empty());
    CHECK(opened(rig).empty());
}
