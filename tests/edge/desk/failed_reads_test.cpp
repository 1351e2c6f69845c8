// A read that fails answers as if nothing were there. What is decided on it would be wrong.
#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

// From here on whoever reads that table is told that it failed.
void lose(DeskRig& rig, const std::string& table) {
    REQUIRE(rig.ledger->database().execute("ALTER TABLE " + table + " RENAME TO lost"));
}

}  // namespace

TEST_CASE("a command that comes again while reads fail is not carried out a second time") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("adult");
    const auto shift = std::get<ShiftReply>(*rig.ask("clerk1", FindShift{})).shift;
    const MoveCash pay_in{ClientId{"cash-1"}, shift, CashDirection::pay_in, Minor{500}, "change"};
    const LetThrough let_in{ClientId{"let-1"}, LaneName{"lane-2"}, 1, "school class", {}};
    const Scan scanned{ClientId{"scan-9"}, LaneName{"lane-2"}, sold.tickets[0].code, {}, {}, {}, false};
    (void)rig.must<ShiftReply>("clerk1", pay_in);
    (void)rig.must<DoneReply>("gate1", let_in);
    (void)rig.must<ScanReply>("gate1", scanned);
    const auto records = rig.journal().size();
    lose(rig, "client");
    CHECK(rig.refused("clerk1", pay_in) == ErrorCode::storage_unavailable);
    CHECK(rig.refused("gate1", let_in) == ErrorCode::storage_unavailable);
    CHECK(rig.refused("clerk1", FindSale{{}, ClientId{"sale-2"}}) == ErrorCode::storage_unavailable);
    const auto again = rig.must<ScanReply>("gate1", scanned);
    CHECK(again.decision == Decision::refuse);
    CHECK(again.reason == Reason::storage_unavailable);
    CHECK(rig.journal().size() == records);
}

TEST_CASE("a ticket whose uses cannot be read is not replaced, printed again or refunded") {
    DeskRig rig;
    rig.open_shift();
    const auto sold = rig.sell("family");
    CHECK(rig.scan("lane-2", sold.tickets[0].code).decision == Decision::admit);
    const auto records = rig.journal().size();
    lose(rig, "verdict");
    const auto ticket = sold.tickets[0].id;
    CHECK(rig.refused("boss", MakeReissue{ClientId{"r1"}, ticket, WindowName{"window-1"}, "wet", {}}) ==
          ErrorCode::storage_unavailable);
    CHECK(rig.refused("clerk1", MakeReprint{ClientId{"r2"}, ticket, WindowName{"window-1"}, "wet"}) ==
          ErrorCode::storage_unavailable);
    MakeRefund refund;
    refund.id = ClientId{"r3"};
    refund.sale = sold.sale;
    refund.window = WindowName{"window-1"};
    refund.reason = "rain";
    CHECK(rig.refused("boss", refund) == ErrorCode::storage_unavailable);
    CHECK(rig.journal().size() == records);
}

TEST_CASE("a window whose shift cannot be read is not given a second one") {
    DeskRig rig;
    rig.open_shift();
    rig.restart();
    const auto records = rig.journal().size();
    lose(rig, "shift");
    CHECK(rig.refused("clerk2", OpenShift{ClientId{"s2"}, WindowName{"window-1"}, Minor{0}}) ==
          ErrorCode::storage_unavailable);
    CHECK(rig.journal().size() == records);
}
