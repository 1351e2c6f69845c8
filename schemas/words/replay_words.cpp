#include "schemas/words/replay_words.hpp"

#include <algorithm>
#include <array>

#include "schemas/base/check.hpp"
#include "schemas/base/filled.hpp"

namespace gatehouse {

namespace {

struct Entry {
    ReplayText key;
    std::string_view name;
    std::string_view zh;
    std::string_view en;
};

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of a constant is not to be had otherwise.
#define GATEHOUSE_REPLAY(key, zh, en) \
    Entry { ReplayText::key, #key, zh, en }

constexpr std::array<Entry, replay_text_count> table{{
    GATEHOUSE_REPLAY(scan, "扫到 {hex}", "scanned {hex}"),
    GATEHOUSE_REPLAY(foreseen, "已读到 {hex}，等结尾", "read {hex}, without its end yet"),
    GATEHOUSE_REPLAY(dropped, "丢弃一次扫码：{why}", "dropped a scan: {why}"),
    GATEHOUSE_REPLAY(drop_too_long, "过长", "too long"),
    GATEHOUSE_REPLAY(drop_incomplete, "不完整", "incomplete"),
    GATEHOUSE_REPLAY(drop_repeated, "短时间内重复", "the same again"),
    GATEHOUSE_REPLAY(drop_unreadable, "读不出", "unreadable"),
    GATEHOUSE_REPLAY(wrote, "写出 {hex}", "wrote {hex}"),
    GATEHOUSE_REPLAY(hung_up, "关闭端口，准备重开", "closed the port, to open it again"),
    GATEHOUSE_REPLAY(answers, "设备有应答", "the device answers"),
    GATEHOUSE_REPLAY(silent, "设备无应答", "the device does not answer"),
    GATEHOUSE_REPLAY(trouble_none, "读头恢复正常", "the reader is well again"),
    GATEHOUSE_REPLAY(trouble_tampered, "读头被拆动", "the reader was opened or torn off"),
    GATEHOUSE_REPLAY(trouble_power_failed, "读头供电异常", "the reader's supply fails"),
    GATEHOUSE_REPLAY(opened, "第 {open} 次开闸：设备已执行", "opening {open}: taken by the device"),
    GATEHOUSE_REPLAY(open_failed, "第 {open} 次开闸：{why}", "opening {open}: {why}"),
    GATEHOUSE_REPLAY(opening_not_reachable, "联系不上，未开", "not reachable, not opened"),
    GATEHOUSE_REPLAY(opening_refused, "设备拒绝", "refused by the device"),
    GATEHOUSE_REPLAY(opening_busy, "排队过多", "too many wait"),
    GATEHOUSE_REPLAY(opening_unknown, "结果不明，可能已开", "unknown, it may have opened"),
    GATEHOUSE_REPLAY(passed_entry, "有人从入口通过", "somebody went in"),
    GATEHOUSE_REPLAY(passed_exit, "有人从出口通过", "somebody went out"),
    GATEHOUSE_REPLAY(alarm_begins, "报警输入接通", "the alarm input is active"),
    GATEHOUSE_REPLAY(alarm_ends, "报警输入断开", "the alarm input is over"),
    GATEHOUSE_REPLAY(fire_begins, "消防输入接通", "the fire input is active"),
    GATEHOUSE_REPLAY(fire_ends, "消防输入断开", "the fire input is over"),
    GATEHOUSE_REPLAY(held_none, "不再常开", "held open no more"),
    GATEHOUSE_REPLAY(held_entry, "入口常开", "entry is held open"),
    GATEHOUSE_REPLAY(held_exit, "出口常开", "exit is held open"),
    GATEHOUSE_REPLAY(held_both, "出入口都常开", "both ways are held open"),
    GATEHOUSE_REPLAY(online, "设备在线", "online"),
    GATEHOUSE_REPLAY(fault_link_down, "故障：连接断开", "fault: the link is down"),
    GATEHOUSE_REPLAY(fault_no_answer, "故障：无应答", "fault: no answer"),
    GATEHOUSE_REPLAY(fault_refused, "故障：设备拒绝命令", "fault: the device refuses"),
    GATEHOUSE_REPLAY(fault_sensor_stuck, "故障：通行传感器不复位", "fault: a passage sensor does not release"),
    GATEHOUSE_REPLAY(fault_not_trusted, "故障：密钥不符", "fault: its key is another"),
    GATEHOUSE_REPLAY(printed, "第 {job} 张：已打印", "paper {job}: printed"),
    GATEHOUSE_REPLAY(not_printed, "第 {job} 张：未打印，{why}", "paper {job}: not printed, {why}"),
    GATEHOUSE_REPLAY(paper_cancelled, "已取消", "taken back"),
    GATEHOUSE_REPLAY(paper_waited_too_long, "等得太久", "it waited too long"),
    GATEHOUSE_REPLAY(paper_queue_full, "排队已满", "the queue is full"),
    GATEHOUSE_REPLAY(print_unknown, "第 {job} 张：结果不明，请看纸", "paper {job}: unknown, look at the paper"),
    GATEHOUSE_REPLAY(printer_link_down, "打印机：连接断开", "printer: the link is down"),
    GATEHOUSE_REPLAY(printer_no_answer, "打印机：无应答", "printer: no answer"),
    GATEHOUSE_REPLAY(printer_ready, "打印机：就绪", "printer: ready"),
    GATEHOUSE_REPLAY(printer_paper_low, "打印机：纸将用完", "printer: paper is low"),
    GATEHOUSE_REPLAY(printer_paper_out, "打印机：缺纸", "printer: out of paper"),
    GATEHOUSE_REPLAY(printer_cover_open, "打印机：机盖打开", "printer: the cover is open"),
    GATEHOUSE_REPLAY(printer_cutter, "打印机：切刀卡住", "printer: the cutter is stuck"),
    GATEHOUSE_REPLAY(printer_fault, "打印机：故障", "printer: a fault"),
    GATEHOUSE_REPLAY(drawer_open, "钱箱打开", "the drawer is open"),
    GATEHOUSE_REPLAY(drawer_closed, "钱箱关上", "the drawer is closed"),
    GATEHOUSE_REPLAY(ended, "{moments} 个时刻，{events} 件事", "{moments} moments, {events} events"),
    GATEHOUSE_REPLAY(enciphered, "其中 {count} 个应答在安全通道里，事后无法解读",
                     "{count} replies in a secure channel, which cannot be read afterwards"),
}};
#undef GATEHOUSE_REPLAY

const Entry& entry(ReplayText key) {
    const auto index = static_cast<std::size_t>(key);
    check(index < table.size() && table[index].key == key, "the words of a replay are in the order of their keys");
    return table[index];
}

}  // namespace

std::string_view text(ReplayText key, Language language) {
    return language == Language::zh ? entry(key).zh : entry(key).en;
}

std::string_view text_name(ReplayText key) { return entry(key).name; }

ReplayText replay_text(std::string_view prefix, std::string_view word) {
    const auto found = std::ranges::find_if(table, [&](const Entry& each) {
        return each.name.starts_with(prefix) && each.name.substr(prefix.size()) == word;
    });
    check(found != table.end(), "a driver's word has a text");
    return found->key;
}

std::string words(ReplayText key, Language language, std::initializer_list<TextParameter> parameters) {
    return filled(text(key, language), parameters);
}

}  // namespace gatehouse
