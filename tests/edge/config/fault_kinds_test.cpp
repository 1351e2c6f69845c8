// Each fault that a node's configuration may have: where it is told, and how, in both languages.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "edge/config/reader.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

const std::string node_part = "[node]\nname = \"gate-a\"\ndata_dir = \"/d\"\n";  // lines 1 to 3

struct Case {
    FaultText kind;
    std::string text;  // from line 4 on; whole if it begins with '!'
    std::string place;
    std::string zh;
    std::string en;
};

std::string device(const std::string& driver, const std::string& settings) {
    return "[[device]]\nname = \"d\"\ndriver = \"" + driver + "\"\n" + settings;  // settings from line 7 on
}
std::string modbus(const std::string& settings) { return device("modbus", "tcp = \"h:502\"\n" + settings); }
std::string osdp(const std::string& settings) { return device("osdp", "port = \"/p\"\noutput = 0\n" + settings); }

const std::string two_scanners = device("line", "port = \"/p\"\n") + "[[device]]\nname = \"e\"\ndriver = \"line\"\n";
const std::string on_line = "[[lane]]\nname = \"l\"\ngate = \"g\"\nzone = \"z\"\n";

using enum FaultText;
const std::vector<Case> cases{
    {no_toml, "[node\n", "4:6", "不是合法的 TOML，请检查这里的写法（技术说明：", "not TOML: "},
    {unknown_key, "[power]\n", "4:2", "没有 'power' 这个设置项", "unknown key 'power'"},
    {unknown_key_near, "[api]\nlistem = 1\n", "5:1", "没有 'api.listem' 这个设置项；是不是 'api.listen'？",
     "unknown key 'api.listem'; did you mean 'api.listen'?"},
    {missing, "[[window]]\n", "4:1", "缺少 window.name", "window.name is missing"},
    {missing, "!", "1:1", "缺少 node.name", "node.name is missing"},
    {not_text, "[api]\nlisten = 1\n", "5:10", "api.listen 须是文本，写在引号里",
     "api.listen must be a text, in quotes"},
    {not_short_text, "[api]\nlisten = \"\"\n", "5:10", "api.listen 须是 1 到 4096 字节的文本，不含控制字符",
     "api.listen must be a text of 1 to 4096 octets without control characters"},
    {not_name, "[[window]]\nname = \"窗口\"\n", "5:8",
     "window.name 须是名称：以 a-z 或 0-9 开头，其后至多 31 个 a-z 0-9 . _ -",
     "window.name must be a name: a-z or 0-9, then up to 31 of a-z 0-9 . _ -"},
    {not_one_of, on_line + "direction = \"up\"\n", "8:13", "lane.direction 只能是：entry, exit, both",
     "lane.direction must be one of entry, exit, both"},
    {not_one_of, device("line", "port = \"/p\"\nparity = \"x\"\n"), "8:10", "设备 'd'：parity 只能是：none, even, odd",
     "device 'd': parity must be one of none, even, odd"},
    {not_flag, "[api]\ntls = \"yes\"\n", "5:7", "api.tls 须是 true（是）或 false（否），不加引号",
     "api.tls must be true or false, without quotes"},
    {not_number, modbus("unit = 256\n"), "8:8", "设备 'd'：unit 须是 0 到 255 的整数，不加引号",
     "device 'd': unit must be a whole number from 0 to 255, without quotes"},
    {not_texts, "[api]\nhosts = \"h\"\n", "5:9", "api.hosts 须是文本列表，如 [\"…\", \"…\"]",
     "api.hosts must be a list of texts, as [\"…\", \"…\"]"},
    {not_short_texts, "[api]\nhosts = [7]\n", "5:10", "api.hosts 的列表里每一项须是 1 到 4096 字节的文本",
     "api.hosts lists texts of 1 to 4096 octets only"},
    {not_table, "!node = 1\n", "1:8", "node 须写成一节：[node]", "node must be a table: [node]"},
    {not_tables, "[lane]\n", "4:1", "lane 每一项须写成一节：[[lane]]", "lane must be tables: [[lane]]"},
    {no_setting_value, device("line", "port = 1.5\n"), "7:8",
     "device.port 须是文本、整数、true 或 false，或整数的列表或表",
     "device.port must be a text, a whole number, true or false, or a list or table of whole numbers"},
    {empty_text, device("line", "port = \"\"\n"), "7:8", "设备 'd'：port 不能为空",
     "device 'd': port must not be empty"},
    {not_host_port, "[api]\nlisten = \"h\"\n", "5:10", "api.listen 须是 \"地址:端口\"，如 \"127.0.0.1:8440\"",
     "api.listen must be \"HOST:PORT\", as in \"127.0.0.1:8440\""},
    {not_host_ports, "[peers]\nstatic = [\"h\"]\n", "5:10",
     "peers.static 里每一项须是 \"地址:端口\"，如 \"10.0.0.12:8442\"",
     "peers.static lists \"HOST:PORT\", as in \"10.0.0.12:8442\""},
    {not_sync_urls, "[central]\nurls = [\"https://c\"]\n", "5:8",
     "central.urls 里每一项须是 wss://主机:端口/sync 这样的地址",
     "central.urls lists addresses like wss://HOST:PORT/sync"},
    {discovery_without_listen, "[peers]\ndiscovery = true\nlisten = \"[::1]:8442\"\n", "5:13",
     "peers.discovery 需要 peers.listen，且为 IPv4 地址，如 \"0.0.0.0:8442\"：别的节点要知道从哪里连过来",
     "peers.discovery needs peers.listen, and an IPv4 address in it, like \"0.0.0.0:8442\": others must know where to "
     "reach this node"},
    {needs_tls, "[api]\nlisten = \"0.0.0.0:8440\"\n", "5:10", "api.listen 可从别的机器访问：须设 api.tls = true",
     "api.listen is beyond this machine's loopback: set api.tls = true"},
    {bus_twice, "[[bus]]\nname = \"b\"\nkind = \"osdp\"\n[[bus]]\nname = \"b\"\nkind = \"osdp\"\n", "7:1",
     "有两条总线都叫 'b'", "two buses are named 'b'"},
    {device_twice, device("line", "port = \"/p\"\n") + device("line", "port = \"/q\"\n"), "8:1", "有两台设备都叫 'd'",
     "two devices are named 'd'"},
    {lane_twice, on_line + on_line, "8:1", "有两条通道都叫 'l'", "two lanes are named 'l'"},
    {window_twice, "[[window]]\nname = \"w\"\n[[window]]\nname = \"w\"\n", "6:1", "有两个窗口都叫 'w'",
     "two windows are named 'w'"},
    {unknown_bus_kind, "[[bus]]\nname = \"b\"\nkind = \"can\"\n", "4:1", "没有 'can' 这种总线；只有 'modbus' 和 'osdp'",
     "unknown bus kind 'can'; there are 'modbus' and 'osdp'"},
    {unknown_bus, device("osdp", "bus = \"b\"\n"), "7:7", "bus 须是某个 [[bus]] 的 name",
     "bus must be the name of a [[bus]]"},
    {bus_of_another_kind, device("modbus", "bus = \"b\"\n") + "[[bus]]\nname = \"b\"\nkind = \"osdp\"\nport = \"/p\"\n",
     "7:7", "总线 'b' 只接 osdp 设备", "bus 'b' is for osdp devices"},
    {unknown_device, on_line + "turnstile = \"t\"\n", "4:1", "没有名为 't' 的 [[device]]",
     "there is no [[device]] named 't'"},
    {no_scanner, device("escpos", "port = \"/p\"\n") + on_line + "scanners = [\"d\"]\n", "8:1",
     "设备 'd' 的驱动是 escpos，不是扫码器", "device 'd' has the driver escpos, which is no scanner"},
    {no_turnstile, device("line", "port = \"/p\"\n") + on_line + "turnstile = \"d\"\n", "8:1",
     "设备 'd' 的驱动是 line，不是闸机", "device 'd' has the driver line, which is no turnstile"},
    {no_printer, device("line", "port = \"/p\"\n") + "[[window]]\nname = \"w\"\nprinter = \"d\"\n", "8:1",
     "设备 'd' 的驱动是 line，不是打印机", "device 'd' has the driver line, which is no printer"},
    {device_serves_already, device("line", "port = \"/p\"\n") + on_line + "scanners = [\"d\", \"d\"]\n", "8:1",
     "设备 'd' 已用于一条通道或一个窗口，只能用一次", "device 'd' serves a lane or window already"},
    {unknown_driver, device("telex", ""), "4:1", "设备 'd'：没有 'telex' 这个驱动；有：bytes, escpos, fgl, ",
     "device 'd': there is no driver 'telex'; there are bytes, escpos, fgl, "},
    {not_of_driver, device("line", "port = \"/p\"\ncolour = 1\n"), "8:10", "设备 'd'：驱动 line 没有 colour 这个设置项",
     "device 'd': colour is not a setting of the driver line"},
    {not_one_place, device("line", ""), "4:1", "设备 'd'：port, tcp 中须写一个，且只写一个",
     "device 'd': exactly one of port, tcp is needed"},
    {only_with, device("line", "tcp = \"h:1\"\nbaud = 9600\n"), "8:8", "设备 'd'：baud 只能和 port 一起写",
     "device 'd': baud goes with port only"},
    {not_hex, device("bytes", "port = \"/p\"\nopen_entry = \"E\"\n"), "8:14",
     "设备 'd'：open_entry 须是至多 64 个字节的十六进制数字，每字节两位",
     "device 'd': open_entry must be at most 64 octets as pairs of hexadecimal digits"},
    {not_wires, osdp("inputs = [0, 256]\n"), "9:10", "设备 'd'：inputs 须是至多 4 个整数的列表，各为 -1（不接）到 255",
     "device 'd': inputs must be a list of at most 4 whole numbers from -1 (not wired) to 255"},
    {not_lines, device("gpio", "chip = \"c\"\nlines = 4\n"), "8:9", "设备 'd'：lines 须是线路表，如 { open_entry = 4 }",
     "device 'd': lines must be a table of lines, such as { open_entry = 4 }"},
    {not_line, device("gpio", "chip = \"c\"\nlines = { open_entry = -4 }\n"), "8:9",
     "设备 'd'：lines 里的 open_entry 须是线路编号，0 到 65535",
     "device 'd': open_entry of lines must be a line's number, 0 to 65535"},
    {unknown_line, device("gpio", "chip = \"c\"\nlines = { open_entry = 4, door = 5 }\n"), "8:9",
     "设备 'd'：lines 里没有 door 这一项；有：open_entry, ", "device 'd': lines knows no door, only open_entry, "},
    {line_twice, device("gpio", "chip = \"c\"\nlines = { open_entry = 4, fire = 4 }\n"), "8:9",
     "设备 'd'：lines 里同一条线路用了两次", "device 'd': lines uses a line twice"},
    {no_lines_to_open, device("gpio", "chip = \"c\"\nlines = { fire = 4 }\n"), "8:9",
     "设备 'd'：lines 里 open_entry 和 open_exit 至少写一个",
     "device 'd': lines names neither open_entry nor open_exit"},
    {no_chip, device("gpio", "lines = { open_entry = 4 }\n"), "4:1",
     "设备 'd'：缺少 chip：路径、gpiochip0 这样的名称，或芯片标签",
     "device 'd': chip is missing: a path, a name such as gpiochip0, or a label"},
    {not_hundreds, osdp("pulse_ms = 250\n"), "9:12", "设备 'd'：pulse_ms 须是 100 的倍数",
     "device 'd': pulse_ms must be a multiple of 100"},
    {not_hundreds_of_board, modbus("pulse_ms = 250\n"), "8:12",
     "设备 'd'：脉冲由控制板结束时，pulse_ms 须是 100 的倍数",
     "device 'd': pulse_ms must be a multiple of 100 with a pulse that the board ends"},
    {no_way_opens, modbus("open_entry = -1\nopen_exit = -1\n"), "8:14",
     "设备 'd'：open_entry 和 open_exit 至少要有一个", "device 'd': neither open_entry nor open_exit is there"},
    {no_output, device("osdp", "port = \"/p\"\noutput = -1\n"), "8:10", "设备 'd'：output 两个方向都没有接线",
     "device 'd': output has a wire for neither way"},
    {same_as, modbus("open_exit = 0\n"), "8:13", "设备 'd'：open_exit 和 open_entry 相同，须不同",
     "device 'd': open_exit is the same as open_entry"},
    {same_output, device("osdp", "port = \"/p\"\noutput = [1, 1]\n"), "8:10", "设备 'd'：output 两个方向用了同一路输出",
     "device 'd': output has the same output for both ways"},
    {not_inputs, modbus("inverted_inputs = [2]\n"), "8:19",
     "设备 'd'：inverted_inputs 须是接了线的输入编号的列表，如 [ 0, 1 ]",
     "device 'd': inverted_inputs must be a list of inputs that are wired, such as [ 0, 1 ]"},
    {port_taken, two_scanners + "port = \"/p\"\n", "8:1", "设备 'e'：port 的端口已由另一台设备使用",
     "device 'e': port is the port of another device"},
    {speed_differs,
     device("modbus", "port = \"/p\"\n") +
         "[[device]]\nname = \"e\"\ndriver = \"modbus\"\nport = \"/p\"\nbaud = 19200\n",
     "8:1", "设备 'e'：baud 或 parity 与同一端口上的另一台设备不同",
     "device 'e': baud differs from another device on this port, or parity does"},
    {place_taken,
     device("modbus", "port = \"/p\"\n") + "[[device]]\nname = \"e\"\ndriver = \"modbus\"\nport = \"/p\"\n", "8:1",
     "设备 'e'：unit 已由同一端口上的另一台设备使用", "device 'e': unit is taken by another device on this port"},
};

ConfigFaults faults_in(const std::string& text) {
    return read_documents({{"edge.toml", text.starts_with('!') ? text.substr(1) : node_part + text}}).faults;
}

// In these the list goes on, or toml++ has the word.
bool is_open_ended(const std::string& text) {
    return text.ends_with(", ") || text.ends_with(": ") || text.ends_with("：");
}

}  // namespace

TEST_CASE("each kind of fault is told at its place, in Chinese and in English") {
    for (const Case& one : cases) {
        CAPTURE(text_name(one.kind));
        CAPTURE(one.text);
        const ConfigFaults faults = faults_in(one.text);
        const auto found =
            std::ranges::find(faults, one.kind, [](const ConfigFault& fault) { return fault.what.text; });
        REQUIRE(found != faults.end());
        const ConfigFault& fault = *found;
        for (const auto& [language, words] : {std::pair{Language::zh, one.zh}, std::pair{Language::en, one.en}}) {
            const std::string line = told(fault, language);
            const std::string wanted = "edge.toml:" + one.place + ": " + words;
            CHECK((is_open_ended(words) ? line.substr(0, wanted.size()) : line) == wanted);
        }
    }
}

TEST_CASE("a list may be as long as it may be, and no longer") {
    const auto hosts = [](std::size_t count) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i) list += "\"h\",";
        return faults_in("[api]\nhosts = [" + list + "]\n");
    };
    CHECK(hosts(256).empty());
    REQUIRE(hosts(257).size() == 1);
    CHECK(told(hosts(257).front(), Language::zh) == "edge.toml:5:9: api.hosts 超过 256 项");
    CHECK(told(hosts(257).front(), Language::en) == "edge.toml:5:9: api.hosts has more than 256 items");
}

TEST_CASE("what is wrong with the files themselves is told at their beginning") {
    const test::ScratchDirectory scratch;
    const auto file = scratch.path() / "edge.toml";
    const auto only_fault = [&](Language language) {
        const auto faults = load_config(file).faults;
        return faults.size() == 1 ? told(faults.front(), language) : "not one fault";
    };
    const std::string start = file.string() + ":1:1: ";
    CHECK(only_fault(Language::zh) == start + "读不到这个文件：文件不存在，或当前用户无权读取");
    CHECK(only_fault(Language::en) == start + "cannot be read: it is not there, or this user may not read it");
    std::ofstream{file} << std::string(largest_config_file + 1, '#');
    const auto large = load_config(file).faults.front();
    CHECK(told(large, Language::zh) == start + "文件超过 1048576 字节，配置文件不能这么大");
    CHECK(told(large, Language::en) == start + "the file is larger than a configuration may be (1048576 octets)");
    std::ofstream{file} << node_part;
    CHECK(load_config(file).faults.empty());
    const auto beside = scratch.path() / "conf.d";
    std::ofstream{beside} << "";  // as a folder it cannot be read
    const auto no_folder = load_config(file).faults;
    REQUIRE(no_folder.size() == 1);
    CHECK(no_folder.front().where.file == beside.string());
    CHECK(no_folder.front().what.text == file_unreadable);
    std::filesystem::remove(beside);
    std::filesystem::create_directory(beside);
    for (std::size_t i = 0; i < most_config_files; ++i)
        std::ofstream{scratch.path() / "conf.d" / (std::to_string(100 + i) + ".toml")} << "";
    const auto many = load_config(file).faults;
    REQUIRE(many.size() == 1);
    CHECK(many.front().what.text == too_many_files);
    CHECK(told(many.front(), Language::zh).ends_with(":1:1: conf.d 里的文件超过 64 个"));
    CHECK(told(many.front(), Language::en).ends_with(":1:1: more than 64 files in conf.d"));
}

TEST_CASE("no kind of fault of a node is without its case") {
    std::set<FaultText> shown{file_unreadable, file_too_large, too_many_files, too_many_items};
    shown.insert(of_device);        // in front of every fault of a device
    shown.insert(not_octets_long);  // central's
    for (const Case& one : cases) shown.insert(one.kind);
    for (auto kind = file_unreadable; kind < not_absolute;
         kind = static_cast<FaultText>(static_cast<unsigned>(kind) + 1)) {
        CAPTURE(text_name(kind));
        CHECK(shown.contains(kind));
    }
}
