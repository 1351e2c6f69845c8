#include "drivers/emulator/scenario.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::array<std::string_view, 7> kinds{"line", "ssi", "gm65", "hid-keyboard", "hid-pos", "pcsc", "id-card"};
constexpr std::array<std::string_view, 4> walks{"turn", "stay", "turn_twice", "wrong_way"};
constexpr std::array<std::string_view, 3> controller_words{"digicon", "mach-power", "gpio"};
constexpr std::array<std::string_view, 3> languages{"escpos", "fgl", "zpl"};
constexpr std::array<std::string_view, 3> boards{"waveshare", "lctech", "plain"};

ConfigPlace place_of(const toml::source_region& where) {
    return {where.path ? *where.path : "scenario", std::max<std::uint32_t>(1, where.begin.line),
            std::max<std::uint32_t>(1, where.begin.column)};
}

// Caught by read_scenario.
[[noreturn]] void blame(const toml::source_region& where, FaultWords what) {
    throw ConfigFault{place_of(where), std::move(what), {}};
}
[[noreturn]] void blame(const toml::source_region& where, std::string_view key, FaultText text) {
    blame(where, {text, {{"key", std::string(key)}}});
}

// One table; remembers which keys were asked for, so that the others can be refused.
class Table {
public:
    Table(const toml::table& table, std::filesystem::path folder) : table_(table), folder_(std::move(folder)) {}

    std::string text(std::string_view key, std::string otherwise) {
        const auto* node = take(key);
        if (node == nullptr) return otherwise;
        if (const auto value = node->value_exact<std::string>()) return *value;
        blame(node->source(), key, FaultText::not_text);
    }
    template <class Number>
    Number number(std::string_view key, Number otherwise, std::int64_t high, std::int64_t low = 0) {
        const auto* node = take(key);
        if (node == nullptr) return otherwise;
        const auto value = node->value_exact<std::int64_t>();
        if (value && *value >= low && *value <= high) return static_cast<Number>(*value);
        blame(node->source(),
              {FaultText::not_number,
               {{"key", std::string(key)}, {"low", std::to_string(low)}, {"high", std::to_string(high)}}});
    }
    template <std::size_t Count>
    std::size_t choice(std::string_view key, const std::array<std::string_view, Count>& words) {
        const auto word = text(key, std::string(words.front()));
        const auto* const found = std::ranges::find(words, word);
        if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
        std::string choices;
        for (const auto each : words) choices += (choices.empty() ? "" : ", ") + std::string(each);
        blame(table_.get(key)->source(), {FaultText::not_one_of, {{"key", std::string(key)}, {"choices", choices}}});
    }
    std::filesystem::path path(std::string_view key, const std::filesystem::path& otherwise) {
        const auto given = text(key, "");
        return folder_ / (given.empty() ? otherwise : std::filesystem::path(given));
    }
    bool flag(std::string_view key) {
        const auto* node = take(key);
        if (node == nullptr) return false;
        if (const auto value = node->value_exact<bool>()) return *value;
        blame(node->source(), key, FaultText::not_flag);
    }
    std::optional<AesBlock> key(std::string_view key) {
        const auto hex = text(key, "");
        if (hex.empty()) return std::nullopt;
        const auto bytes = from_hex(hex);
        AesBlock block{};
        if (!bytes || bytes->size() != block.size()) blame(table_.get(key)->source(), key, FaultText::not_key);
        std::ranges::copy(*bytes, block.begin());
        return block;
    }
    std::string name() {
        auto name = text("name", "");
        if (name.empty()) blame(table_.source(), "name", FaultText::missing);
        return name;
    }
    PlugSettings plug() {
        PlugSettings plug;
        const auto link = text("link", "");
        const auto tcp = text("tcp", "");
        if (link.empty() == tcp.empty()) blame(table_.source(), {FaultText::not_one_place, {{"places", "link, tcp"}}});
        if (!link.empty()) {
            plug.link = folder_ / link;
            return plug;
        }
        const auto colon = tcp.rfind(':');
        plug.host = tcp.substr(0, colon);
        const auto* const end = tcp.data() + tcp.size();
        if (colon == std::string::npos || std::from_chars(tcp.data() + colon + 1, end, plug.port).ptr != end)
            blame(table_.source(), "tcp", FaultText::not_host_port);
        return plug;
    }
    void refuse_others(std::initializer_list<std::string_view> others = {}) {
        for (const auto& [key, node] : table_)
            if (!taken_.contains(std::string(key.str())) && std::ranges::find(others, key.str()) == others.end())
                blame(key.source(),
                      unknown_key("", key.str(), std::vector<std::string_view>(taken_.begin(), taken_.end())));
    }

private:
    const toml::node* take(std::string_view key) {
        taken_.insert(std::string(key));
        return table_.get(key);
    }

    const toml::table& table_;
    std::filesystem::path folder_;
    std::set<std::string> taken_;
};

ScannerScenario read_scanner(Table in) {
    ScannerScenario scanner;
    scanner.name = in.name();
    scanner.kind = static_cast<ScannerKind>(in.choice("kind", kinds));
    scanner.plug = in.plug();
    scanner.prefix = in.text("prefix", scanner.prefix);
    scanner.suffix = in.text("suffix", scanner.suffix);
    scanner.baud = in.number("baud", scanner.baud, 921'600, 300);
    in.refuse_others();
    return scanner;
}

TurnstileScenario read_turnstile(Table in) {
    TurnstileScenario gate;
    gate.name = in.name();
    gate.plug = in.plug();
    gate.board = static_cast<BoardKind>(in.choice("board", boards));
    gate.unit = in.number("unit", gate.unit, 255);
    gate.open_entry = in.number("open_entry", gate.open_entry, 255);
    gate.open_exit = in.number("open_exit", gate.open_exit, 255);
    gate.passed_entry = in.number("passed_entry", gate.passed_entry, 255);
    gate.passed_exit = in.number("passed_exit", gate.passed_exit, 255);
    gate.alarm = in.number("alarm", gate.alarm, 255);
    gate.fire = in.number("fire", gate.fire, 255);
    gate.walk = static_cast<WalkPolicy>(in.choice("walk", walks));
    gate.delay_ms = in.number("delay_ms", gate.delay_ms, 60'000);
    gate.pass_ms = in.number("pass_ms", gate.pass_ms, 60'000);
    gate.open_ms = in.number("open_ms", gate.open_ms, 60'000);
    in.refuse_others();
    return gate;
}

GuestScenario read_guests(Table& in) {
    GuestScenario guests;
    guests.walk = static_cast<WalkPolicy>(in.choice("walk", walks));
    guests.delay_ms = in.number("delay_ms", guests.delay_ms, 60'000);
    guests.pass_ms = in.number("pass_ms", guests.pass_ms, 60'000);
    guests.open_ms = in.number("open_ms", guests.open_ms, 60'000);
    return guests;
}

OsdpScenario read_osdp(Table in) {
    OsdpScenario device;
    device.name = in.name();
    device.plug = in.plug();
    device.address = in.number("address", device.address, 126);
    device.key = in.key("key");
    device.demands_channel = in.flag("demands_channel");
    device.guests = read_guests(in);
    in.refuse_others();
    return device;
}

ControllerScenario read_controller(Table in) {
    ControllerScenario controller;
    controller.name = in.name();
    controller.plug = in.plug();
    controller.words = static_cast<ControllerWords>(in.choice("words", controller_words));
    controller.address = in.number("address", controller.address, 255);
    controller.guests = read_guests(in);
    in.refuse_others();
    return controller;
}

PrinterScenario read_printer(Table in) {
    PrinterScenario printer;
    printer.name = in.name();
    printer.kind = static_cast<PrinterKind>(in.choice("kind", languages));
    printer.plug = in.plug();
    printer.plug.one_caller = true;
    printer.width = in.number("width", printer.width, 1'024);
    printer.line_ms = in.number("line_ms", printer.line_ms, 10'000);
    in.refuse_others();
    return printer;
}

template <class Device, class Read>
void read_devices(const toml::table& root, std::string_view key, const std::filesystem::path& folder, Read read,
                  std::vector<Device>& into) {
    const auto* node = root.get(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) blame(node->source(), key, FaultText::not_tables);
    for (const auto& each : *list) {
        if (!each.is_table()) blame(each.source(), key, FaultText::not_tables);
        into.push_back(read(Table(*each.as_table(), folder)));
    }
}

Scenario read_root(const toml::table& root, const std::filesystem::path& file) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    Scenario scenario;
    Table in(root, folder);
    scenario.control = in.path("control", file.stem().string() + ".sock");
    scenario.papers = in.path("papers", "papers");
    in.refuse_others({"scanner", "turnstile", "printer", "osdp", "controller"});
    read_devices(root, "scanner", folder, read_scanner, scenario.scanners);
    read_devices(root, "turnstile", folder, read_turnstile, scenario.turnstiles);
    read_devices(root, "osdp", folder, read_osdp, scenario.osdp);
    read_devices(root, "controller", folder, read_controller, scenario.controllers);
    read_devices(root, "printer", folder, read_printer, scenario.printers);
    std::set<std::string> names;
    const auto distinct = [&](const auto& devices) {
        for (const auto& device : devices)
            if (!names.insert(device.name).second)
                blame(root.source(), {FaultText::device_twice, {{"device", device.name}}});
    };
    distinct(scenario.scanners);
    distinct(scenario.turnstiles);
    distinct(scenario.printers);
    distinct(scenario.osdp);
    distinct(scenario.controllers);
    return scenario;
}

}  // namespace

std::optional<WalkPolicy> walk_policy(std::string_view word) {
    const auto* const found = std::ranges::find(walks, word);
    if (found == walks.end()) return std::nullopt;
    return static_cast<WalkPolicy>(found - walks.begin());
}

boost::system::result<Scenario, ConfigFault> read_scenario(const std::filesystem::path& file) {
    if (!std::ifstream{file}) return ConfigFault{{file.string()}, {FaultText::file_unreadable, {}}, {}};
    try {
        return read_root(toml::parse_file(file.string()), file);
    } catch (const ConfigFault& fault) {
        return fault;
    } catch (const toml::parse_error& error) {
        return ConfigFault{
            place_of(error.source()), {FaultText::no_toml, {{"fault", std::string(error.description())}}}, {}};
    }
}

}  // namespace gatehouse::drivers::emulator
