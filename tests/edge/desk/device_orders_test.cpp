#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

TEST_CASE("a device is ordered about once the order is on record, by those who run the place") {
    DeskRig rig;
    rig.options.devices = {DeviceName{"printer-1"}, DeviceName{"scan-1"}};
    rig.restart();
    const auto order = [](const char* device, DeviceOrder what) { return OrderDevice{DeviceName{device}, what}; };
    CHECK(rig.refused("clerk1", order("scan-1", DeviceOrder::test)) == ErrorCode::forbidden);
    CHECK(rig.refused("gate1", order("scan-1", DeviceOrder::record)) == ErrorCode::forbidden);
    CHECK(rig.refused("ops", order("scan-9", DeviceOrder::test)) == ErrorCode::not_found);
    CHECK(rig.stored<DeviceOrdered>().empty());

    const Actor ops{OperatorName{"ops"}};
    const auto asked = rig.step(CommandReceived{CommandToken{900}, ops, order("printer-1", DeviceOrder::test)});
    REQUIRE(asked.size() == 1);
    CHECK(std::get<AppendRecord>(asked[0]).record->body ==
          Body{DeviceOrdered{DeviceName{"printer-1"}, DeviceOrder::test}});
    CHECK(std::get<AppendRecord>(asked[0]).record->header.actor == ops.name);
    const auto done = rig.sync();
    REQUIRE(done.size() == 1);
    const auto& instruct = std::get<InstructDevice>(done[0]);
    CHECK(instruct.token == CommandToken{900});
    CHECK(instruct.device == DeviceName{"printer-1"});
    CHECK(instruct.order == DeviceOrder::test);
    CHECK(instruct.paper.qr.starts_with("gatehouse test printer-1 "));

    for (const auto what : {DeviceOrder::record, DeviceOrder::stop_recording})
        rig.step(CommandReceived{CommandToken{901}, Actor{OperatorName{"boss"}}, order("scan-1", what)});
    rig.settle();
    CHECK(rig.take<InstructDevice>().size() == 3);
    CHECK(rig.stored<DeviceOrdered>() == std::vector{DeviceOrdered{DeviceName{"printer-1"}, DeviceOrder::test},
                                                     DeviceOrdered{DeviceName{"scan-1"}, DeviceOrder::record},
                                                     DeviceOrdered{DeviceName{"scan-1"}, DeviceOrder::stop_recording}});
}

TEST_CASE("an order whose record is lost is not obeyed, and none is taken while nothing can be recorded") {
    DeskRig rig;
    rig.options.devices = {DeviceName{"scan-1"}};
    rig.restart();
    const OrderDevice test{DeviceName{"scan-1"}, DeviceOrder::test};
    rig.step(CommandReceived{CommandToken{900}, Actor{OperatorName{"ops"}}, test});
    rig.fail_append();
    REQUIRE(rig.answers.size() == 1);
    CHECK(rig.answers[0].reply.error().code == ErrorCode::storage_unavailable);
    rig.step(StorageChanged{false, false, {}, {}});
    CHECK(rig.refused("ops", test) == ErrorCode::storage_unavailable);
    CHECK(rig.take<InstructDevice>().empty());
}
