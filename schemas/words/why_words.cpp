#include "schemas/words/why_words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace gatehouse {

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): pages/words.mjs finds the texts by it.
#define GATEHOUSE_WHY(key, zh, en) \
    WhyText { #key, zh, en }

constexpr std::array table{
    GATEHOUSE_WHY(fault_missing, "没有填写", "is empty"),
    GATEHOUSE_WHY(fault_too_long, "太长", "is too long"),
    GATEHOUSE_WHY(fault_twice, "与另一项重复", "is there twice"),
    GATEHOUSE_WHY(fault_name, "只能用 1 至 32 个小写字母、数字和 . _ -", "takes 1 to 32 of a-z 0-9 . _ -"),
    GATEHOUSE_WHY(fault_unknown, "目录中没有", "is not in the catalogue"),
    GATEHOUSE_WHY(fault_order, "先后颠倒", "is in the wrong order"),
    GATEHOUSE_WHY(fault_date, "不是有效的日期或时间", "is not a date or time"),
    GATEHOUSE_WHY(fault_range, "超出允许的范围", "is out of range"),
    GATEHOUSE_WHY(fault_pin, "须为 4 至 12 位数字", "takes 4 to 12 digits"),
    GATEHOUSE_WHY(fault_form, "格式不对", "has not the right form"),
    GATEHOUSE_WHY(fault_octets, "须有 1 至 {most} 字节", "takes 1 to {most} octets"),
    GATEHOUSE_WHY(fault_printable, "须为 1 至 {most} 个英文字母、数字或符号，不含空格",
                  "takes 1 to {most} letters, digits or signs without blanks"),
    GATEHOUSE_WHY(fault_both_languages, "中文和英文都要填写，各不超过 {most} 字节",
                  "needs Chinese and English, at most {most} octets each"),
    GATEHOUSE_WHY(fault_count, "须有 {least} 至 {most} 项", "takes {least} to {most} of them"),
    GATEHOUSE_WHY(fault_between, "须为 {least} 至 {most}", "takes {least} to {most}"),
    GATEHOUSE_WHY(fault_whole, "须为整数", "takes a whole number"),
    GATEHOUSE_WHY(fault_ticket, "须为票号，如 7-1-1234-1", "takes a ticket's number, as 7-1-1234-1"),
    GATEHOUSE_WHY(fault_no_sessions, "这个票种不分时段", "is a product without sessions"),
    GATEHOUSE_WHY(fault_needs_session, "这个票种须选时段", "is sold by session: choose one"),
    GATEHOUSE_WHY(fault_over, "已经结束", "is over"),
    GATEHOUSE_WHY(fault_not_on_sale, "今天不销售", "is not on sale today"),
    GATEHOUSE_WHY(fault_no_range, "只有按日期范围的票种才有起止日期", "has dates only when it is a range"),
    GATEHOUSE_WHY(fault_large, "金额较大，须再次确认", "is a large amount, and to be confirmed"),
    GATEHOUSE_WHY(fault_no_code, "票码放不下：请缩短代号或减少区域",
                  "makes tickets that no code can carry: shorten ids, or take fewer zones"),
    GATEHOUSE_WHY(fault_no_administrator, "至少要有一名设了口令的管理员", "needs an administrator with a PIN"),
    GATEHOUSE_WHY(fault_granted, "{session} 的配额已拨出，不能删除",
                  "{session} must stay: units of it have been granted"),
    GATEHOUSE_WHY(fault_granted_units, "已拨出 {units}，不能少于此数",
                  "cannot be less: {units} units have been granted"),
    GATEHOUSE_WHY(fault_currency, "须为场馆的货币 {currency}", "must be the venue's: {currency}"),
    GATEHOUSE_WHY(fault_open_shift, "还有 {operator} 的班次没有交", "still has a shift of {operator} open"),
    GATEHOUSE_WHY(fault_card_number, "是银行卡号，本系统不保存；请填终端凭条上的参考号",
                  "is a card's number, which is not kept here; take the reference on the terminal's slip"),
    GATEHOUSE_WHY(fault_no_printer, "没有打印机", "has no printer"),
    GATEHOUSE_WHY(fault_other_way, "通道是另一方向的", "is of a lane for the other way"),
    GATEHOUSE_WHY(fault_too_much, "现金以外的收款超过应收", "is more than is due, and not in cash"),
    GATEHOUSE_WHY(fault_order_has_it, "已属于另一个订单", "belongs to another order"),
    GATEHOUSE_WHY(fault_fields, "这一行有 {count} 列，应为 8 列", "The row has {count} fields; it must have 8"),
    GATEHOUSE_WHY(fault_column, "表头不对（{column}），须为上面的 8 列",
                  "The header is wrong ({column}): it must name the 8 columns above"),
    GATEHOUSE_WHY(fault_rest_unread, "从这一行起没有读入：请检查文件格式",
                  "From here on nothing was read: look at the file's format"),
    GATEHOUSE_WHY(refused_node_name, "已有名为 {name} 的终端：请换名称，或先吊销它",
                  "A node named {name} is enrolled: take another name, or revoke it first"),
    GATEHOUSE_WHY(refused_node_revoked, "终端 {name} 已吊销", "Node {name} is revoked"),
    GATEHOUSE_WHY(refused_seller_revoked, "出票终端已吊销，这笔售票不予采信：不要退款或换票，请票务班长向票务中心核实",
                  "The node that sold it was withdrawn, and this sale is not believed: hand out nothing; have a "
                  "supervisor ask central"),
    GATEHOUSE_WHY(refused_ticket_revoked, "票 {ticket} 已作废，不能退票、补打或补票；请票务班长向票务中心查问作废原因",
                  "Ticket {ticket} was withdrawn: it is neither refunded, reprinted nor reissued; have a supervisor "
                  "ask central why"),
    GATEHOUSE_WHY(refused_ticket_replaced, "票 {ticket} 已补发新票，请用新票办理",
                  "Ticket {ticket} was replaced; use the new one"),
    GATEHOUSE_WHY(refused_not_administrator, "只有管理员可以改操作员和口令",
                  "Only an administrator changes operators and PINs"),
    GATEHOUSE_WHY(refused_units_left, "余量不足，只剩 {units}", "Not enough: {units} left"),
    GATEHOUSE_WHY(refused_large_catalogue, "目录太大，请删除过去的时段",
                  "The catalogue is too large: delete sessions that are over"),
    GATEHOUSE_WHY(
        refused_entry_open,
        "票 {ticket} 本次入场还有 {persons} 人未进，另有剩余次数，一张新票无法同时保留："
        "请先让其余的人用原票入场，再补票；本营业日过后，未进的名额失效，可直接补票",
        "Ticket {ticket} has an entry open for {persons} more and entries left after it: one new ticket cannot "
        "give both. Let the others in with the old one first, then reissue; after this business date the open "
        "entry is over, and it can be reissued"),
    GATEHOUSE_WHY(refused_roles, "没有此操作的权限：须由{roles}办理", "Your roles do not allow this; ask: {roles}"),
    GATEHOUSE_WHY(
        refused_untrusted,
        "{where} 的证书不可信：不是本机信任的机构签发的，或与地址不符、已过期。在终端本机请改用 "
        "--socket；在别处请把场馆的证书加入系统信任",
        "The certificate of {where} is not trusted: this machine does not know who issued it, or it names another host "
        "or has expired. On the node itself use --socket; elsewhere let the system trust the venue's certificate"),
    GATEHOUSE_WHY(refused_other_central,
                  "{where} 不是发这个登记码的票务中心：请核对 --central 的地址和登记码，或请这个中心另发登记码",
                  "{where} is not the central that issued this token: look at the address of --central and "
                  "at the token, or have one issued there"),
    GATEHOUSE_WHY(refused_not_tls,
                  "{where} 的端口不使用 TLS：普通端口请写 http://；登记须用票务中心的同步端口（[server] listen）",
                  "What answers at {where} does not speak TLS: write http:// for a plain port; to enrol, name "
                  "central's sync port ([server] listen)"),
    GATEHOUSE_WHY(refused_tls_wanted,
                  "{where} 不应答就断开了：这个端口若只接受 TLS，请写 https://，在终端本机也可改用 "
                  "--socket；否则请检查服务是否正在停止",
                  "What answers at {where} hung up without a word: if the port takes TLS write https://, or use "
                  "--socket on the node itself; else look whether the daemon is stopping"),
    GATEHOUSE_WHY(refused_tls_refused,
                  "{where} 不接受这次 TLS 连接：请核对端口是否正确，以及它是否要求客户端证书或别的 TLS 版本",
                  "{where} refused the TLS handshake: look whether the port is the right one, and whether it wants a "
                  "client certificate or another version of TLS"),
};

#undef GATEHOUSE_WHY

// "attendant, supervisor" as people are called.
std::string role_names(std::string_view roles, Language language) {
    constexpr std::string_view between = ", ";
    std::string said;
    while (!roles.empty()) {
        const auto end = roles.find(between);
        const auto role = roles.substr(0, end);
        roles = end == std::string_view::npos ? std::string_view{} : roles.substr(end + between.size());
        if (!said.empty()) said += language == Language::zh ? "、" : between;
        const auto known = text_of_role(role);
        said += known ? text(*known, language) : role;
    }
    return said;
}

}  // namespace

const WhyText* why_text(std::string_view name) {
    const auto* const found = std::ranges::find(table, name, &WhyText::name);
    return found == table.end() ? nullptr : found;
}

std::optional<std::string> why_words(const Error& error, Language language) {
    if (error.why == Why::none) return std::nullopt;
    const bool value = error.code == ErrorCode::invalid_body;
    const auto* const known = why_text((value ? "fault_" : "refused_") + std::string{to_string(error.why)});
    if (known == nullptr) return std::nullopt;
    std::vector<TextParameter> with;
    for (const auto& [name, named] : error.with)
        with.emplace_back(name, name == "roles" ? role_names(named, language) : named);
    return filled(language == Language::zh ? known->zh : known->en, with);
}

}  // namespace gatehouse
