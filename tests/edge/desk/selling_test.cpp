#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using gatehouse::test::much_cash;
using gatehouse::test::sale_of;

TEST_CASE("a sale is answered when it is synced and printed after that, once") {
    DeskRig rig;
    rig.open_shift();
    rig.take<PrintTickets>();
    rig.step(CommandReceived{CommandToken{500}, Actor{OperatorName{"clerk1"}}, sale_of("s-1", "adult", 2, much_cash)});
    CHECK(rig.answers.empty());
    CHECK(rig.take<PrintTickets>().empty());
    rig.sync();
    REQUIRE(rig.answers.size() == 1);
    const auto reply = std::get<SaleReply>(*rig.answers[0].reply);
    CHECK(reply.body.total == Minor{16'000});
    CHECK(reply.body.change == Minor{984'000});
    CHECK(reply.safety == Safety::disk);
    REQUIRE(reply.tickets.size() == 2);
    const auto prints = rig.take<PrintTickets>();
    REQUIRE(prints.size() == 1);
    CHECK(prints[0].job == reply.sale);
    REQUIRE(prints[0].papers.size() == 2);
    CHECK(prints[0].papers[0].qr == reply.tickets[0].code);
    CHECK(prints[0].papers[0].reprint_mark.empty());
    rig.step(PrintEnded{reply.sale, drivers::ReportPrinted{}});
    rig.take<PublishRecord>();
    rig.settle();
    CHECK(rig.stored<PrintResolved>() == std::vector{PrintResolved{reply.sale, PrintOutcome::printed, {}}});
    const auto told = rig.take<PublishRecord>();
    REQUIRE(told.size() == 1);
    CHECK(std::holds_alternative<PrintResolved>(told[0].record->body));
    CHECK(rig.desk->status(rig.clock).prints.empty());
}

TEST_CASE("the same client id never sells twice, also while the first is not synced") {
    DeskRig rig;
    rig.open_shift();
    const auto command = sale_of("s-1", "adult", 1, much_cash);
    const Actor clerk{OperatorName{"clerk1"}};
    rig.step(CommandReceived{CommandToken{500}, clerk, command});
    rig.step(CommandReceived{CommandToken{501}, clerk, command});
    CHECK(rig.pending.size() == 1);
    CHECK(rig.answers.empty());
    rig.sync();
    REQUIRE(rig.answers.size() == 2);
    CHECK(std::get<SaleReply>(*rig.answers[0].reply).sale == std::get<SaleReply>(*rig.answers[1].reply).sale);
    rig.answers.clear();
    const auto again = rig.must<SaleReply>("clerk1", command);
    CHECK(rig.stored<Sale>().size() == 1);
    CHECK(again.tickets.size() == 1);
    CHECK(rig.refused("clerk1", sale_of("s-1", "adult", 2, much_cash)) == ErrorCode::id_reused);
    rig.restart();
    CHECK(rig.must<SaleReply>("clerk1", command).sale == again.sale);
}

TEST_CASE("nobody sells without an open shift at that window, nor without the role") {
    DeskRig rig;
    CHECK(rig.refused("clerk1", sale_of("s-1", "adult", 1, much_cash)) == ErrorCode::shift_closed);
    rig.open_shift();
    CHECK(rig.refused("clerk2", sale_of("s-2", "adult", 1, much_cash)) == ErrorCode::shift_closed);
    CHECK(rig.refused("gate1", sale_of("s-3", "adult", 1, much_cash)) == ErrorCode::forbidden);
    CHECK(rig.refused("stranger", sale_of("s-4", "adult", 1, much_cash)) == ErrorCode::forbidden);
}

TEST_CASE("money: short tenders, unverified ones up to the limit, change from cash alone") {
    DeskRig rig;
    rig.open_shift();
    CHECK(rig.refused("clerk1", sale_of("a", "adult", 1, {{TenderKind::cash, Minor{7'999}, {}}})) ==
          ErrorCode::tender_short);
    CHECK(rig.refused("clerk1", sale_of("b", "adult", 1, {{TenderKind::card, Minor{8'001}, "t1"}})) ==
          ErrorCode::invalid_body);
    const auto scanned =
        rig.must<SaleReply>("clerk1", sale_of("c", "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}}));
    CHECK(scanned.body.tenders[0].state == TenderState::unverified);
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{8'000});
    CHECK(rig.refused("clerk1", sale_of("d", "adult", 1, {{TenderKind::alipay, Minor{8'000}, {}}})) ==
          ErrorCode::unverified_limit);
    const auto confirmed =
        rig.must<SaleReply>("clerk1", sale_of("e", "adult", 1, {{TenderKind::alipay, Minor{8'000}, "2026-77"}}));
    CHECK(confirmed.body.tenders[0].state == TenderState::confirmed);
    const auto mixed = rig.must<SaleReply>(
        "clerk1",
        sale_of("f", "adult", 1, {{TenderKind::card, Minor{5'000}, "t2"}, {TenderKind::cash, Minor{5'000}, {}}}));
    CHECK(mixed.body.change == Minor{2'000});
    const auto nothing = rig.must<SaleReply>("clerk1", sale_of("g", "free", 1, {}));
    CHECK(nothing.body.tenders == std::vector{Tender{TenderKind::free, TenderState::confirmed, Minor{0}, {}}});
    rig.restart();
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{8'000});
}

TEST_CASE("an unverified tender that central settled is open no more, once, and is shown as settled") {
    DeskRig rig;
    rig.open_shift();
    const auto by_phone = [](const char* id) {
        return sale_of(id, "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}});
    };
    const auto scanned = rig.must<SaleReply>("clerk1", by_phone("a"));
    CHECK(rig.refused("clerk1", by_phone("b")) == ErrorCode::unverified_limit);
    const TenderSettled found_out{scanned.sale, 0, TenderState::confirmed, "wx-1"};
    rig.central(found_out);
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{0});
    rig.central(found_out);
    rig.central(TenderSettled{{NodeId{9}, Epoch{1}, Seq{5}}, 0, TenderState::failed, {}});  // another seller's
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{0});
    rig.store_foreign();
    CHECK(rig.must<SaleReply>("clerk1", FindSale{scanned.sale}).body.tenders[0].state == TenderState::confirmed);
    (void)rig.must<SaleReply>("clerk1", by_phone("c"));
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{8'000});
    rig.restart();
    CHECK(rig.desk->status(rig.clock).unverified_total == Minor{8'000});
}

TEST_CASE("sessions are sold from leased units alone, also by sales that are not synced yet") {
    DeskRig rig;
    rig.open_shift();
    auto sell_show = [&](const char* id, std::uint32_t quantity) {
        auto command = sale_of(id, "show", quantity, much_cash);
        command.lines[0].session = SessionId{"s1"};
        return command;
    };
    const auto units = [&] { return rig.must<CatalogueReply>("clerk1", ReadCatalogue{}).units.front(); };
    CHECK(rig.refused("clerk1", sell_show("a", 1)) == ErrorCode::no_units_left);
    CHECK(units() == CatalogueReply::Units{SessionId{"s1"}, 0, 0});  // no quota was given: not the same as sold out
    const auto grant = rig.central(LeaseGranted{NodeId{7}, SessionId{"s1"}, 3});
    rig.central(LeaseGranted{NodeId{8}, SessionId{"s1"}, 50});
    rig.store_foreign();
    rig.settle();
    CHECK(rig.stored<LeaseReceived>() == std::vector{LeaseReceived{grant, SessionId{"s1"}, 3}});
    const Actor clerk{OperatorName{"clerk1"}};
    rig.step(CommandReceived{CommandToken{900}, clerk, sell_show("b", 2)});
    rig.step(CommandReceived{CommandToken{901}, clerk, sell_show("c", 2)});
    rig.settle();
    REQUIRE(rig.answers.size() == 2);
    CHECK(rig.answers[0].token == CommandToken{901});
    CHECK(rig.answers[0].reply.error().code == ErrorCode::no_units_left);
    CHECK(rig.answers[0].reply.error().detail == "session s1: 1 left");
    rig.answers.clear();
    rig.restart();
    CHECK(rig.stored<LeaseReceived>().size() == 1);
    CHECK(units() == CatalogueReply::Units{SessionId{"s1"}, 3, 1});
    (void)rig.must<SaleReply>("clerk1", sell_show("d", 1));
    CHECK(units() == CatalogueReply::Units{SessionId{"s1"}, 3, 0});
}

TEST_CASE("a sale is found by its command's id, with what was refunded of it") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult", 2);
    (void)rig.must<RefundReply>("clerk1", MakeRefund{ClientId{"r-1"}, sold.sale, {}, {sold.tickets[1].id}, "rain"});
    const auto found = rig.must<SaleReply>("clerk1", FindSale{{}, sold.body.id});
    CHECK(found.sale == sold.sale);
    CHECK_FALSE(found.tickets[0].refunded);
    CHECK(found.tickets[1].refunded);
    CHECK(rig.refused("clerk1", FindSale{{}, ClientId{"never"}}) == ErrorCode::sale_unknown);
    CHECK(rig.refused("clerk1", FindSale{{}, ClientId{"r-1"}}) == ErrorCode::sale_unknown);
}

TEST_CASE("a window's scanner shows the ticket in somebody's hand, and uses nothing") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.seen.clear();
    rig.step(ScanRead{DeviceName{"scan-w"}, sold.tickets[0].code});
    const auto shown = rig.take<ShowTicket>();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].window == WindowName{"window-1"});
    CHECK(shown[0].reply.fault == Reason::none);
    CHECK(shown[0].reply.sale_held);
    CHECK(shown[0].reply.used == 0);
    CHECK(shown[0].reply.ticket->id == sold.tickets[0].id);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).decision == Decision::admit);
    const auto used = rig.must<TicketReply>("clerk1", FindTicket{sold.tickets[0].id, {}});
    CHECK(used.used == 1);
    CHECK(used.first_admission->lane == LaneName{"lane-2"});
    rig.seen.clear();
    rig.step(ScanRead{DeviceName{"scan-w"}, "https://example.org"});
    const auto other = rig.take<ShowTicket>();
    REQUIRE(other.size() == 1);
    CHECK(other[0].reply.fault == Reason::unknown);
    CHECK_FALSE(other[0].reply.ticket);
    CHECK(shown[0].text.empty());
    CHECK(other[0].text == "https://example.org");
    CHECK(rig.refused("clerk1", FindTicket{TicketId{{NodeId{9}, Epoch{1}, Seq{5}}, 1}, {}}) == ErrorCode::not_found);
}

TEST_CASE("only the seller reprints, and the paper counts the copies") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.take<PrintTickets>();
    const auto reprint = rig.must<ReprintReply>(
        "clerk1", MakeReprint{ClientId{"p-1"}, sold.tickets[0].id, WindowName{"window-1"}, "jam"});
    CHECK(reprint.body.copy == 1);
    CHECK(reprint.ticket.code == sold.tickets[0].code);
    const auto prints = rig.take<PrintTickets>();
    REQUIRE(prints.size() == 1);
    CHECK(prints[0].papers[0].qr == sold.tickets[0].code);
    CHECK(prints[0].papers[0].reprint_mark.find("1") != std::string::npos);
    CHECK(rig.must<ReprintReply>("clerk1", MakeReprint{ClientId{"p-2"}, sold.tickets[0].id, {}, "jam"}).body.copy == 2);
    const TicketId foreign{{NodeId{9}, Epoch{1}, Seq{5}}, 1};
    CHECK(rig.refused("clerk1", MakeReprint{ClientId{"p-3"}, foreign, {}, "jam"}) == ErrorCode::not_the_seller);
}

TEST_CASE("a reissued ticket takes the place of the old one") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("family");
    CHECK(rig.refused("clerk1", MakeReissue{ClientId{"n-1"}, sold.tickets[0].id, {}, "lost", {}}) ==
          ErrorCode::forbidden);
    CHECK(rig.scan("lane-2", sold.tickets[0].code, 1).decision == Decision::admit);
    const auto fresh = rig.must<ReissueReply>("boss", MakeReissue{ClientId{"n-2"}, sold.tickets[0].id, {}, "lost", {}});
    CHECK(fresh.ticket.persons == 3);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).reason == Reason::blocked);
    CHECK(rig.scan("lane-2", fresh.ticket.code).persons == 3);
    CHECK(rig.must<SaleReply>("clerk1", FindSale{sold.sale, {}}).tickets[0].replaced);
    CHECK_FALSE(rig.must<TicketReply>("clerk1", FindTicket{fresh.ticket.id, {}}).sale_held);
    CHECK(rig.refused("boss", MakeReissue{ClientId{"n-3"}, sold.tickets[0].id, {}, "lost", {}}) ==
          ErrorCode::ticket_used);
}

TEST_CASE(
    "a ticket with an entry open beside others is reissued once the rest of its group is in, or the day is over") {
    for (const bool wait : {false, true}) {
        CAPTURE(wait);
        DeskRig rig;
        rig.open_shift();
        const auto sold = rig.sell("camp");
        const auto& old = sold.tickets[0];
        const auto reissue = [&] { return MakeReissue{ClientId{"n-1"}, old.id, {}, "wet", {}}; };
        CHECK(rig.scan("lane-2", old.code, 1).decision == Decision::admit);
        const auto head = rig.journal().size();
        const auto refused = rig.ask("boss", reissue());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::ticket_used);
        CHECK(refused.error().why == Why::entry_open);
        CHECK(refused.error().with == std::vector<NamedValue>{{"ticket", to_string(old.id)}, {"persons", "2"}});
        CHECK(rig.journal().size() == head);
        if (wait) {
            rig.clock.now += std::chrono::hours{24};
            rig.clock.wall.value += 24 * 3'600'000;
        } else {
            CHECK(rig.scan("lane-2", old.code).persons == 2);  // it still lets them in
        }
        const auto fresh = rig.must<ReissueReply>("boss", reissue());
        CHECK(fresh.ticket.persons == 3);
        CHECK(fresh.ticket.entries == 1);
    }
}

TEST_CASE("a failed append: every sale behind it is told, none is done, and numbering goes on without a gap") {
    DeskRig rig;
    rig.open_shift();
    const auto head = rig.journal().size();
    const Actor clerk{OperatorName{"clerk1"}};
    rig.step(CommandReceived{CommandToken{900}, clerk, sale_of("a", "adult", 1, much_cash)});
    rig.step(CommandReceived{CommandToken{901}, clerk, sale_of("b", "adult", 1, much_cash)});
    rig.take<PrintTickets>();
    rig.fail_append();
    REQUIRE(rig.answers.size() == 2);
    for (const auto& answer : rig.answers) CHECK(answer.reply.error().code == ErrorCode::storage_unavailable);
    rig.answers.clear();
    CHECK(rig.take<PrintTickets>().empty());
    CHECK(rig.must<SaleReply>("clerk1", sale_of("a", "adult", 1, much_cash)).sale.seq.value == head + 1);
    CHECK(rig.must<ShiftReply>("clerk1", FindShift{}).sales == 1);
}

TEST_CASE("without room for sales nothing is sold, and gates go on") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    rig.step(StorageChanged{true, false});
    CHECK(rig.refused("clerk1", sale_of("a", "adult", 1, much_cash)) == ErrorCode::storage_unavailable);
    CHECK(rig.scan("lane-2", sold.tickets[0].code).decision == Decision::admit);
}

TEST_CASE("prices follow the business date, concessions reduce them, groups are priced by the person") {
    DeskRig rig;
    rig.open_shift();
    auto later = test::rig_catalogue();
    later.version = 2;
    later.products[0].prices = {{Date{20'001}, Minor{9'000}}};
    rig.central(CataloguePublished{later});
    CHECK(rig.sell("adult").body.total == Minor{8'000});
    rig.clock.wall.value += 86'400'000;
    rig.step(Ticked{});
    CHECK(rig.sell("adult").body.total == Minor{9'000});
    CHECK(rig.sell("group").body.total == Minor{72'000});
    auto student = sale_of("st", "adult", 1, much_cash);
    student.lines[0].concession = Concession{ConcessionClass{"student"}, "student card"};
    const auto reduced = rig.must<SaleReply>("clerk1", student);
    CHECK(reduced.body.total == Minor{4'500});
    CHECK(rig.scan("lane-2", reduced.tickets[0].code).notes == std::vector{Note::concession});
    student.id = ClientId{"st2"};
    student.lines[0].concession->document.clear();
    CHECK(rig.refused("clerk1", student) == ErrorCode::invalid_body);
}

TEST_CASE("while the clock is known to be behind, what is sold is for the latest date that was believed") {
    DeskRig rig;
    rig.open_shift();
    auto later = test::rig_catalogue();
    later.version = 2;
    later.products[0].prices = {{Date{20'001}, Minor{9'000}}};
    rig.central(CataloguePublished{later});
    rig.store_foreign();
    rig.clock.quality = ClockQuality::holdover;
    rig.clock.wall.value += 86'400'000;
    CHECK(rig.sell("adult").body.total == Minor{9'000});
    rig.restart();
    rig.clock.wall = WallTime{1000};
    CHECK(rig.desk->status(rig.clock).selling_date == Date{20'001});
    const auto sold = rig.sell("adult");
    CHECK(rig.journal().back().header.clock == ClockQuality::suspect);
    CHECK(sold.body.total == Minor{9'000});
    const auto code = decode_code(sold.tickets[0].code);
    REQUIRE(code);
    CHECK(code->payload.valid_from == Date{20'001});
    CHECK(code->payload.valid_to == Date{20'001});
    CHECK(rig.scan("lane-2", sold.tickets[0].code).notes == std::vector{Note::clock_suspect});
}

TEST_CASE("how safe a sale is: on disk, with a peer, at central") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    CHECK(sold.safety == Safety::disk);
    rig.step(CopyAcknowledged{NodeId{8}, sold.sale.seq});
    CHECK(rig.must<SaleReply>("clerk1", FindSale{sold.sale}).safety == Safety::peer);
    rig.step(ReceiptReceived{sold.sale.seq});
    CHECK(rig.must<SaleReply>("clerk1", FindSale{sold.sale}).safety == Safety::central);
}
