#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

Sell sale_of(const char* id, const char* product, std::uint32_t quantity, std::vector<SellTender> tenders) {
    SellLine line;
    line.product = ProductId{product};
    line.quantity = quantity;
    return {ClientId{id}, WindowName{"window-1"}, {line}, std::move(tenders)};
}

}  // namespace

TEST_CASE("a refund of a sale whose tender failed hands no money back") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.must<SaleReply>("clerk1", sale_of("a", "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}}));
    rig.central(TenderSettled{sold.sale, 0, TenderState::failed, {}});
    rig.store_foreign();
    const auto refunded = rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"b"}, sold.sale, {}, {}, "never paid"});
    CHECK(refunded.body.tenders == std::vector{Tender{TenderKind::wechat, TenderState::failed, Minor{8'000}, {}}});
}

TEST_CASE("refunds: the clerk's own limits, the supervisor's, and no ticket twice") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 3);
    const MakeRefund one{ClientId{"r-1"}, sold.sale, {}, {sold.tickets[0].id}, "rain"};
    const auto refund = rig.must<RefundReply>("clerk1", one);
    CHECK(refund.body.total == Minor{8'000});
    CHECK(refund.body.tenders == std::vector{Tender{TenderKind::cash, TenderState::confirmed, Minor{8'000}, {}}});
    CHECK(rig.must<RefundReply>("clerk1", one).refund == refund.refund);
    CHECK(rig.refused("clerk1", MakeRefund{ClientId{"r-2"}, sold.sale, {}, {sold.tickets[0].id}, "rain"}) ==
          ErrorCode::already_refunded);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).reason == Reason::refunded);
    CHECK(rig.scan("lane-2", sold.tickets[1].code).decision == Decision::admit);
    CHECK(rig.refused("clerk1", MakeRefund{ClientId{"r-3"}, sold.sale, {}, {sold.tickets[1].id}, "rain"}) ==
          ErrorCode::ticket_used);
    const RecordRef elsewhere{NodeId{9}, Epoch{1}, Seq{5}};
    CHECK(rig.refused("clerk1", MakeRefund{ClientId{"r-4"}, elsewhere, {}, {}, "rain"}) == ErrorCode::sale_unknown);
    const auto rest =
        rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-5"}, sold.sale, {}, {sold.tickets[2].id}, "r"});
    CHECK(rest.body.tickets.size() == 1);
}

TEST_CASE("a large refund, and one of a used ticket, need a supervisor") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 7);
    CHECK(rig.refused("clerk1", MakeRefund{ClientId{"r-1"}, sold.sale, {}, {}, "rain"}) == ErrorCode::forbidden);
    CHECK(rig.scan("lane-2", sold.tickets[1].code).decision == Decision::admit);
    rig.open_shift("boss");
    const auto all = rig.must<RefundReply>("boss", MakeRefund{ClientId{"r-2"}, sold.sale, {}, {}, "rain"});
    CHECK(all.body.total == Minor{56'000});
    CHECK(all.body.by_supervisor);
    CHECK(all.body.tickets[1].was_admitted);
    CHECK_FALSE(all.body.tickets[0].was_admitted);
}

TEST_CASE("a large refund in several steps needs a supervisor as one does") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 7);
    const auto some = [&](std::size_t first, std::size_t end) {
        std::vector<TicketId> ids;
        for (auto i = first; i < end; ++i) ids.push_back(sold.tickets[i].id);
        return ids;
    };
    CHECK(rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-1"}, sold.sale, {}, some(0, 6), "rain"}).body.total ==
          Minor{48'000});
    CHECK(rig.refused("clerk1", MakeRefund{ClientId{"r-2"}, sold.sale, {}, some(6, 7), "rain"}) ==
          ErrorCode::forbidden);
    const MakeRefund last{ClientId{"r-3"}, sold.sale, WindowName{"window-1"}, some(6, 7), "rain"};
    CHECK(rig.must<RefundReply>("boss", last).body.by_supervisor);
}

TEST_CASE("a supervisor refunds at the clerk's window, from the clerk's shift") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 7);
    const WindowName window{"window-1"};
    CHECK(rig.refused("boss", MakeRefund{ClientId{"r-1"}, sold.sale, {}, {}, "rain"}) == ErrorCode::shift_closed);
    const auto refund = rig.must<RefundReply>("boss", MakeRefund{ClientId{"r-2"}, sold.sale, window, {}, "rain"});
    CHECK(refund.body.by_supervisor);
    CHECK(refund.header.actor == OperatorName{"boss"});
    const auto report = rig.must<ShiftReply>("boss", FindShift{window});
    CHECK(refund.body.shift == report.shift);
    CHECK(report.refunds == 1);
    CHECK(report.cash_refunds == refund.body.total);
}
