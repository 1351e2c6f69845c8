#include "schemas/config/fault.hpp"

#include <doctest/doctest.h>

#include "schemas/config/start.hpp"

using namespace gatehouse;

TEST_SUITE_BEGIN("schemas/config");

TEST_CASE("a fault is told with the same place in each language") {
    const ConfigFault fault{{"conf.d/10 a.toml", 3, 12}, {FaultText::not_name, {{"key", "node.name"}}}, {}};
    CHECK(told(fault, Language::en) ==
          "conf.d/10 a.toml:3:12: node.name must be a name: a-z or 0-9, then up to 31 of a-z 0-9 . _ -");
    CHECK(told(fault, Language::zh) ==
          "conf.d/10 a.toml:3:12: node.name 须是名称：以 a-z 或 0-9 开头，其后至多 31 个 a-z 0-9 . _ -");
}

TEST_CASE("a fault of a device names it first") {
    const ConfigFault fault{{"e.toml", 1, 1}, {FaultText::empty_text, {{"key", "port"}}}, "turn-1"};
    CHECK(told(fault, Language::en) == "e.toml:1:1: device 'turn-1': port must not be empty");
    CHECK(told(fault, Language::zh) == "e.toml:1:1: 设备 'turn-1'：port 不能为空");
}

TEST_CASE("faults are told by file, line and column") {
    const FaultWords any{FaultText::missing, {{"key", "k"}}};
    ConfigFaults faults{{{"b", 1, 1}, any, {}}, {{"a", 2, 1}, any, {}}, {{"a", 1, 9}, any, {}}, {{"a", 1, 2}, any, {}}};
    sort_by_place(faults);
    CHECK(faults ==
          ConfigFaults{{{"a", 1, 2}, any, {}}, {{"a", 1, 9}, any, {}}, {{"a", 2, 1}, any, {}}, {{"b", 1, 1}, any, {}}});
}

TEST_CASE("an unknown key is shown no longer than it helps, and never cut within a character") {
    const std::vector<std::string_view> known{"listen", "tls"};
    CHECK(unknown_key("api", "listem", known) ==
          FaultWords{FaultText::unknown_key_near, {{"key", "api.listem"}, {"meant", "api.listen"}}});
    CHECK(unknown_key("", "power", known) == FaultWords{FaultText::unknown_key, {{"key", "power"}}});
    const std::string high = std::string(63, 'a') + "票票";
    CHECK(unknown_key("", high, known) == FaultWords{FaultText::unknown_key, {{"key", std::string(63, 'a')}}});
}

TEST_CASE("a daemon that does not start says what to do, and then what the system said") {
    const Error absent = fail(ErrorCode::not_found, "/d/node.json: No such file or directory");
    CHECK(told_at_start("gatehouse-edge", absent, FaultText::start_not_enrolled, Language::en) ==
          "gatehouse-edge: this machine is not enrolled: run 'gatehouse enrol' first (/d/node.json: No such file or "
          "directory)");
    CHECK(told_at_start("gatehouse-edge", absent, FaultText::start_not_enrolled, Language::zh) ==
          "gatehouse-edge: 本机尚未登记为场馆的终端：请先运行 gatehouse enrol（技术说明：/d/node.json: No such file or "
          "directory）");
    CHECK(told_at_start("gatehouse-central", fail(ErrorCode::unavailable, ""), FaultText::start_no_venue,
                        Language::zh) == "gatehouse-central: 另一个进程正在使用这个数据目录：请先停掉它");
    for (unsigned i = 0; i <= static_cast<unsigned>(ErrorCode::internal); ++i) {
        const Error error = fail(static_cast<ErrorCode>(i), "why");
        CHECK(told_at_start("p", error, FaultText::start_no_venue, Language::zh).ends_with("（技术说明：why）"));
    }
}

TEST_SUITE_END();
