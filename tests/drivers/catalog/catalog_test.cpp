#include "drivers/catalog/catalog.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;

namespace {

DeviceSettings device(std::string driver, std::vector<Setting> settings) {
    return {DeviceName{"dev-1"}, std::move(driver), std::move(settings)};
}

std::vector<std::string> blamed(const DeviceSettings& settings) {
    std::vector<std::string> keys;
    for (const auto& fault : validate(settings)) keys.push_back(fault.key);
    return keys;
}

using Keys = std::vector<std::string>;
using std::string;

}  // namespace

TEST_CASE("each driver of the catalogue is made from the least it needs") {
    std::vector<std::string_view> names;
    for (const auto& entry : driver_catalog()) names.push_back(entry.name);
    for (const std::string_view name : {"line", "osdp", "modbus", "bytes", "gpio", "escpos", "fgl", "zpl"})
        CHECK(std::ranges::count(names, name) >= 1);
    CHECK(family_of(device("line", {})) == Family::scanner);
    CHECK(family_of(device("modbus", {})) == Family::turnstile);
    CHECK(family_of(device("escpos", {})) == Family::printer);
    CHECK(family_of(device("telex", {})) == std::nullopt);
    const auto scanner = make_scanner(device("line", {{"port", string("/dev/ttyS0")}}));
    REQUIRE(scanner);
    CHECK(scanner->port == PortSettings{SerialSettings{"/dev/ttyS0", 9600, Parity::none}});
    const auto turnstile = make_turnstile(device("modbus", {{"tcp", string("10.0.0.5:502")}}));
    REQUIRE(turnstile);
    CHECK(turnstile->port == PortSettings{TcpSettings{"10.0.0.5", 502}});
    CHECK(turnstile->pass == std::chrono::seconds(5));
    const auto printer = make_printer(device("escpos", {{"path", string("/dev/usb/lp1")}, {"qr", string("raster")}}));
    REQUIRE(printer);
    CHECK(printer->style == PrinterStyle{EscposStyle{576, EscposEncoding::gb18030, EscposQr::raster, false}});
    for (const char* level : {"high", "low"}) {
        const auto beside = make_printer(device("escpos", {{"path", string("/a")}, {"drawer", string(level)}}));
        REQUIRE(beside);
        CHECK(beside->style == PrinterStyle{EscposStyle{.drawer = true}});
    }
}

TEST_CASE("each scanner has its port, and its own settings") {
    const auto port_of = [](const char* driver, std::vector<Setting> settings) {
        const auto made = make_scanner(device(driver, std::move(settings)));
        REQUIRE(made);
        return made->port;
    };
    CHECK(port_of("ssi", {{"port", string("/dev/ttyUSB0")}}) == PortSettings{SerialSettings{"/dev/ttyUSB0", 9600}});
    CHECK(port_of("gm65", {{"tcp", string("h:4001")}, {"mode", string("sensing")}}) ==
          PortSettings{TcpSettings{"h", 4001}});
    CHECK(port_of("hid-keyboard", {{"path", string("/dev/input/by-id/k")}, {"layout", string("fr")}}) ==
          PortSettings{KeyboardSettings{"/dev/input/by-id/k"}});
    CHECK(port_of("hid-pos", {{"path", string("/dev/hidraw0")}}) == PortSettings{HidSettings{"/dev/hidraw0"}});
    CHECK(port_of("pcsc", {}) == PortSettings{CardReaderSettings{""}});
    CHECK(port_of("pcsc", {{"reader", string("ACS")}}) == PortSettings{CardReaderSettings{"ACS"}});
    CHECK(port_of("id-card", {{"port", string("/dev/ttyS1")}}) == PortSettings{SerialSettings{"/dev/ttyS1", 115'200}});
    CHECK(blamed(device("hid-keyboard", {{"layout", string("cn")}})) == Keys{"layout", "path"});
    CHECK(blamed(device("hid-pos", {{"path", string("")}, {"suffix", string("cr")}})) == Keys{"suffix", "path"});
    CHECK(blamed(device("gm65", {{"port", string("/a")}, {"mode", string("fast")}})) == Keys{"mode"});
    CHECK(blamed(device("ssi", {{"port", string("/a")}, {"idle_ms", std::int64_t{5}}})) == Keys{"idle_ms"});
}

TEST_CASE("every setting of a serial device is read") {
    const auto scanner = make_scanner(device("line", {{"port", string("/dev/ttyACM0")},
                                                      {"baud", std::int64_t{250'000}},
                                                      {"parity", string("even")},
                                                      {"prefix", string("A")},
                                                      {"suffix", string("tab")},
                                                      {"idle_ms", std::int64_t{50}},
                                                      {"dedupe_ms", std::int64_t{0}}}));
    REQUIRE(scanner);
    CHECK(scanner->port == PortSettings{SerialSettings{"/dev/ttyACM0", 250'000, Parity::even}});
}

TEST_CASE("faults name their key, all of them") {
    CHECK(blamed(device("telex", {})) == Keys{"driver"});
    CHECK(blamed(device("line", {})) == Keys{"port"});
    CHECK(blamed(device("line", {{"port", string("/a")}, {"tcp", string("b:1")}})) == Keys{"port"});
    CHECK(blamed(device("line", {{"port", string("/a")}, {"colour", string("red")}, {"suffix", string("x")}})) ==
          Keys{"colour", "suffix"});
    CHECK(blamed(device("line", {{"tcp", string("nowhere")}, {"baud", std::int64_t{9600}}})) == Keys{"baud", "tcp"});
    CHECK(blamed(device("line", {{"port", std::int64_t{3}}})) == Keys{"port"});
    CHECK(blamed(device("modbus", {{"tcp", string("h:0")}})) == Keys{"tcp"});
    CHECK(blamed(device("modbus", {{"tcp", string("[::1]:502")}, {"unit", std::int64_t{256}}})) == Keys{"unit"});
    CHECK(blamed(device("modbus", {{"tcp", string("h:502")}, {"pulse_ms", std::int64_t{250}}})) == Keys{"pulse_ms"});
    CHECK(blamed(device("modbus",
                        {{"tcp", string("h:502")}, {"pulse", string("timed")}, {"pulse_ms", std::int64_t{250}}})) ==
          Keys{});
    CHECK(blamed(device("modbus", {{"tcp", string("h:502")}, {"open_exit", std::int64_t{0}}})) == Keys{"open_exit"});
    CHECK(blamed(device("escpos", {{"port", string("/a")}, {"encoding", string("big5")}})) == Keys{"encoding"});
    CHECK(blamed(device("escpos", {{"port", string("/a")}, {"drawer", string("open")}})) == Keys{"drawer"});
    CHECK(blamed(device("fgl", {{"port", string("/a")}, {"drawer", string("high")}})) == Keys{"drawer"});
}

TEST_CASE("a driver of another family is refused") {
    const auto made = make_printer(device("line", {{"port", string("/dev/ttyS0")}}));
    CHECK(made.error() == fail(ErrorCode::config, "dev-1: driver line is of another family"));
    const auto wrong = make_scanner(device("line", {{"suffix", string("x")}}));
    CHECK(wrong.error().code == ErrorCode::config);
}

TEST_CASE("a port is shared only by turnstiles of one bus, with units of their own") {
    const auto named = [](const char* name, std::string driver, std::vector<Setting> settings) {
        settings.push_back({"port", string("/dev/ttyS1")});
        return DeviceSettings{DeviceName{name}, std::move(driver), std::move(settings)};
    };
    const auto shared = [&](std::vector<DeviceSettings> devices) { return validate_sharing(devices); };
    const auto unit = [](std::int64_t number) { return std::vector<Setting>{{"unit", number}}; };
    CHECK(shared({named("a", "modbus", unit(1)), named("b", "modbus", unit(2))}).empty());
    CHECK(shared({named("a", "modbus", unit(1)), named("b", "modbus", unit(1))}) ==
          std::vector<SharingFault>{{DeviceName{"b"}, "unit", {FaultText::place_taken, {{"key", "unit"}}}}});
    CHECK(shared({named("a", "modbus", unit(1)), named("b", "line", {})}) ==
          std::vector<SharingFault>{{DeviceName{"b"}, "port", {FaultText::port_taken, {{"key", "port"}}}}});
    CHECK(shared({named("a", "modbus", {{"baud", std::int64_t{19'200}}}), named("b", "modbus", unit(2))}).front().key ==
          "baud");
    CHECK(shared({device("modbus", {{"tcp", string("h:502")}}), device("modbus", {{"tcp", string("h:502")}})}).empty());
}

TEST_CASE("an osdp device is a turnstile with outputs or inputs, and a card reader without; both may be one device") {
    const auto on_bus = [](const char* name, std::vector<Setting> settings) {
        settings.push_back({"port", string("/dev/ttyS1")});
        settings.push_back({"address", std::int64_t{5}});
        return DeviceSettings{DeviceName{name}, "osdp", std::move(settings)};
    };
    const auto gate = on_bus("gate", {{"output", Numbers{2, 3}}, {"inputs", Numbers{0, 1, -1, 3}}});
    const auto reader = on_bus("reader", {{"scbk_file", string("/etc/key")}, {"install", true}});
    CHECK(family_of(gate) == Family::turnstile);
    CHECK(family_of(reader) == Family::scanner);
    CHECK(shares_line(reader));
    const auto turnstile = make_turnstile(gate);
    REQUIRE(turnstile);
    const auto& osdp = std::get<OsdpTurnstileOptions>(turnstile->driver);
    CHECK(osdp.unit.address == 5);
    CHECK_FALSE(osdp.unit.secure);
    CHECK(osdp.gate.outputs == EachWay<std::optional<std::uint8_t>>{2, 3});
    CHECK(osdp.gate.alarm == std::nullopt);
    CHECK(osdp.gate.fire == 3);
    const auto card = make_card_reader(reader);
    REQUIRE(card);
    CHECK(card->unit.secure);
    CHECK(card->keys == OsdpKeyFiles{"/etc/key", "", true});
    CHECK(validate_sharing(std::vector{gate, reader}).empty());
    CHECK(validate_sharing(std::vector{gate, on_bus("other", {{"output", std::int64_t{1}}})}) ==
          std::vector<SharingFault>{{DeviceName{"other"}, "address", {FaultText::place_taken, {{"key", "address"}}}}});
    // Over a converter it is the same line.
    const auto over_tcp = [](const char* name, std::vector<Setting> settings) {
        settings.push_back({"tcp", string("h:4001")});
        settings.push_back({"address", std::int64_t{5}});
        return DeviceSettings{DeviceName{name}, "osdp", std::move(settings)};
    };
    const auto lock = over_tcp("lock", {{"output", std::int64_t{1}}});
    CHECK(validate_sharing(std::vector{lock, over_tcp("reader", {})}).empty());
    CHECK(validate_sharing(std::vector{lock, over_tcp("other", {{"output", std::int64_t{2}}})}) ==
          std::vector<SharingFault>{{DeviceName{"other"}, "address", {FaultText::place_taken, {{"key", "address"}}}}});
    CHECK(validate_sharing(std::vector{over_tcp("reader", {}), over_tcp("twin", {})}).size() == 1);
    CHECK(make_scanner(gate).error().code == ErrorCode::config);
    CHECK(blamed(on_bus("a", {{"output", Numbers{1, 1}}})) == Keys{"output"});
    CHECK(blamed(on_bus("a", {{"inputs", Numbers{0, 256}}})) == Keys{"inputs"});
    CHECK(blamed(on_bus("a", {{"inputs", Numbers{0, 1, 2, 3, 4}}})) == Keys{"inputs"});
    CHECK(blamed(on_bus("a", {{"install", true}})) == Keys{"install"});
    CHECK(blamed(on_bus("a", {{"output", std::int64_t{0}}, {"pulse_ms", std::int64_t{250}}})) == Keys{"pulse_ms"});
}

TEST_CASE("a bytes turnstile takes the words of a template, and its own before them") {
    const auto made = make_turnstile(
        device("bytes", {{"port", string("/dev/ttyS0")}, {"words", string("digicon")}, {"open_exit", string("EB")}}));
    REQUIRE(made);
    const auto& words = std::get<BytesTurnstileOptions>(made->driver);
    CHECK(words.open[0] == digicon_words().open[0]);
    CHECK(words.open[1] == Bytes{0xeb});
    CHECK(blamed(device("bytes", {{"port", string("/a")}})) == Keys{"open_entry"});
    CHECK(blamed(device("bytes", {{"port", string("/a")}, {"open_entry", string("E")}})).front() == "open_entry");
}

TEST_CASE("a gpio turnstile names its chip and its lines") {
    const auto made = make_turnstile(device(
        "gpio", {{"chip", string("cp2112_gpio")}, {"lines", NumberTable{{"open_entry", 4}, {"passed_entry", 5}}}}));
    REQUIRE(made);
    CHECK(made->port == PortSettings{GpioSettings{"cp2112_gpio", {4}, {5}, false, false}});
    CHECK(blamed(device("gpio", {{"chip", string("c")}})) == Keys{"lines"});
    CHECK(blamed(device("gpio", {{"lines", NumberTable{{"open_entry", 4}}}})) == Keys{"chip"});
    CHECK(blamed(device("gpio", {{"chip", string("c")}, {"lines", NumberTable{{"open_entry", 4}, {"fire", 4}}}})) ==
          Keys{"lines"});
    CHECK(blamed(device("gpio", {{"chip", string("c")}, {"lines", NumberTable{{"open_entry", 4}, {"door", 5}}}})) ==
          Keys{"lines"});
}

TEST_CASE("a gpio turnstile's relays and sensors are active low each for themselves") {
    const auto port = [](std::vector<Setting> settings) {
        settings.emplace_back("chip", string("c"));
        settings.emplace_back("lines", NumberTable{{"open_entry", 4}, {"passed_entry", 5}});
        const auto made = make_turnstile(device("gpio", std::move(settings)));
        REQUIRE(made);
        return made->port;
    };
    const auto wired = [](bool outputs, bool inputs) {
        return PortSettings{GpioSettings{"c", {4}, {5}, outputs, inputs}};
    };
    CHECK(port({{"active_low", true}}) == wired(true, true));
    CHECK(port({{"active_low", true}, {"active_low_inputs", false}}) == wired(true, false));
    CHECK(port({{"active_low_inputs", true}}) == wired(false, true));
}

TEST_CASE("inputs that are closed at rest are named, and must be wired") {
    const auto modbus = [](SettingValue inputs) {
        return device("modbus", {{"tcp", string("board:502")}, {"fire", std::int64_t{3}}, {"inverted_inputs", inputs}});
    };
    const auto made = make_turnstile(modbus(Numbers{3}));
    REQUIRE(made);
    CHECK(std::get<ModbusTurnstileOptions>(made->driver).gate.inverted == std::bitset<256>{0b1000});
    CHECK(make_turnstile(modbus(std::int64_t{1})));
    for (const SettingValue& wrong : {SettingValue{Numbers{2}}, SettingValue{Numbers{3, 256}}, SettingValue{Numbers{}},
                                      SettingValue{std::int64_t{-1}}, SettingValue{string("fire")}, SettingValue{true}})
        CHECK(validate(modbus(wrong)) ==
              std::vector<SettingFault>{
                  {"inverted_inputs", {FaultText::not_inputs, {{"wired", "0, 1, 3"}, {"key", "inverted_inputs"}}}}});
    const auto gpio = [](SettingValue inputs) {
        return device("gpio", {{"chip", string("c")},
                               {"lines", NumberTable{{"open_entry", 4}, {"fire", 17}}},
                               {"inverted_inputs", inputs}});
    };
    const auto by_lines = make_turnstile(gpio(Numbers{17}));
    REQUIRE(by_lines);
    CHECK(std::get<GpioTurnstileOptions>(by_lines->driver).inverted == std::set<std::uint16_t>{17});
    const auto osdp = [](SettingValue inputs) {
        return device(
            "osdp",
            {{"port", string("/dev/gatehouse/bus")}, {"inputs", Numbers{0, -1, -1, 3}}, {"inverted_inputs", inputs}});
    };
    const auto by_osdp = make_turnstile(osdp(Numbers{3}));
    REQUIRE(by_osdp);
    CHECK(std::get<OsdpTurnstileOptions>(by_osdp->driver).gate.inverted == std::bitset<256>{0b1000});
    CHECK(blamed(osdp(Numbers{1})) == Keys{"inverted_inputs"});
    CHECK(blamed(gpio(Numbers{4})) == Keys{"inverted_inputs"});
}
