#include "schemas/words/fault_words.hpp"

#include <algorithm>
#include <array>

#include "schemas/base/check.hpp"

namespace gatehouse {

namespace {

struct Entry {
    FaultText key;
    std::string_view name;
    std::string_view zh;
    std::string_view en;
};

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of a constant is not to be had otherwise.
#define GATEHOUSE_FAULT(key, zh, en) \
    Entry { FaultText::key, #key, zh, en }

constexpr std::array<Entry, fault_text_count> table{{
    GATEHOUSE_FAULT(file_unreadable, "读不到这个文件：文件不存在，或当前用户无权读取",
                    "cannot be read: it is not there, or this user may not read it"),
    GATEHOUSE_FAULT(file_too_large, "文件超过 {most} 字节，配置文件不能这么大",
                    "the file is larger than a configuration may be ({most} octets)"),
    GATEHOUSE_FAULT(too_many_files, "conf.d 里的文件超过 {most} 个", "more than {most} files in conf.d"),
    GATEHOUSE_FAULT(no_toml, "不是合法的 TOML，请检查这里的写法（技术说明：{fault}）", "not TOML: {fault}"),
    GATEHOUSE_FAULT(unknown_key, "没有 '{key}' 这个设置项", "unknown key '{key}'"),
    GATEHOUSE_FAULT(unknown_key_near, "没有 '{key}' 这个设置项；是不是 '{meant}'？",
                    "unknown key '{key}'; did you mean '{meant}'?"),
    GATEHOUSE_FAULT(missing, "缺少 {key}", "{key} is missing"),
    GATEHOUSE_FAULT(not_text, "{key} 须是文本，写在引号里", "{key} must be a text, in quotes"),
    GATEHOUSE_FAULT(not_short_text, "{key} 须是 1 到 {most} 字节的文本，不含控制字符",
                    "{key} must be a text of 1 to {most} octets without control characters"),
    GATEHOUSE_FAULT(not_octets_long, "{key} 的长度须为 1 到 {most} 字节", "{key} must have 1 to {most} octets"),
    GATEHOUSE_FAULT(not_name, "{key} 须是名称：以 a-z 或 0-9 开头，其后至多 31 个 a-z 0-9 . _ -",
                    "{key} must be a name: a-z or 0-9, then up to 31 of a-z 0-9 . _ -"),
    GATEHOUSE_FAULT(not_one_of, "{key} 只能是：{choices}", "{key} must be one of {choices}"),
    GATEHOUSE_FAULT(not_flag, "{key} 须是 true（是）或 false（否），不加引号",
                    "{key} must be true or false, without quotes"),
    GATEHOUSE_FAULT(not_number, "{key} 须是 {low} 到 {high} 的整数，不加引号",
                    "{key} must be a whole number from {low} to {high}, without quotes"),
    GATEHOUSE_FAULT(not_texts, "{key} 须是文本列表，如 [\"…\", \"…\"]",
                    "{key} must be a list of texts, as [\"…\", \"…\"]"),
    GATEHOUSE_FAULT(not_short_texts, "{key} 的列表里每一项须是 1 到 {most} 字节的文本",
                    "{key} lists texts of 1 to {most} octets only"),
    GATEHOUSE_FAULT(too_many_items, "{key} 超过 {most} 项", "{key} has more than {most} items"),
    GATEHOUSE_FAULT(not_table, "{key} 须写成一节：[{key}]", "{key} must be a table: [{key}]"),
    GATEHOUSE_FAULT(not_tables, "{key} 每一项须写成一节：[[{key}]]", "{key} must be tables: [[{key}]]"),
    GATEHOUSE_FAULT(no_setting_value, "{key} 须是文本、整数、true 或 false，或整数的列表或表",
                    "{key} must be a text, a whole number, true or false, or a list or table of whole numbers"),
    GATEHOUSE_FAULT(empty_text, "{key} 不能为空", "{key} must not be empty"),
    GATEHOUSE_FAULT(not_host_port, "{key} 须是 \"地址:端口\"，如 \"127.0.0.1:8440\"",
                    "{key} must be \"HOST:PORT\", as in \"127.0.0.1:8440\""),
    GATEHOUSE_FAULT(not_host_ports, "{key} 里每一项须是 \"地址:端口\"，如 \"10.0.0.12:8442\"",
                    "{key} lists \"HOST:PORT\", as in \"10.0.0.12:8442\""),
    GATEHOUSE_FAULT(not_sync_urls, "{key} 里每一项须是 wss://主机:端口/sync 这样的地址",
                    "{key} lists addresses like wss://HOST:PORT/sync"),
    GATEHOUSE_FAULT(
        discovery_without_listen,
        "{key} 需要 peers.listen，且为 IPv4 地址，如 \"0.0.0.0:8442\"：别的节点要知道从哪里连过来",
        "{key} needs peers.listen, and an IPv4 address in it, like \"0.0.0.0:8442\": others must know where "
        "to reach this node"),
    GATEHOUSE_FAULT(needs_tls, "{key} 可从别的机器访问：须设 api.tls = true",
                    "{key} is beyond this machine's loopback: set api.tls = true"),
    GATEHOUSE_FAULT(bus_twice, "有两条总线都叫 '{bus}'", "two buses are named '{bus}'"),
    GATEHOUSE_FAULT(device_twice, "有两台设备都叫 '{device}'", "two devices are named '{device}'"),
    GATEHOUSE_FAULT(lane_twice, "有两条通道都叫 '{lane}'", "two lanes are named '{lane}'"),
    GATEHOUSE_FAULT(window_twice, "有两个窗口都叫 '{window}'", "two windows are named '{window}'"),
    GATEHOUSE_FAULT(unknown_bus_kind, "没有 '{kind}' 这种总线；只有 'modbus' 和 'osdp'",
                    "unknown bus kind '{kind}'; there are 'modbus' and 'osdp'"),
    GATEHOUSE_FAULT(unknown_bus, "bus 须是某个 [[bus]] 的 name", "bus must be the name of a [[bus]]"),
    GATEHOUSE_FAULT(bus_of_another_kind, "总线 '{bus}' 只接 {kind} 设备", "bus '{bus}' is for {kind} devices"),
    GATEHOUSE_FAULT(unknown_device, "没有名为 '{device}' 的 [[device]]", "there is no [[device]] named '{device}'"),
    GATEHOUSE_FAULT(no_scanner, "设备 '{device}' 的驱动是 {driver}，不是扫码器",
                    "device '{device}' has the driver {driver}, which is no scanner"),
    GATEHOUSE_FAULT(no_turnstile, "设备 '{device}' 的驱动是 {driver}，不是闸机",
                    "device '{device}' has the driver {driver}, which is no turnstile"),
    GATEHOUSE_FAULT(no_printer, "设备 '{device}' 的驱动是 {driver}，不是打印机",
                    "device '{device}' has the driver {driver}, which is no printer"),
    GATEHOUSE_FAULT(device_serves_already, "设备 '{device}' 已用于一条通道或一个窗口，只能用一次",
                    "device '{device}' serves a lane or window already"),
    GATEHOUSE_FAULT(of_device, "设备 '{device}'：{fault}", "device '{device}': {fault}"),
    GATEHOUSE_FAULT(unknown_driver, "没有 '{driver}' 这个驱动；有：{drivers}",
                    "there is no driver '{driver}'; there are {drivers}"),
    GATEHOUSE_FAULT(not_of_driver, "驱动 {driver} 没有 {key} 这个设置项",
                    "{key} is not a setting of the driver {driver}"),
    GATEHOUSE_FAULT(not_one_place, "{places} 中须写一个，且只写一个", "exactly one of {places} is needed"),
    GATEHOUSE_FAULT(only_with, "{key} 只能和 {other} 一起写", "{key} goes with {other} only"),
    GATEHOUSE_FAULT(not_hex, "{key} 须是至多 {most} 个字节的十六进制数字，每字节两位",
                    "{key} must be at most {most} octets as pairs of hexadecimal digits"),
    GATEHOUSE_FAULT(not_wires, "{key} 须是至多 {most} 个整数的列表，各为 -1（不接）到 255",
                    "{key} must be a list of at most {most} whole numbers from -1 (not wired) to 255"),
    GATEHOUSE_FAULT(not_lines, "{key} 须是线路表，如 { open_entry = 4 }",
                    "{key} must be a table of lines, such as { open_entry = 4 }"),
    GATEHOUSE_FAULT(not_line, "{key} 里的 {entry} 须是线路编号，0 到 65535",
                    "{entry} of {key} must be a line's number, 0 to 65535"),
    GATEHOUSE_FAULT(unknown_line, "{key} 里没有 {entry} 这一项；有：{known}", "{key} knows no {entry}, only {known}"),
    GATEHOUSE_FAULT(line_twice, "{key} 里同一条线路用了两次", "{key} uses a line twice"),
    GATEHOUSE_FAULT(no_lines_to_open, "{key} 里 open_entry 和 open_exit 至少写一个",
                    "{key} names neither open_entry nor open_exit"),
    GATEHOUSE_FAULT(no_chip, "缺少 {key}：路径、gpiochip0 这样的名称，或芯片标签",
                    "{key} is missing: a path, a name such as gpiochip0, or a label"),
    GATEHOUSE_FAULT(not_hundreds, "{key} 须是 100 的倍数", "{key} must be a multiple of 100"),
    GATEHOUSE_FAULT(not_hundreds_of_board, "脉冲由控制板结束时，{key} 须是 100 的倍数",
                    "{key} must be a multiple of 100 with a pulse that the board ends"),
    GATEHOUSE_FAULT(no_way_opens, "open_entry 和 open_exit 至少要有一个", "neither open_entry nor open_exit is there"),
    GATEHOUSE_FAULT(no_output, "{key} 两个方向都没有接线", "{key} has a wire for neither way"),
    GATEHOUSE_FAULT(same_as, "{key} 和 {other} 相同，须不同", "{key} is the same as {other}"),
    GATEHOUSE_FAULT(same_output, "{key} 两个方向用了同一路输出", "{key} has the same output for both ways"),
    GATEHOUSE_FAULT(not_inputs, "{key} 须是接了线的输入编号的列表，如 [ {wired} ]",
                    "{key} must be a list of inputs that are wired, such as [ {wired} ]"),
    GATEHOUSE_FAULT(port_taken, "{key} 的端口已由另一台设备使用", "{key} is the port of another device"),
    GATEHOUSE_FAULT(speed_differs, "{key} 或 parity 与同一端口上的另一台设备不同",
                    "{key} differs from another device on this port, or parity does"),
    GATEHOUSE_FAULT(place_taken, "{key} 已由同一端口上的另一台设备使用",
                    "{key} is taken by another device on this port"),
    GATEHOUSE_FAULT(not_absolute, "{key} 须是绝对路径，以 / 开头", "{key} must be an absolute path"),
    GATEHOUSE_FAULT(not_postgresql, "{key} 写的是 PostgreSQL，本版本还不支持；请用 sqlite:///路径",
                    "{key} names PostgreSQL, which is not in this release; use sqlite:///PATH"),
    GATEHOUSE_FAULT(not_sqlite, "{key} 须是 sqlite:// 加绝对路径，如 sqlite:///var/lib/gatehouse-central/central.db",
                    "{key} must be sqlite:// and an absolute path, as sqlite:///var/lib/gatehouse-central/central.db"),
    GATEHOUSE_FAULT(not_time_zone, "{key} 不是本系统有的 IANA 时区；例如 \"Asia/Shanghai\"",
                    "{key} is no IANA time zone of this system, as \"Asia/Shanghai\" is"),
    GATEHOUSE_FAULT(not_currency, "{key} 须是 ISO 4217 货币代码，如 \"CNY\"",
                    "{key} must be an ISO 4217 code, as \"CNY\" is"),
    GATEHOUSE_FAULT(not_time_of_day, "{key} 须是一天中的时刻，如 \"04:00\"",
                    "{key} must be a time of day, as \"04:00\""),
    GATEHOUSE_FAULT(not_key, "{key} 须是 32 位十六进制数字", "{key} must be 32 hexadecimal digits"),
    GATEHOUSE_FAULT(start_not_enrolled, "本机尚未登记为场馆的终端：请先运行 gatehouse enrol",
                    "this machine is not enrolled: run 'gatehouse enrol' first"),
    GATEHOUSE_FAULT(start_no_venue, "场馆尚未建立：请先运行 gatehouse-central init",
                    "the venue has not been made: run 'gatehouse-central init' first"),
    GATEHOUSE_FAULT(
        start_venue_exists, "这里已经建立过场馆，或上一次 init 中途停止：不会覆盖，请换空的数据目录",
        "a venue has been made here, or an init was cut short: nothing is overwritten, take an empty data_dir"),
    GATEHOUSE_FAULT(
        start_wrong_config, "配置与本机的登记、数据目录或网络地址不符：请按括号里的说明改正",
        "the configuration does not fit this machine, its data or its addresses: mend what is named behind"),
    GATEHOUSE_FAULT(start_busy, "另一个进程正在使用这个数据目录：请先停掉它",
                    "another process holds this data directory: stop that one first"),
    GATEHOUSE_FAULT(start_io, "不能读写文件或占用端口：请检查权限、磁盘和监听地址",
                    "a file or a port cannot be used: look at permissions, disk and listen addresses"),
    GATEHOUSE_FAULT(start_newer, "数据库属于更新的版本：请升级软件，或恢复升级前的备份",
                    "the database is of a newer release: upgrade the software, or restore the backup of before"),
    GATEHOUSE_FAULT(start_damaged, "业务流水或数据库损坏：请勿删除文件，恢复备份或联系技术支持",
                    "the journal or the database is damaged: delete nothing, restore a backup or ask for support"),
    GATEHOUSE_FAULT(
        start_no_thread, "操作系统不再给线程或内存：请放宽进程数和内存的限制（ulimit -u、TasksMax），或停掉别的程序",
        "the system gives no more threads or memory: allow more of them (ulimit -u, TasksMax), or stop other "
        "programs"),
    GATEHOUSE_FAULT(start_failed, "不能启动：请把括号里的说明转给技术支持",
                    "cannot start: tell support what is named behind"),
    GATEHOUSE_FAULT(reload_kept, "新配置没有采用，继续使用原来的配置", "kept the old configuration"),
    GATEHOUSE_FAULT(reload_no_way_back, "新配置不能用，原来的配置也不能再启动",
                    "the new configuration cannot be used, and the old one does not start any more"),
    GATEHOUSE_FAULT(
        peers_closed,
        "不能在 {address} 接收场内其他终端的连接：端口已被占用，或不是本机的地址；请改 [peers] "
        "listen，或停掉占用端口的程序",
        "peers cannot be heard on {address}: another program holds the port, or the address is not this machine's; "
        "change [peers] listen, or stop that program"),
    GATEHOUSE_FAULT(
        journal_ahead,
        "其他机器持有本终端的业务流水 {journal} 直到第 {record} 条，而本机磁盘上没有：数据目录是恢复或复制来的。"
        "本次启动没有写入任何记录；请留存这个目录，再恢复较新的数据目录，或把本机登记为新的终端",
        "others hold this node's journal {journal} up to record {record}, which this disk does not: it was "
        "restored or copied. Nothing was appended since the start; keep this directory aside, then restore "
        "the newer one, or enrol this machine as a new node"),
    GATEHOUSE_FAULT(
        journal_ahead_appended,
        "其他机器持有本终端的业务流水 {journal} 直到第 {record} 条，而本机磁盘上没有：数据目录是恢复或复制来的，"
        "且此后已经写入记录。从第 {first} 条起的记录只存在于本机：请勿删除或覆盖这个目录，用 gatehouse journal "
        "export 导出，再把本机登记为新的终端",
        "others hold this node's journal {journal} up to record {record}, which this disk does not: it was "
        "restored or copied, and has been written to since. The records from {first} on exist only here: keep "
        "this directory, export it with 'gatehouse journal export', and enrol this machine as a new node"),
    GATEHOUSE_FAULT(
        journal_differs,
        "另一台机器以本终端的名义写过业务流水：{journal} 的第 {record} 条与本机的不同。其后的记录可能只存在于"
        "本机：请勿删除或覆盖这个目录，先用 gatehouse journal export 导出，再把本机登记为新的终端",
        "another machine wrote under this node's name: record {record} of journal {journal} is another one "
        "elsewhere. What comes after it may exist only here: keep this directory, export it with 'gatehouse "
        "journal export' first, and enrol this machine as a new node"),
    GATEHOUSE_FAULT(command_no_file, "读不到 {file}：文件不存在，或当前用户无权读取",
                    "{file} cannot be read: it is not there, or this user may not read it"),
    GATEHOUSE_FAULT(command_no_recording, "{file} 不能重放：须是 gatehouse devices record 录下的文件",
                    "{file} cannot be replayed: it must be what 'gatehouse devices record' wrote"),
    GATEHOUSE_FAULT(command_not_adoptable, "{node} 不是可以认领的设备：不写 --node，等提示后再插上设备",
                    "{node} is no device that can be adopted: leave --node out, and plug it in when asked"),
    GATEHOUSE_FAULT(command_no_place, "{node} 没有序列号，也不在固定的插口上，不能认领",
                    "{node} has neither serial number nor socket to know it by"),
    GATEHOUSE_FAULT(command_device_name, "设备名称须以 a-z 或 0-9 开头，其后至多 31 个 a-z 0-9 . _ -",
                    "a device's name is a-z or 0-9, then up to 31 of a-z 0-9 . _ -"),
    GATEHOUSE_FAULT(command_not_written, "写不了 {file}：请用 root 运行", "{file} cannot be written: run it as root"),
    GATEHOUSE_FAULT(command_output, "输出没有写完整，请勿使用：请检查磁盘空间；命令本身可能已经办理",
                    "what is printed could not be written whole, do not use it: look at the disk's room; the command "
                    "itself may have been done"),
    GATEHOUSE_FAULT(command_no_folder, "没有 {dir} 这个目录，或当前用户无权读取：请核对 --data-dir",
                    "there is no folder {dir}, or this user may not read it: look at --data-dir"),
    GATEHOUSE_FAULT(
        command_no_journal, "{dir} 里没有业务流水（journal.db 或 central.db）：--data-dir 须是终端或票务中心的数据目录",
        "{dir} holds no journal (journal.db or central.db): --data-dir must be the data_dir of a node or of "
        "central"),
    GATEHOUSE_FAULT(command_broken_journal, "流水核对不通过：请停用这台终端，不要删除文件，联系技术支持",
                    "a journal is not whole: stop using this node, delete nothing, and ask for support"),
    GATEHOUSE_FAULT(command_pin, "口令须是 4 至 12 位数字，从标准输入读取",
                    "the PIN is 4 to 12 digits, on standard input"),
    GATEHOUSE_FAULT(command_type_pin, "口令（不显示）：", "PIN (not shown): "),
    GATEHOUSE_FAULT(command_token, "登记码须是 gh1- 加 64 个字符：请完整复制",
                    "an enrolment token is gh1- and 64 letters or digits: copy the whole of it"),
    GATEHOUSE_FAULT(command_amount,
                    "{option} {given}：金额“{amount}”不对，须是以分为单位的整数，如 {option} cash:15000",
                    "{option} {given}: the amount '{amount}' must be a whole number of minor units, as in {option} "
                    "cash:15000"),
    GATEHOUSE_FAULT(command_line_form, "{option} {given} 写法不对，看不懂“{part}”",
                    "{option} {given} is not of the right form: '{part}' makes no sense"),
    GATEHOUSE_FAULT(login_missing, "还没有登录：请运行 gatehouse login --operator 姓名",
                    "nobody is logged in: run 'gatehouse login --operator NAME'"),
    GATEHOUSE_FAULT(login_over, "登录已过期或已失效：请重新运行 gatehouse login --operator 姓名",
                    "the login has expired or counts no more: log in again with 'gatehouse login --operator NAME'"),
    GATEHOUSE_FAULT(enrol_refused, "登记码无效、已用过或已过期，或不是这个票务中心发的：请票务中心另发一个",
                    "the token is unknown, used, expired or another central's: ask central for a new one"),
    GATEHOUSE_FAULT(enrol_other_name, "登记码是给另一个名称的终端的：请核对配置里的 node.name",
                    "the token is for a node of another name: look at node.name of the configuration"),
    GATEHOUSE_FAULT(enrol_already, "这个数据目录已有登记，不必再登记；或登记文件损坏",
                    "this data directory is enrolled already, or what it holds of that is damaged"),
    GATEHOUSE_FAULT(enrol_unreachable, "连不上票务中心：请检查 --central 的地址、网络和防火墙",
                    "central cannot be reached: look at the address of --central, the network and the firewall"),
    GATEHOUSE_FAULT(request_field, "提交的内容有误：请改正 {field}", "The request is not valid: correct {field}"),
    GATEHOUSE_FAULT(request_field_why, "提交的内容有误：{field} {why}", "The request is not valid: {field} {why}"),
    GATEHOUSE_FAULT(answer_unknown, "没有办理：{code}", "It was not done: {code}"),
    GATEHOUSE_FAULT(answer_no_json, "看不懂服务的应答（{status}）：请检查 --url 是否是终端服务的地址",
                    "The answer ({status}) makes no sense: is --url the daemon's address?"),
    GATEHOUSE_FAULT(remark, "{said}（技术说明：{detail}）", "{said} ({detail})"),
}};

#undef GATEHOUSE_FAULT

constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].key) != i) return false;
    return true;
}
static_assert(in_order(), "the table has the order of FaultText");

const Entry& entry(FaultText key) {
    check(key < FaultText::count_, "a fault has a place in the table");
    return table[static_cast<std::size_t>(key)];
}

}  // namespace

std::string_view text(FaultText key, Language language) {
    return language == Language::zh ? entry(key).zh : entry(key).en;
}

std::string_view text_name(FaultText key) { return entry(key).name; }

std::string said(const FaultWords& fault, Language language) {
    std::string sentence = filled(text(fault.text, language), fault.with);
    std::ranges::replace_if(sentence, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
    return sentence;
}

std::string with_remark(std::string sentence, const std::string& detail, Language language) {
    if (detail.empty()) return sentence;
    return said({FaultText::remark, {{"said", std::move(sentence)}, {"detail", detail}}}, language);
}

}  // namespace gatehouse
