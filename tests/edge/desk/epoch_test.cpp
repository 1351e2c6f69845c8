// A node that lost its database writes a new epoch, and what it wrote before comes back from others.
#include "schemas/records/lease_extension.hpp"
#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

const SessionId show{"s1"};

Sell one_show(const std::string& id) {
    SellLine line;
    line.product = ProductId{"show"};
    line.quantity = 1;
    line.session = show;
    return {ClientId{id}, WindowName{"window-1"}, {line}, {{TenderKind::cash, Minor{1'000'000}, {}}}};
}

Sell by_wechat(const std::string& id) {
    SellLine line;
    line.product = ProductId{"adult"};
    line.quantity = 1;
    return {ClientId{id}, WindowName{"window-1"}, {line}, {{TenderKind::wechat, Minor{8'000}, {}}}};
}

// What the node's former life left: a shift with a ticket admitted, one not, and one paid with an unverified tender.
struct Former {
    Former() {
        rig.next_id = 1000;
        rig.open_shift();
        sold = rig.sell("adult", 2);
        unverified = rig.must<SaleReply>("clerk1", by_wechat("w-1")).sale;
        REQUIRE(rig.scan("lane-2", sold.tickets[0].code).decision == Decision::admit);
    }
    DeskRig rig;
    SaleReply sold;
    RecordRef unverified;
};

}  // namespace

TEST_CASE("units are sold from a lease in the epoch that it was granted to, and in no other") {
    DeskRig rig{7, Epoch{2}};
    rig.open_shift();
    rig.central(LeaseGranted{NodeId{7}, show, 3});  // says nothing: it was epoch 1's
    rig.central(LeaseGranted{NodeId{7}, show, 3}, lease_extension(Epoch{3}));
    rig.central(LeaseGranted{NodeId{7}, show, 3}, Bytes{2, 0});  // cannot be read
    rig.store_foreign();
    rig.settle();
    CHECK(rig.stored<LeaseReceived>().empty());
    CHECK(rig.refused("clerk1", one_show("a")) == ErrorCode::no_units_left);
    rig.restart();
    CHECK(rig.stored<LeaseReceived>().empty());
    CHECK(rig.refused("clerk1", one_show("a")) == ErrorCode::no_units_left);

    const auto grant = rig.central(LeaseGranted{NodeId{7}, show, 1}, lease_extension(Epoch{2}));
    rig.store_foreign();
    rig.settle();
    CHECK(rig.stored<LeaseReceived>() == std::vector{LeaseReceived{grant, show, 1}});
    (void)rig.must<SaleReply>("clerk1", one_show("b"));
    CHECK(rig.refused("clerk1", one_show("c")) == ErrorCode::no_units_left);
    rig.restart();
    CHECK(rig.stored<LeaseReceived>().size() == 1);
    CHECK(rig.refused("clerk1", one_show("c")) == ErrorCode::no_units_left);
}

TEST_CASE("what an earlier epoch was leased and had not sold is not sold when its records come back") {
    Former former;
    former.rig.central(LeaseGranted{NodeId{7}, show, 50});
    former.rig.store_foreign();
    former.rig.settle();
    (void)former.rig.sell("show");
    DeskRig rig{7, Epoch{2}};
    rig.open_shift();
    rig.central(LeaseGranted{NodeId{7}, show, 50});
    rig.central(LeaseGranted{NodeId{7}, show, 1}, lease_extension(Epoch{2}));
    rig.receive(former.rig.journal());
    rig.store_foreign();
    rig.settle();
    (void)rig.must<SaleReply>("clerk1", one_show("b"));  // the former sale takes nothing from this epoch's lease
    CHECK(rig.refused("clerk1", one_show("c")) == ErrorCode::no_units_left);
    rig.restart();
    CHECK(rig.refused("clerk1", one_show("c")) == ErrorCode::no_units_left);
}

TEST_CASE("an earlier epoch's tickets, shift and tenders count as soon as they come back") {
    Former former;
    DeskRig rig{7, Epoch{2}};
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
    rig.receive(former.rig.journal());
    CHECK(rig.scan("lane-2", former.sold.tickets[0].code).reason == Reason::already_used);
    rig.store_foreign();
    rig.settle();
    CHECK(rig.scan("lane-2", former.sold.tickets[0].code).reason == Reason::already_used);

    const auto shift = rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}});
    CHECK(shift.shift.epoch == Epoch{1});
    const auto refund = rig.must<RefundReply>(
        "clerk1", MakeRefund{ClientId{"r"}, former.sold.sale, {}, {former.sold.tickets[1].id}, "rain"});
    CHECK(refund.body.total == Minor{8'000});
    // 8000 of 10000 are open already. A command that the former life carried out is answered as it was then.
    CHECK(rig.refused("clerk1", by_wechat("w-2")) == ErrorCode::unverified_limit);
    CHECK(rig.must<SaleReply>("clerk1", by_wechat("w-1")).sale == former.unverified);
    (void)rig.must<ReprintReply>("clerk1", MakeReprint{ClientId{"p"}, former.sold.tickets[0].id, {}, "torn"});
    (void)rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, shift.shift, Minor{20'000}});
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
    rig.restart();
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
    CHECK(rig.scan("lane-2", former.sold.tickets[0].code).reason == Reason::already_used);
}

TEST_CASE("a shift of an earlier epoch is closed without the one that is open at its window by now") {
    Former former;
    DeskRig rig{7, Epoch{2}};
    (void)rig.must<ShiftReply>("clerk1", OpenShift{ClientId{"s-2"}, WindowName{"window-1"}, Minor{0}});
    rig.receive(former.rig.journal());
    rig.store_foreign();
    rig.settle();
    const auto before = rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}});
    CHECK(before.shift.epoch == Epoch{2});
    const auto left = former.rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}}).shift;
    (void)rig.must<ShiftReply>("boss", CloseShift{ClientId{"c"}, left, Minor{20'000}});
    CHECK(rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}}).shift == before.shift);
}

TEST_CASE("a shift of an earlier epoch is found as soon as the newer one at its window is closed") {
    Former former;
    DeskRig rig{7, Epoch{2}};
    const auto newer = rig.must<ShiftReply>("clerk1", OpenShift{ClientId{"s-2"}, WindowName{"window-1"}, Minor{0}});
    rig.receive(former.rig.journal());
    rig.store_foreign();
    rig.settle();
    const auto older = former.rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}}).shift;
    (void)rig.must<ShiftReply>("clerk1", CloseShift{ClientId{"c"}, newer.shift, Minor{0}});
    CHECK(rig.must<ShiftReply>("clerk1", FindShift{WindowName{"window-1"}}).shift == older);
    CHECK(rig.refused("clerk1", OpenShift{ClientId{"s-3"}, WindowName{"window-1"}, Minor{0}}) ==
          ErrorCode::invalid_body);
    (void)rig.must<ShiftReply>("boss", CloseShift{ClientId{"d"}, older, Minor{20'000}});
    CHECK(rig.refused("clerk1", FindShift{WindowName{"window-1"}}) == ErrorCode::not_found);
    (void)rig.must<ShiftReply>("clerk1", OpenShift{ClientId{"s-4"}, WindowName{"window-1"}, Minor{0}});
}

TEST_CASE("nothing is decided for an earlier epoch: what was under way stays reserved, and may be printed by hand") {
    Former former;
    former.rig.step(ScanRead{DeviceName{"scan-1"}, former.sold.tickets[1].code});
    former.rig.settle();
    REQUIRE(former.rig.reader->open_reservations(NodeId{7}).size() == 1);
    REQUIRE(former.rig.reader->unresolved_prints(NodeId{7}).size() == 2);
    DeskRig rig{7, Epoch{2}};
    rig.receive(former.rig.journal());
    rig.store_foreign();
    rig.settle();
    rig.restart();
    CHECK(rig.reader->open_reservations(NodeId{7}).size() == 1);
    CHECK(rig.stored<Passage>().empty());
    CHECK(rig.stored<PrintResolved>().empty());
    CHECK(rig.scan("lane-2", former.sold.tickets[1].code).reason == Reason::already_used);
}

TEST_CASE("neither the lane modes nor the emergency of an earlier epoch come back with it") {
    DeskRig former;
    (void)former.must<DoneReply>("gate1", SetLaneMode{LaneName{"lane-2"}, LaneMode::closed, "works"});
    (void)former.must<DoneReply>("gate1", SetEmergency{true});
    DeskRig rig{7, Epoch{2}};
    rig.receive(former.journal());
    rig.store_foreign();
    rig.settle();
    rig.restart();
    CHECK(rig.stored<EmergencySet>().empty());
    CHECK(rig.desk->status(rig.clock).lanes[1].mode == LaneMode::normal);
}
