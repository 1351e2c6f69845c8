#include "schemas/words/help.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace gatehouse {

namespace {

constexpr std::array table{
    HelpText{"--help", "显示本帮助", "show this help"},
    HelpText{"--version", "显示版本", "show the version"},
    HelpText{"--config", "配置文件（TOML）", "configuration file (TOML)"},
    HelpText{"--check-config", "列出配置中的全部错误，然后结束", "print every fault of the configuration and end"},
    HelpText{"--print-config", "显示生效的配置，然后结束", "print the effective configuration and end"},
    HelpText{"<name>", "名称", "name"},
    HelpText{"<file>", "文件", "file"},
    HelpText{"<sale>", "售票单号", "sale"},
    HelpText{"<ticket>", "票号", "ticket"},
    HelpText{"<shift>", "班次号", "shift"},
    HelpText{"<lane>", "通道", "lane"},
    HelpText{"<code>", "票码", "code"},
    HelpText{"<what>", "操作", "what"},
    HelpText{"<mode>", "模式", "mode"},
    HelpText{"<shell>", "外壳程序", "shell"},
    HelpText{"<SCENARIO>", "场景文件", "SCENARIO"},
    HelpText{"--reason", "原因", "why"},
    HelpText{"--window", "窗口名称", "which window"},
    HelpText{"--id", "本次操作的编号；同一编号不会重复执行", "client id; the same id never acts twice"},

    HelpText{"gatehouse", "Gatehouse：操作本机的终端服务。", "Gatehouse: speaks to the daemon of this node."},
    HelpText{"gatehouse --url", "终端服务的地址 http://主机:端口", "http://HOST:PORT of the daemon"},
    HelpText{"gatehouse --socket", "终端服务的 unix 套接字，代替 --url", "the daemon's unix socket, in place of --url"},
    HelpText{"gatehouse --token-file", "gatehouse login 得到的令牌存放处",
             "where the token of 'gatehouse login' is kept"},
    HelpText{"gatehouse --json", "原样输出服务的应答", "print answers as the daemon gives them"},
    HelpText{"gatehouse --lang", "显示语言", "language of texts"},

    HelpText{"gatehouse status", "本机状态", "how this node is"},
    HelpText{"gatehouse status --watch", "每秒刷新，直到中断", "every second, until interrupted"},
    HelpText{"gatehouse peers", "场内其他终端", "the venue's other nodes"},
    HelpText{"gatehouse resync", "重新上传本机流水（不会重复入账）", "offer this node's records to central again"},
    HelpText{"gatehouse resync --to", "结束流水号", "last record"},
    HelpText{"gatehouse resync --all", "全部流水", "every record"},
    HelpText{"gatehouse resync --dry-run", "只说明会上传什么", "only say what would be sent"},
    HelpText{"gatehouse resync --wait", "等到完成，并显示进度", "until it is done, with a progress bar"},

    HelpText{"gatehouse devices", "接入的设备", "what is plugged in"},
    HelpText{"gatehouse devices list", "设备、状态，以及故障的处理办法",
             "devices, their state, and what to do about those in trouble"},
    HelpText{"gatehouse devices test", "试一试设备：扫码器发出提示，打印机打一张测试纸，闸机只查应答、不开闸",
             "try the device: a scanner shows a sign, a printer prints a test paper, a turnstile is asked, not opened"},
    HelpText{"gatehouse devices test name", "设备名称", "name of the device"},
    HelpText{"gatehouse devices record", "把端口上的全部数据录到流水旁边的文件",
             "what passes through its port, into a file beside the journal"},
    HelpText{"gatehouse devices record name", "设备名称", "name of the device"},
    HelpText{"gatehouse devices record --seconds", "录多久；不写则到 Ctrl-C 为止", "how long; else until Ctrl-C"},
    HelpText{"gatehouse devices replay", "把一段录制放给设备的驱动，逐条说出它得知的事，不需要终端服务",
             "what a device's driver makes of a recording, event by event; works without a daemon"},
    HelpText{"gatehouse devices replay file", "录制文件", "a recording"},
    HelpText{"gatehouse devices adopt", "给下一个插上的设备固定名称，须用 root 运行",
             "give a name that stays to what is plugged in next, as root"},
    HelpText{"gatehouse devices adopt name", "将成为 /dev/gatehouse/名称", "it becomes /dev/gatehouse/NAME"},
    HelpText{"gatehouse devices adopt --node", "已经插上的这一个", "this one, which is plugged in already"},
    HelpText{"gatehouse devices adopt --rules", "udev 规则文件", "udev's rule file"},
    HelpText{"gatehouse devices adopt --group", "允许打开它的用户组", "group that may open it"},
    HelpText{"gatehouse devices adopt --seconds", "等待多久（秒）", "how long to wait for it"},

    HelpText{"gatehouse enrol", "把这台机器登记为场馆的终端", "make this machine a node of the venue"},
    HelpText{"gatehouse enrol --central", "票务中心的同步地址 https://主机:端口",
             "https://HOST:PORT of central's sync listener"},
    HelpText{"gatehouse enrol --token", "票务中心发的一次性登记码", "one-time token from central"},
    HelpText{"gatehouse enrol --config", "本终端的配置文件", "the node's configuration file"},
    HelpText{"gatehouse login", "登录；口令从标准输入读取", "log in; the PIN comes on standard input"},
    HelpText{"gatehouse login --operator", "登录的操作员", "who logs in"},

    HelpText{"gatehouse sell", "在窗口售票", "sell tickets at a window"},
    HelpText{"gatehouse sell --line", "票种[:数量[:时段]][:persons=人数][:concession=优惠/证件种类]，可写多个",
             "PRODUCT[:QUANTITY[:SESSION]][:persons=N][:concession=CLASS/DOCUMENT]"},
    HelpText{"gatehouse sell --tender", "支付方式:金额[:参考号]，金额以分为单位，可写多个",
             "KIND:AMOUNT[:REFERENCE], the amount in minor units"},
    HelpText{"gatehouse refund", "退票", "take tickets back"},
    HelpText{"gatehouse refund sale", "售票单号", "id of the sale"},
    HelpText{"gatehouse refund --ticket", "只退其中这些票", "only these of its tickets"},
    HelpText{"gatehouse refund --window", "在哪个窗口退款", "where the money is handed back"},
    HelpText{"gatehouse reprint", "补打一张票", "print a ticket again"},
    HelpText{"gatehouse reprint ticket", "票号", "id of the ticket"},
    HelpText{"gatehouse reprint --window", "用哪个窗口的打印机", "whose printer prints"},
    HelpText{"gatehouse shift", "开班、交班、查看班次", "open, close or look at a shift"},
    HelpText{"gatehouse shift open", "开班", "begin a shift"},
    HelpText{"gatehouse shift open --float", "备用金（分）", "cash in the drawer, in minor units"},
    HelpText{"gatehouse shift close", "按清点的现金交班", "end a shift with the cash that was counted"},
    HelpText{"gatehouse shift close shift", "班次号；不写则为该窗口未交的班",
             "id of the shift; else the window's open one"},
    HelpText{"gatehouse shift close --counted", "清点的现金（分）", "in minor units"},
    HelpText{"gatehouse shift report", "班中小结", "the shift as it stands"},
    HelpText{"gatehouse shift report --window", "窗口名称；不写则为本人的", "which window; else the operator's own"},
    HelpText{"gatehouse report", "本机流水的汇总", "sums of what this node holds"},
    HelpText{"gatehouse report day", "日结", "a business day"},
    HelpText{"gatehouse report day --date", "YYYY-MM-DD；不写则为今天的营业日",
             "YYYY-MM-DD; else today's business date"},

    HelpText{"gatehouse scan", "在通道检一张票", "show a code to a lane"},
    HelpText{"gatehouse scan lane", "通道名称", "name of the lane"},
    HelpText{"gatehouse scan code", "二维码的内容", "what the QR says"},
    HelpText{"gatehouse scan --persons", "票上的几个人", "how many of the ticket's persons"},
    HelpText{"gatehouse scan --companions", "另带几名免票随行", "free persons besides"},
    HelpText{"gatehouse scan --direction", "双向通道：entry 进，exit 出", "entry or exit, on a lane for both"},
    HelpText{"gatehouse scan --let-through", "放行须由人决定的票", "admit what only a person may decide"},
    HelpText{"gatehouse lane", "名称 mode 模式：设置通道的模式", "NAME mode MODE: set a lane's mode"},
    HelpText{"gatehouse lane name", "通道名称", "name of the lane"},
    HelpText{"gatehouse lane what", "写 mode", "the word mode"},
    HelpText{"gatehouse lane mode", "正常 normal，常开检票 green，免检 free，关闭 closed",
             "normal, green, free or closed"},
    HelpText{"gatehouse emergency", "open：本机全部通道紧急常开；close：恢复正常",
             "open: hold every lane of this node open; close: back to normal"},
    HelpText{"gatehouse emergency what", "open 或 close", "open or close"},

    HelpText{"gatehouse ticket", "票码的内容", "what a ticket's code says"},
    HelpText{"gatehouse ticket decode", "解读票码，不需要终端服务", "what a code says; works without a daemon"},
    HelpText{"gatehouse ticket decode code", "二维码的内容", "what the QR says"},

    HelpText{"gatehouse journal", "查看本机持有的流水", "look at the journals held here"},
    HelpText{"--data-dir", "已停终端的数据目录，不经终端服务", "the files of a stopped node, in place of the daemon"},
    HelpText{"--node", "只看这个终端的流水", "only this node's journals"},
    HelpText{"--from", "起始流水号", "first record"},
    HelpText{"gatehouse journal verify", "逐条核对链；遇到第一个错误即以 65 结束",
             "read every chain back; ends 65 at the first fault"},
    HelpText{"gatehouse journal verify --from", "起始流水号，此前的不再核对",
             "first record; those before are not judged"},
    HelpText{"gatehouse journal export", "每行一条流水（JSON）", "a record a line, as JSON"},
    HelpText{"gatehouse journal head", "每本流水到第几号", "how far each journal reaches"},
    HelpText{"gatehouse journal rebuild", "由流水重建全部表；与原来不同则以 65 结束",
             "fold every record again; ends 65 when the tables were others"},
    HelpText{"gatehouse completion", "输出命令行补全脚本", "a script that completes this command in your shell"},
    HelpText{"gatehouse completion shell", "哪种 shell", "which shell"},

    HelpText{"gatehouse-edge", "终端服务：窗口、检票口、流水、补传。",
             "The daemon of one node: windows, gates, journal, replay."},
    HelpText{"gatehouse-edge --config", "配置文件；旁边的 conf.d/*.toml 一并读入",
             "configuration file; conf.d/*.toml beside it is merged"},
    HelpText{"gatehouse-central", "票务中心：收集流水，管理票种目录，出报表。",
             "The server of a venue: collects journals, owns the catalogue, reports."},
    HelpText{"gatehouse-central init", "建立场馆：密钥、数据库、第一个管理员",
             "make the venue: keys, database, first administrator"},
    HelpText{"gatehouse-central init --json", "输出一个对象：operator、pin、fingerprint",
             "one object: operator, pin, fingerprint"},

    HelpText{"gatehouse-devices", "模拟设备：伪终端和 TCP 上的扫码器、闸机、打印机。",
             "Emulated scanners, turnstiles and printers on pseudo-terminals and TCP."},
    HelpText{"gatehouse-devices SCENARIO", "TOML 文件，见 drivers/emulator/README.md",
             "a TOML file, see drivers/emulator/README.md"},

    HelpText{"gatehouse-sim", "确定性模拟器：由一个种子重现场馆的坏日子。",
             "The deterministic simulator: plays a venue's bad days from a seed."},
    HelpText{"gatehouse-sim --seed", "第一个种子", "first seed"},
    HelpText{"gatehouse-sim --runs", "从第一个起共几个种子", "how many seeds, from the first on"},
    HelpText{"gatehouse-sim --hours", "每次模拟几小时", "virtual hours of each run"},
    HelpText{"gatehouse-sim --mutant", "故意弄错的机器名，或 all：每一个都必须被发现",
             "a machine that is wrong on purpose, or \"all\": each must be caught"},
    HelpText{"gatehouse-sim --jobs", "进程数", "processes"},
    HelpText{"gatehouse-sim --keep-going", "跑完全部种子，列出每个失败的",
             "play all seeds, and print each that failed"},
    HelpText{"gatehouse-sim --all-faults", "有哪种故障从未发生也算失败",
             "a kind of fault that never fired is a failure"},
    HelpText{"gatehouse-sim --verbose", "说明发生了什么", "say what happens"},
    HelpText{"gatehouse-sim --no-faults", "不注入故障", "a good day"},
};

const HelpText* line_of(std::string_view path) {
    const auto* const found = std::ranges::find(table, path, &HelpText::path);
    return found == table.end() ? nullptr : found;
}

}  // namespace

std::span<const HelpText> help_texts() { return table; }

const HelpText* help_on(std::string_view path, std::string_view name) {
    const auto* const own = line_of(path.empty() ? std::string{name} : std::string{path} + ' ' + std::string{name});
    return own != nullptr ? own : line_of(name);
}

}  // namespace gatehouse
