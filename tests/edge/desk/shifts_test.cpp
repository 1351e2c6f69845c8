#include "edge/ticketing/shift.hpp"

#include <algorithm>

#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::much_cash;
using gatehouse::test::sale_of;

TEST_CASE("a shift's sums by kind: what was taken, handed back, and is not confirmed, as central settles it") {
    DeskRig rig;
    rig.open_shift();
    const auto by = [&](const char* id, TenderKind kind, const char* reference) {
        return rig.must<SaleReply>("clerk1", sale_of(id, "adult", 1, {{kind, Minor{8'000}, reference}}));
    };
    const auto paid = by("a", TenderKind::card, "t-1");
    const auto open = by("b", TenderKind::wechat, "");
    (void)rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-1"}, paid.sale, {}, {}, "rain"});
    const auto sums = [&] { return rig.must<ShiftReply>("clerk1", FindShift{}).tenders; };
    const auto card = TenderSum{TenderKind::card, Minor{0}, Minor{8'000}, Minor{0}};
    CHECK(sums() == std::vector{card, TenderSum{TenderKind::wechat, Minor{8'000}, Minor{0}, Minor{8'000}}});
    rig.restart();
    CHECK(sums() == std::vector{card, TenderSum{TenderKind::wechat, Minor{8'000}, Minor{0}, Minor{8'000}}});

    const std::vector failed{card, TenderSum{TenderKind::wechat, Minor{0}, Minor{0}, Minor{0}}};
    rig.central(TenderSettled{open.sale, 0, TenderState::failed, {}});
    rig.central(TenderSettled{open.sale, 0, TenderState::failed, {}});
    CHECK(sums() == failed);
    rig.store_foreign();
    CHECK(sums() == failed);
    // Of what never came in nobody is paid anything back.
    (void)rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-2"}, open.sale, {}, {}, "never paid"});
    CHECK(sums() == failed);
    rig.central(TenderSettled{open.sale, 0, TenderState::confirmed, "wx-1"});
    const std::vector confirmed{card, TenderSum{TenderKind::wechat, Minor{8'000}, Minor{0}, Minor{0}}};
    CHECK(sums() == confirmed);
    rig.store_foreign();
    rig.restart();
    CHECK(sums() == confirmed);
}

TEST_CASE("a settlement that was on its way when a transaction failed counts once it is stored") {
    DeskRig rig;
    rig.open_shift();
    const auto open = rig.must<SaleReply>("clerk1", sale_of("b", "adult", 1, {{TenderKind::wechat, Minor{8'000}, ""}}));
    rig.central(TenderSettled{open.sale, 0, TenderState::confirmed, "wx-1"});
    rig.step(ScanRead{DeviceName{"scan-1"}, "no ticket"});
    rig.fail_append();
    rig.settle();
    rig.store_foreign();
    rig.settle();
    CHECK(rig.must<ShiftReply>("clerk1", FindShift{}).tenders ==
          std::vector{TenderSum{TenderKind::wechat, Minor{8'000}, Minor{0}, Minor{0}}});
}

TEST_CASE("what was handed back before its tender was settled follows it: of what never came in nobody was paid") {
    DeskRig rig;
    rig.open_shift();
    const auto sums = [&] { return rig.must<ShiftReply>("clerk1", FindShift{}).tenders; };
    const auto wechat = [](std::int64_t sum, std::int64_t refunded, std::int64_t unverified) {
        return std::vector{TenderSum{TenderKind::wechat, Minor{sum}, Minor{refunded}, Minor{unverified}}};
    };
    const auto sold = rig.must<SaleReply>("clerk1", sale_of("a", "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}}));
    const auto back = rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"b"}, sold.sale, {}, {}, "rain"});
    CHECK(back.body.tenders == std::vector{Tender{TenderKind::wechat, TenderState::unverified, Minor{8'000}, {}}});
    CHECK(sums() == wechat(0, 8'000, 8'000));
    const std::pair<TenderState, std::int64_t> outcomes[] = {
        {TenderState::failed, 0}, {TenderState::confirmed, 8'000}, {TenderState::failed, 0}};
    for (const auto& [state, refunded] : outcomes) {
        rig.central(TenderSettled{sold.sale, 0, state, {}});
        CHECK(sums() == wechat(0, refunded, 0));
        rig.store_foreign();
        CHECK(sums() == wechat(0, refunded, 0));
        rig.restart();
        if (refunded != 0) CHECK(sums() == wechat(0, refunded, 0));
        if (refunded == 0) CHECK(sums().empty());
    }
}

TEST_CASE("what another node sold and this one handed back follows its tender, too") {
    DeskRig rig;
    rig.open_shift();
    const auto sums = [&] { return rig.must<ShiftReply>("clerk1", FindShift{}).tenders; };
    TicketPayload ticket;
    ticket.product = ProductId{"adult"};
    ticket.valid_from = ticket.valid_to = Date{20'000};
    ticket.zones = {ZoneId{"park"}};
    ticket.id = {{NodeId{9}, Epoch{1}, Seq{2}}, 1};
    Sale sale;
    sale.id = ClientId{"of-9"};
    sale.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
    sale.tenders = {{TenderKind::alipay, TenderState::unverified, Minor{8'000}, {}}};
    sale.total = Minor{8'000};
    sale.tickets = {*encode_payload(ticket)};
    rig.other(9, EpochOpened{test::rig_certificate(9, "booth-9"), {}, {}, {}, "test"});
    const auto sold = rig.other(9, sale);
    rig.store_foreign();
    (void)rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"b"}, sold, {}, {}, "rain"});
    CHECK(sums() == std::vector{TenderSum{TenderKind::alipay, Minor{-8'000}, Minor{8'000}, Minor{0}}});
    rig.central(TenderSettled{sold, 0, TenderState::failed, {}});
    CHECK(sums() == std::vector{TenderSum{TenderKind::alipay, Minor{0}, Minor{0}, Minor{0}}});
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{0});
}

TEST_CASE("a shift: float, sales, refunds, cash in and out, and a blind count") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 2);
    (void)rig.must<SaleReply>("clerk1", sale_of("card", "adult", 1, {{TenderKind::card, Minor{8'000}, "t"}}));
    (void)rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r"}, sold.sale, {}, {sold.tickets[0].id}, "x"});
    const auto x = rig.must<ShiftReply>("clerk1", FindShift{});
    CHECK_FALSE(x.expected);
    CHECK_FALSE(x.cash_sales);
    (void)rig.must<ShiftReply>("clerk1",
                               MoveCash{ClientId{"m"}, x.shift, CashDirection::pay_out, Minor{5'000}, "safe"});
    CHECK(rig.refused("clerk2", CloseShift{ClientId{"c0"}, x.shift, Minor{0}}) == ErrorCode::shift_closed);
    const auto closed = rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, x.shift, Minor{22'900}});
    CHECK(closed.expected == Minor{20'000 + 16'000 - 8'000 - 5'000});
    CHECK(closed.difference == Minor{-100});
    CHECK(closed.sales == 2);
    CHECK(closed.tickets == 3);
    CHECK(rig.refused("clerk1", sale_of("late", "adult", 1, much_cash)) == ErrorCode::shift_closed);
    CHECK(rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, x.shift, Minor{22'900}}).difference == Minor{-100});
    const auto facts = rig.reader->shift(x.shift);
    REQUIRE(facts);
    CHECK(facts->expected_cash() == *closed.expected);
    rig.restart();
    CHECK(rig.refused("clerk1", FindShift{}) == ErrorCode::not_found);
}

TEST_CASE("the count is blind: while a shift is open a clerk is told no sum of cash, a supervisor all") {
    DeskRig rig;
    rig.open_shift();
    (void)rig.sell("adult", 2);
    (void)rig.must<SaleReply>("clerk1", sale_of("card", "adult", 1, {{TenderKind::card, Minor{8'000}, "t"}}));
    const auto told = [](const ShiftReply& reply) {
        const auto cash = std::ranges::count(reply.tenders, TenderKind::cash, &TenderSum::kind);
        return reply.expected && reply.cash_sales && reply.cash_refunds && cash == 1;
    };
    const auto silent = [](const ShiftReply& reply) {
        const auto cash = std::ranges::count(reply.tenders, TenderKind::cash, &TenderSum::kind);
        return !reply.expected && !reply.cash_sales && !reply.cash_refunds && cash == 0;
    };
    const FindShift at_window{WindowName{"window-1"}};
    const auto x = rig.must<ShiftReply>("clerk1", at_window);
    CHECK(silent(x));
    CHECK(x.sales == 2);
    CHECK(x.tickets == 3);
    CHECK(x.tenders == std::vector{TenderSum{TenderKind::card, Minor{8'000}, Minor{0}, Minor{0}}});
    CHECK(told(rig.must<ShiftReply>("boss", at_window)));
    // The answer to a command that a supervisor gave is told to who asks for it again.
    const MoveCash move{ClientId{"m"}, x.shift, CashDirection::pay_in, Minor{100}, "coins"};
    CHECK(told(rig.must<ShiftReply>("boss", move)));
    CHECK(silent(rig.must<ShiftReply>("clerk1", move)));
    const auto closed = rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, x.shift, Minor{36'100}});
    CHECK(told(closed));
    CHECK(closed.difference == Minor{0});
}

TEST_CASE("a pay-in or pay-out needs a reason, and a large one is said to be meant") {
    DeskRig rig;
    rig.open_shift();
    const auto shift = rig.must<ShiftReply>("clerk1", FindShift{}).shift;
    MoveCash move{ClientId{"m"}, shift, CashDirection::pay_out, Minor{99'999}, ""};
    CHECK(rig.refused("clerk1", move) == ErrorCode::invalid_body);
    move.reason = "bank";
    move.amount = Minor{0};
    CHECK(rig.refused("clerk1", move) == ErrorCode::invalid_body);
    move.amount = largest_amount + Minor{1};
    CHECK(rig.refused("clerk1", move) == ErrorCode::invalid_body);
    move.amount = large_cash_move;
    CHECK(rig.refused("boss", move) == ErrorCode::invalid_body);
    move.large = true;
    CHECK(rig.must<ShiftReply>("clerk1", move).paid_out == large_cash_move);
    move.id = ClientId{"n"};
    move.amount = Minor{99'999};
    move.large = false;
    // More than the drawer holds: a refusal would tell what it does.
    CHECK(rig.must<ShiftReply>("clerk1", move).paid_out == Minor{199'999});
    // What ought to be in it is less than nothing then. The closing is stored as what it is, not parked.
    const auto closed = rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, shift, Minor{0}});
    CHECK(closed.expected < Minor{0});
    rig.restart();
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
    move.id = ClientId{"o"};
    CHECK(rig.refused("clerk1", move) == ErrorCode::shift_closed);
}

TEST_CASE("a drawer that no sum can hold is refused before it cannot be closed any more") {
    DeskRig rig;
    rig.open_shift();
    const auto shift = rig.must<ShiftReply>("clerk1", FindShift{}).shift;
    const auto pay_in = [&](int n) {
        return MoveCash{ClientId{"m-" + std::to_string(n)}, shift, CashDirection::pay_in, largest_amount, "odd", true};
    };
    for (int n = 1; n < 500; ++n) (void)rig.must<ShiftReply>("clerk1", pay_in(n));
    CHECK(rig.refused("clerk1", pay_in(500)) == ErrorCode::invalid_body);
    (void)rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, shift, Minor{0}});
    rig.restart();
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
}
