#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::sale_of;

TEST_CASE("a refund of a sale whose tender failed hands no money back") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.must<SaleReply>("clerk1", sale_of("a", "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}}));
    rig.central(TenderSettled{sold.sale, 0, TenderState::failed, {}});
    rig.store_foreign();
    const auto refunded = rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"b"}, sold.sale, {}, {}, "never paid"});
    CHECK(refunded.body.tenders == std::vector{Tender{TenderKind::wechat, TenderState::failed, Minor{8'000}, {}}});
}

TEST_CASE(
    "what a revoked node sold beyond its last trusted record is neither paid out nor replaced, though it is held") {
    DeskRig rig;
    rig.open_shift("boss");
    TicketPayload ticket;
    ticket.product = ProductId{"adult"};
    ticket.valid_from = ticket.valid_to = Date{20'000};
    ticket.zones = {ZoneId{"park"}};
    const auto sells = [&](std::uint64_t seq) {
        ticket.id = {{NodeId{9}, Epoch{1}, Seq{seq}}, 1};
        Sale sale;
        sale.id = ClientId{"of-9-" + std::to_string(seq)};
        sale.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
        sale.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{8'000}, {}}};
        sale.total = Minor{8'000};
        sale.tickets = {*encode_payload(ticket)};
        return rig.other(9, std::move(sale));
    };
    rig.other(9, EpochOpened{test::rig_certificate(9, "booth-9"), {}, {}, {}, "test"});
    const auto trusted = sells(2);
    const auto forged = sells(3);
    const TicketId of_forged{forged, 1};
    rig.central(NodeRevoked{NodeId{9}, Epoch{1}, trusted.seq, "stolen"});
    rig.store_foreign();
    const auto written = rig.journal().size();
    const auto not_trusted = fail(ErrorCode::bad_signature, Why::seller_revoked,
                                  "its seller is revoked, and not trusted as far as this sale");
    CHECK(rig.ask("boss", MakeRefund{ClientId{"r-1"}, forged, {}, {}, "rain"}).error() == not_trusted);
    CHECK(rig.ask("boss", MakeReissue{ClientId{"r-2"}, of_forged, {}, "lost", {}}).error() == not_trusted);
    CHECK(rig.ask("boss", MakeReprint{ClientId{"r-4"}, of_forged, {}, "lost"}).error() == not_trusted);
    // Nor what nobody here holds, by its code.
    const RecordRef unheld{NodeId{9}, Epoch{1}, Seq{7}};
    ticket.id = {unheld, 1};
    const auto code = issue_code(test::rig_key(9), test::rig_venue, *encode_payload(ticket));
    CHECK(rig.ask("boss", MakeReissue{ClientId{"r-5"}, ticket.id, {}, "lost", code}).error() == not_trusted);
    CHECK(rig.must<TicketReply>("boss", FindTicket{of_forged, {}}).fault == Reason::revoked_key);
    CHECK(rig.journal().size() == written);
    CHECK(rig.must<TicketReply>("boss", FindTicket{TicketId{trusted, 1}, {}}).fault == Reason::none);
    const auto refund = rig.must<RefundReply>("boss", MakeRefund{ClientId{"r-3"}, trusted, {}, {}, "rain"});
    CHECK(refund.body.total == Minor{8'000});
}

TEST_CASE("a ticket that was revoked is neither refunded, reprinted nor reissued, by a supervisor either") {
    DeskRig rig;
    rig.open_shift();
    rig.open_shift("boss");
    const auto sold = rig.sell("adult", 2);
    const auto revoked = sold.tickets[0].id;
    rig.central(TicketRevoked{revoked, "the card was charged back"});
    rig.store_foreign();
    const auto written = rig.journal().size();
    const auto is_revoked =
        fail(ErrorCode::ticket_used, Why::ticket_revoked, "{ticket} is revoked", {{"ticket", to_string(revoked)}});
    for (const auto* who : {"clerk1", "boss"}) {
        CAPTURE(who);
        CHECK(rig.ask(who, MakeRefund{ClientId{"r-1"}, sold.sale, {}, {revoked}, "rain"}).error() == is_revoked);
        CHECK(rig.ask(who, MakeRefund{ClientId{"r-2"}, sold.sale, {}, {}, "rain"}).error() == is_revoked);
        CHECK(rig.ask(who, MakeReprint{ClientId{"r-3"}, revoked, {}, "lost"}).error() == is_revoked);
    }
    CHECK(rig.ask("boss", MakeReissue{ClientId{"r-4"}, revoked, {}, "lost", {}}).error() == is_revoked);
    CHECK(rig.journal().size() == written);
    const auto other =
        rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-5"}, sold.sale, {}, {sold.tickets[1].id}, "rain"});
    CHECK(other.body.total == Minor{8'000});
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
