#include "schemas/words/text.hpp"

#include <array>

#include "schemas/base/check.hpp"
#include "schemas/base/filled.hpp"

namespace gatehouse {

namespace {

struct Entry {
    Text key;
    std::string_view name;
    std::string_view zh;
    std::string_view en;
};

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of a constant is not to be had otherwise.
#define GATEHOUSE_TEXT(key, zh, en) \
    Entry { Text::key, #key, zh, en }

constexpr std::array<Entry, text_count> table{{
    GATEHOUSE_TEXT(reason_none, "请通行", "Please pass"),
    GATEHOUSE_TEXT(reason_unknown, "不是此处的票码", "Not a ticket of this venue"),
    GATEHOUSE_TEXT(reason_bad_signature, "票码无效", "Ticket not genuine"),
    GATEHOUSE_TEXT(reason_revoked_key, "出票终端已吊销", "Issued by a withdrawn node"),
    GATEHOUSE_TEXT(reason_revoked, "票已作废", "Ticket withdrawn"),
    GATEHOUSE_TEXT(reason_refunded, "票已退", "Ticket refunded"),
    GATEHOUSE_TEXT(reason_blocked, "票已补发新票", "Ticket was replaced"),
    GATEHOUSE_TEXT(reason_already_used, "票已使用", "Ticket already used"),
    GATEHOUSE_TEXT(reason_not_yet_valid, "未到使用日期", "Not valid yet"),
    GATEHOUSE_TEXT(reason_expired, "票已过期", "Ticket expired"),
    GATEHOUSE_TEXT(reason_wrong_session, "不是本时段的票", "Not for this session"),
    GATEHOUSE_TEXT(reason_wrong_zone, "此票不能进入本区域", "Not for this zone"),
    GATEHOUSE_TEXT(reason_wrong_direction, "通道方向不符", "Wrong direction"),
    GATEHOUSE_TEXT(reason_no_entries_left, "次数已用完", "No entries left"),
    GATEHOUSE_TEXT(reason_lane_closed, "通道已关闭", "Lane closed"),
    GATEHOUSE_TEXT(reason_policy_isolated, "离线不能核验此票", "Cannot be checked while offline"),
    GATEHOUSE_TEXT(reason_storage_unavailable, "本机不能记录", "This node cannot record"),
    GATEHOUSE_TEXT(advice_none, "", ""),
    GATEHOUSE_TEXT(advice_unknown, "请出示此处门票二维码", "Show the QR of this venue's ticket"),
    GATEHOUSE_TEXT(advice_bad_signature, "请到售票窗口核实", "Have it checked at a window"),
    GATEHOUSE_TEXT(advice_revoked_key, "请票务班长核实", "Ask the supervisor"),
    GATEHOUSE_TEXT(advice_revoked, "请到售票窗口咨询", "Ask at a window"),
    GATEHOUSE_TEXT(advice_refunded, "请到售票窗口购票", "Buy a ticket at a window"),
    GATEHOUSE_TEXT(advice_blocked, "请使用补发的新票", "Use the new ticket"),
    GATEHOUSE_TEXT(advice_already_used, "核对首次入园时间和检票口", "Compare time and gate of the first admission"),
    GATEHOUSE_TEXT(advice_not_yet_valid, "请按票面日期入园", "Come on the day printed on the ticket"),
    GATEHOUSE_TEXT(advice_expired, "请到售票窗口购票", "Buy a ticket at a window"),
    GATEHOUSE_TEXT(advice_wrong_session, "请按票面时段入园", "Come at the session printed on the ticket"),
    GATEHOUSE_TEXT(advice_wrong_zone, "请查看票面区域", "See the zones printed on the ticket"),
    GATEHOUSE_TEXT(advice_wrong_direction, "请走另一方向的通道", "Use a lane of the other direction"),
    GATEHOUSE_TEXT(advice_no_entries_left, "请到售票窗口购票", "Buy a ticket at a window"),
    GATEHOUSE_TEXT(advice_lane_closed, "请走其他通道", "Use another lane"),
    GATEHOUSE_TEXT(advice_policy_isolated, "请检票员人工核验", "Ask the attendant"),
    GATEHOUSE_TEXT(advice_storage_unavailable, "请检票员切换通道模式，并通知运维",
                   "Attendant: switch the lane's mode and call the operator"),
    GATEHOUSE_TEXT(note_check_id, "请核对证件", "Check the identity document"),
    GATEHOUSE_TEXT(note_concession, "优惠票，请核对证件", "Concession: check the document"),
    GATEHOUSE_TEXT(note_group, "团队票", "Group ticket"),
    GATEHOUSE_TEXT(note_unconfirmed, "离线放行，未经其他终端核对", "Admitted without hearing the other nodes"),
    GATEHOUSE_TEXT(note_clock_suspect, "本机时钟不可信，请核对日期和时段",
                   "This node's clock is suspect: check date and session"),
    GATEHOUSE_TEXT(error_invalid_body, "提交的内容有误，请改正后再试",
                   "The request is not valid; correct it and try again"),
    GATEHOUSE_TEXT(error_truncated, "数据不完整，请重新提交", "The data ends too early; send it again"),
    GATEHOUSE_TEXT(error_too_large, "数据过大，请减少后再试", "The data is too large; try again with less"),
    GATEHOUSE_TEXT(error_bad_signature, "签名不符或已吊销，不能采信；请核对来源",
                   "The signature does not hold, or not any more; find out where this comes from"),
    GATEHOUSE_TEXT(error_unauthenticated, "没有登录，或姓名、口令不对", "Not logged in, or not with this name and PIN"),
    GATEHOUSE_TEXT(error_forbidden, "没有此操作的权限，请有权限的人办理",
                   "This is not allowed to you; ask somebody who may"),
    GATEHOUSE_TEXT(error_locked_out, "口令错误次数过多，请 {retry_after_s} 秒后再试",
                   "Too many wrong PINs; try again in {retry_after_s} s"),
    GATEHOUSE_TEXT(error_not_found, "没有找到，请核对名称或编号", "Not found; check the name or number"),
    GATEHOUSE_TEXT(error_id_reused, "此单号已用于另一笔业务，请换新单号",
                   "This id belongs to another command; use a new one"),
    GATEHOUSE_TEXT(error_no_units_left, "余票不足，请换时段或减少张数",
                   "Not enough units left; take another session or fewer tickets"),
    GATEHOUSE_TEXT(error_shift_closed, "本窗口没有开班，请先开班", "No shift is open at this window; open one first"),
    GATEHOUSE_TEXT(error_tender_short, "收款不足，请补足差额", "The tenders do not cover the total; take the rest"),
    GATEHOUSE_TEXT(error_unverified_limit, "未确认的扫码支付已达本机限额，请收现金",
                   "This node's limit of unverified tenders is reached; take cash"),
    GATEHOUSE_TEXT(error_sale_unknown, "本机没有这笔售票记录，请到原售票窗口或联网后办理",
                   "This node does not hold the sale; go to the selling window, or wait for the network"),
    GATEHOUSE_TEXT(error_already_refunded, "此票已退", "Already refunded"),
    GATEHOUSE_TEXT(error_ticket_used, "此票已入园、已补发或已作废；已入园的须票务班长办理",
                   "The ticket was used, replaced or withdrawn; of a used one a supervisor decides"),
    GATEHOUSE_TEXT(error_not_the_seller, "只有原售票终端可以补打，其他终端请补票",
                   "Only the seller reprints; elsewhere a supervisor reissues"),
    GATEHOUSE_TEXT(error_version_conflict, "内容已被他人修改，请重新读取后再改",
                   "Somebody changed it meanwhile; read it again first"),
    GATEHOUSE_TEXT(error_storage_unavailable, "不能记录，没有办理；请通知运维",
                   "It cannot be recorded, so nothing was done; call the operator"),
    GATEHOUSE_TEXT(error_chain_broken, "业务流水不连续，请停用并联系技术支持",
                   "The journal's chain is broken; stop using it and ask for support"),
    GATEHOUSE_TEXT(error_journal_fork, "业务流水出现两个版本，请联系技术支持",
                   "The journal has two histories; ask for support"),
    GATEHOUSE_TEXT(error_schema_newer, "数据库属于更新的版本，请升级软件",
                   "The database is of a newer release; upgrade the software"),
    GATEHOUSE_TEXT(error_unavailable, "暂时不能连接，请稍候再试", "Cannot be reached now; try again in a moment"),
    GATEHOUSE_TEXT(error_io, "读写失败，请检查磁盘和权限",
                   "Input or output failed; look at the disk and at permissions"),
    GATEHOUSE_TEXT(error_config, "配置有误，请按说明改正", "The configuration is wrong; correct what is named"),
    GATEHOUSE_TEXT(error_internal, "程序内部错误，请联系技术支持", "Internal error; ask for support"),
    GATEHOUSE_TEXT(ops_link_default, "默认线路", "Default route"),
    GATEHOUSE_TEXT(gate_wait, "请稍候", "Please wait"),
    GATEHOUSE_TEXT(paper_persons, "人数 {persons}", "Persons {persons}"),
    GATEHOUSE_TEXT(paper_entries, "可入园 {entries} 次", "Entries {entries}"),
    GATEHOUSE_TEXT(paper_valid_on, "有效日期 {date}", "Valid on {date}"),
    GATEHOUSE_TEXT(paper_valid_from_to, "有效期 {from} 至 {to}", "Valid {from} to {to}"),
    GATEHOUSE_TEXT(paper_session, "时段 {starts} - {ends}", "Session {starts} - {ends}"),
    GATEHOUSE_TEXT(paper_price, "票价 {price}", "Price {price}"),
    GATEHOUSE_TEXT(paper_concession, "优惠：{class}", "Concession: {class}"),
    GATEHOUSE_TEXT(paper_sold, "售出 {time}", "Sold {time}"),
    GATEHOUSE_TEXT(paper_window, "窗口 {window}", "Window {window}"),
    GATEHOUSE_TEXT(paper_reprint, "补打 第 {copy} 次", "Reprint no. {copy}"),
    GATEHOUSE_TEXT(paper_reissue, "补票", "Reissued"),
    GATEHOUSE_TEXT(paper_check_id, "入园时请出示证件", "Show your identity document at the gate"),
    GATEHOUSE_TEXT(paper_number, "票号 {number}", "No. {number}"),
    GATEHOUSE_TEXT(tender_cash, "现金", "Cash"),
    GATEHOUSE_TEXT(tender_card, "银行卡", "Card"),
    GATEHOUSE_TEXT(tender_wechat, "微信支付", "WeChat Pay"),
    GATEHOUSE_TEXT(tender_alipay, "支付宝", "Alipay"),
    GATEHOUSE_TEXT(tender_agency, "旅行社挂账", "Agency account"),
    GATEHOUSE_TEXT(tender_voucher, "代金券", "Voucher"),
    GATEHOUSE_TEXT(tender_free, "免费", "Free"),
    GATEHOUSE_TEXT(mode_normal, "正常", "Normal"),
    GATEHOUSE_TEXT(mode_green, "常开检票", "Green mode"),
    GATEHOUSE_TEXT(mode_free, "自由通行", "Free"),
    GATEHOUSE_TEXT(mode_closed, "关闭", "Closed"),
    GATEHOUSE_TEXT(lane_idle, "待机", "Idle"),
    GATEHOUSE_TEXT(lane_recording, "正在记录", "Recording"),
    GATEHOUSE_TEXT(lane_opening, "正在开闸", "Opening"),
    GATEHOUSE_TEXT(lane_open, "闸开", "Open"),
    GATEHOUSE_TEXT(lane_faulted, "故障", "Faulted"),
    GATEHOUSE_TEXT(role_clerk, "售票员", "Clerk"),
    GATEHOUSE_TEXT(role_attendant, "检票员", "Attendant"),
    GATEHOUSE_TEXT(role_supervisor, "票务班长", "Supervisor"),
    GATEHOUSE_TEXT(role_operator, "系统管理员", "Operator"),
    GATEHOUSE_TEXT(role_manager, "值班经理", "Manager"),
    GATEHOUSE_TEXT(role_auditor, "财务稽核", "Auditor"),
    GATEHOUSE_TEXT(role_administrator, "管理员", "Administrator"),
    GATEHOUSE_TEXT(cli_enrolled, "已登记：{name}，终端号 {node}，{venue}",
                   "Enrolled: {name} is node {node} of {venue}"),
    GATEHOUSE_TEXT(cli_logged_in, "{name} 已登录，有效至 {until}", "{name} is logged in until {until}"),
    GATEHOUSE_TEXT(cli_up, "在线", "up"),
    GATEHOUSE_TEXT(cli_down, "离线", "down"),
    GATEHOUSE_TEXT(cli_node, "终端", "Node"),
    GATEHOUSE_TEXT(cli_central, "票务中心", "Central"),
    GATEHOUSE_TEXT(cli_links, "网络线路", "Links"),
    GATEHOUSE_TEXT(cli_journal, "业务流水", "Journal"),
    GATEHOUSE_TEXT(cli_journal_line, "已写 {head}，中心已收 {acked}，待传 {backlog}",
                   "{head} written, {acked} at central, {backlog} waiting"),
    GATEHOUSE_TEXT(cli_fault, "故障", "fault"),
    GATEHOUSE_TEXT(cli_clock, "时钟", "Clock"),
    GATEHOUSE_TEXT(cli_clock_synced, "已同步", "synced"),
    GATEHOUSE_TEXT(cli_clock_holdover, "守时中", "holdover"),
    GATEHOUSE_TEXT(cli_clock_suspect, "不可信", "suspect"),
    GATEHOUSE_TEXT(cli_disk, "磁盘剩余", "Disk free"),
    GATEHOUSE_TEXT(cli_disk_low, "空间不足", "space is low"),
    GATEHOUSE_TEXT(cli_scan_ask, "请人工核对；放行请加 --let-through",
                   "Check by hand; to let in, scan again with --let-through"),
    GATEHOUSE_TEXT(cli_no_daemon, "请检查 gatehouse-edge 是否在运行，--url 或 --socket 是否正确",
                   "Is gatehouse-edge running, and --url or --socket right?"),
    GATEHOUSE_TEXT(cli_emergency_open, "紧急放行中：所有通道常开", "EMERGENCY: every lane is held open"),
    GATEHOUSE_TEXT(cli_peer, "场内其他终端", "Peer"),
    GATEHOUSE_TEXT(cli_copied, "已复制", "Copied"),
    GATEHOUSE_TEXT(cli_lag, "落后", "Behind"),
    GATEHOUSE_TEXT(cli_device, "设备", "Device"),
    GATEHOUSE_TEXT(cli_driver, "驱动", "Driver"),
    GATEHOUSE_TEXT(cli_state, "状态", "State"),
    GATEHOUSE_TEXT(cli_last_error, "最近故障", "Last trouble"),
    GATEHOUSE_TEXT(cli_last_error_at, "故障时间", "Since"),
    GATEHOUSE_TEXT(cli_lane, "通道", "Lane"),
    GATEHOUSE_TEXT(cli_mode, "模式", "Mode"),
    GATEHOUSE_TEXT(cli_admitted, "今日入园", "Admitted today"),
    GATEHOUSE_TEXT(cli_admit, "放行 {persons} 人", "Admit {persons}"),
    GATEHOUSE_TEXT(cli_refuse, "拒绝", "Refuse"),
    GATEHOUSE_TEXT(cli_left, "还可入 {left} 人", "{left} left"),
    GATEHOUSE_TEXT(cli_recorded, "已执行并记录", "Done and recorded"),
    GATEHOUSE_TEXT(cli_not_recorded, "已执行，暂未记录", "Done; it will be recorded as soon as records are possible"),
    GATEHOUSE_TEXT(cli_resync_started, "补传任务 {job} 已开始：重新上传 {from} 至 {to}",
                   "Replay {job} has begun: {from} to {to} are sent again"),
    GATEHOUSE_TEXT(cli_resync_waits, "票务中心未连接，连接恢复后自动继续",
                   "Central is not connected; the replay goes on by itself when it is"),
    GATEHOUSE_TEXT(cli_resync_result, "发送 {sent}，接收 {accepted}，重复 {duplicate}，挂起 {parked}，差异 {conflicts}",
                   "{sent} sent, {accepted} accepted, {duplicate} duplicate, {parked} parked, {conflicts} conflicts"),
    GATEHOUSE_TEXT(cli_resync_preview, "将重新上传 {records} 条（{from} 至 {to}）",
                   "Would send {records} records, {from} to {to}"),
    GATEHOUSE_TEXT(cli_sold, "已售 {sale}：合计 {total} {currency}，找零 {change}",
                   "Sold {sale}: {total} {currency}, change {change}"),
    GATEHOUSE_TEXT(cli_refunded, "已退 {refund}：{total} {currency}", "Refunded {refund}: {total} {currency}"),
    GATEHOUSE_TEXT(cli_reprinted, "补打第 {copy} 次", "Printing copy {copy}"),
    GATEHOUSE_TEXT(cli_shift, "班次", "Shift"),
    GATEHOUSE_TEXT(cli_float, "备用金", "Float"),
    GATEHOUSE_TEXT(cli_cash_sales, "现金收入", "Cash sales"),
    GATEHOUSE_TEXT(cli_cash_refunds, "现金退票", "Cash refunds"),
    GATEHOUSE_TEXT(cli_paid_in, "缴款", "Paid in"),
    GATEHOUSE_TEXT(cli_paid_out, "取出", "Paid out"),
    GATEHOUSE_TEXT(cli_expected, "应有现金", "Expected"),
    GATEHOUSE_TEXT(cli_counted, "清点现金", "Counted"),
    GATEHOUSE_TEXT(cli_difference, "长短款", "Difference"),
    GATEHOUSE_TEXT(cli_tender, "支付方式", "Tender"),
    GATEHOUSE_TEXT(cli_handed_back, "退款", "Refunded"),
    GATEHOUSE_TEXT(cli_unverified, "其中未确认", "Unverified"),
    GATEHOUSE_TEXT(cli_tickets, "张数", "Tickets"),
    GATEHOUSE_TEXT(cli_persons, "人次", "Persons"),
    GATEHOUSE_TEXT(cli_product, "票种", "Product"),
    GATEHOUSE_TEXT(cli_amount, "金额", "Amount"),
    GATEHOUSE_TEXT(cli_total, "合计", "Total"),
    GATEHOUSE_TEXT(cli_net, "净额", "Net"),
    GATEHOUSE_TEXT(cli_refunded_tickets, "退票张数", "Tickets refunded"),
    GATEHOUSE_TEXT(cli_tender_confirmed, "已到账", "confirmed"),
    GATEHOUSE_TEXT(cli_tender_unverified, "未确认", "unverified"),
    GATEHOUSE_TEXT(cli_tender_failed, "未到账", "failed"),
    GATEHOUSE_TEXT(cli_day_counts, "售票 {sales} 笔，退票 {refunds} 笔，入园 {persons} 人次",
                   "Sales: {sales}, refunds: {refunds}, persons admitted: {persons}"),
    GATEHOUSE_TEXT(cli_silent, "未含 {name} 的最新数据", "Without the latest of {name}"),
    GATEHOUSE_TEXT(cli_signature_not_judged, "仅解码，未验证签名", "Decoded only: the signature was not judged"),
    GATEHOUSE_TEXT(cli_code_ticket, "票号", "Ticket"),
    GATEHOUSE_TEXT(cli_code_persons, "人数", "Persons"),
    GATEHOUSE_TEXT(cli_code_entries, "可入园次数", "Entries"),
    GATEHOUSE_TEXT(cli_code_from, "有效期自", "Valid from"),
    GATEHOUSE_TEXT(cli_code_to, "有效期至", "Valid to"),
    GATEHOUSE_TEXT(cli_code_zones, "区域", "Zones"),
    GATEHOUSE_TEXT(cli_code_reentry, "可再入园", "Re-entry"),
    GATEHOUSE_TEXT(cli_code_check_id, "须核对证件", "Check the document"),
    GATEHOUSE_TEXT(cli_code_concession, "优惠票", "Concession"),
    GATEHOUSE_TEXT(cli_code_companions, "可带随行", "Companions"),
    GATEHOUSE_TEXT(cli_code_session, "时段", "Session"),
    GATEHOUSE_TEXT(cli_yes, "是", "yes"),
    GATEHOUSE_TEXT(cli_no, "否", "no"),
    GATEHOUSE_TEXT(cli_verified, "流水 {journal}：1 至 {head} 完整，已验证的签名：{signatures}",
                   "Journal {journal}: 1 to {head} whole; signatures that hold: {signatures}"),
    GATEHOUSE_TEXT(cli_rebuilt_same, "重建完成，结果一致", "Rebuilt: the same tables"),
    GATEHOUSE_TEXT(cli_rebuilt_other, "重建完成，结果与原来不同", "Rebuilt: the tables were others before"),
    GATEHOUSE_TEXT(cli_counts, "计数", "Counted"),
    GATEHOUSE_TEXT(cli_answers, "应答", "Answers"),
    GATEHOUSE_TEXT(cli_recording, "正在把 {device} 录到 {file}，按 Ctrl-C 结束",
                   "Recording {device} to {file}; Ctrl-C ends it"),
    GATEHOUSE_TEXT(cli_recording_already, "{device} 早已在录到 {file}，按 Ctrl-C 结束该录制",
                   "{device} is being recorded already, to {file}; Ctrl-C ends that recording"),
    GATEHOUSE_TEXT(cli_recording_ended, "录制结束：{file}", "Recorded: {file}"),
    GATEHOUSE_TEXT(cli_recording_over, "录制此前已结束（文件已满，或由他人停止）：{file}",
                   "The recording had ended before, full or ended by somebody else: {file}"),
    GATEHOUSE_TEXT(cli_is_recorded, "{device}：{since} 起录制通信到 {file}，已 {octets} 字节",
                   "{device}: its traffic is recorded to {file} since {since}, {octets} octets so far"),
    GATEHOUSE_TEXT(cli_replayed, "{moments} 个时刻，{scans} 次扫码，{dropped} 次丢弃",
                   "{moments} moments, {scans} scans, {dropped} dropped"),
    GATEHOUSE_TEXT(cli_plug_in, "请在 {seconds} 秒内插上设备", "Plug the device in within {seconds} s"),
    GATEHOUSE_TEXT(cli_adopted, "{node} 从此固定为 {name}（按序列号识别，可换插口）",
                   "{node} is {name} from now on, known by its serial number, in any socket"),
    GATEHOUSE_TEXT(cli_adopted_by_socket, "{node} 从此固定为 {name}（按插口识别，请勿换插口）",
                   "{node} is {name} from now on, known by its socket: leave it there"),
    GATEHOUSE_TEXT(cli_reload_rules, "规则写入 {file}；执行 udevadm control --reload 后重新插拔设备",
                   "The rule is in {file}; run udevadm control --reload and plug it in again"),
    GATEHOUSE_TEXT(cli_usage, "用法", "Usage"),
    GATEHOUSE_TEXT(cli_arguments, "参数", "Arguments"),
    GATEHOUSE_TEXT(cli_options, "选项", "Options"),
    GATEHOUSE_TEXT(cli_verb, "命令", "VERB"),
    GATEHOUSE_TEXT(cli_verbs, "命令", "Verbs"),
    GATEHOUSE_TEXT(cli_required, "必填", "REQUIRED"),
    GATEHOUSE_TEXT(cli_type_text, "文字", "TEXT"),
    GATEHOUSE_TEXT(cli_type_number, "数字", "NUMBER"),
    GATEHOUSE_TEXT(cli_usage_verb, "缺少命令", "A verb is missing"),
    GATEHOUSE_TEXT(cli_usage_unknown_verb, "没有“{verb}”这个命令，可用的有：{verbs}",
                   "There is no verb '{verb}'; there are: {verbs}"),
    GATEHOUSE_TEXT(cli_usage_unknown_verb_near, "没有“{verb}”这个命令；是不是 {meant}？",
                   "There is no verb '{verb}'; did you mean '{meant}'?"),
    GATEHOUSE_TEXT(cli_usage_missing, "缺少 {option}", "{option} is missing"),
    GATEHOUSE_TEXT(cli_usage_no_value, "{option} 后面缺少值", "{option} needs a value"),
    GATEHOUSE_TEXT(cli_usage_unexpected, "不认识：{arguments}", "Not expected: {arguments}"),
    GATEHOUSE_TEXT(cli_usage_value, "{option} 的值不对：{value}", "{option} cannot be {value}"),
    GATEHOUSE_TEXT(cli_usage_allowed, "{option} 只能是 {allowed}，不能是 {value}",
                   "{option} takes {allowed}, not {value}"),
    GATEHOUSE_TEXT(cli_usage_other, "命令行有误：{fault}", "The command line is wrong: {fault}"),
    GATEHOUSE_TEXT(cli_usage_help, "加 --help 查看用法", "See --help"),
    GATEHOUSE_TEXT(cli_sale_forms,
                   "--line 的写法是 票种[:数量[:时段]][:persons=人数][:concession=优惠/证件种类]，--tender 的写法是 "
                   "支付方式:金额[:参考号]",
                   "--line is PRODUCT[:QUANTITY[:SESSION]][:persons=N][:concession=CLASS/DOCUMENT], --tender is "
                   "KIND:AMOUNT[:REFERENCE]"),
    GATEHOUSE_TEXT(cli_epoch, "流水纪元", "Epoch"),
    GATEHOUSE_TEXT(cli_head, "最新流水号", "Latest record"),
    GATEHOUSE_TEXT(cli_acked, "中心已确认", "Acknowledged"),
    GATEHOUSE_TEXT(cli_hash, "末条摘要", "Hash of the last"),
    GATEHOUSE_TEXT(cli_venue_made, "管理员：{operator}\n口令：{pin}（只显示这一次）\n指纹：{fingerprint}",
                   "Operator: {operator}\nPIN: {pin} (shown this once)\nFingerprint: {fingerprint}"),
    GATEHOUSE_TEXT(test_shown, "已向 {device} 发出提示：请看灯、听声，再扫一个码确认",
                   "{device} was sent a sign: watch and listen, then scan a code to be sure"),
    GATEHOUSE_TEXT(test_answered, "{device} 刚才有应答，没有开闸", "{device} answered just now; nothing was moved"),
    GATEHOUSE_TEXT(test_connected, "{device} 的线路已接通，但它不会应答，没有开闸：请用放行试开",
                   "{device} is connected, but cannot be asked; nothing was moved: let somebody through to be sure"),
    GATEHOUSE_TEXT(test_printed, "{device} 已打印测试纸", "{device} has printed the test paper"),
    GATEHOUSE_TEXT(test_not_printed, "{device} 没有打印测试纸", "{device} has not printed the test paper"),
    GATEHOUSE_TEXT(test_print_unknown, "{device} 是否打印了测试纸不明：请看出纸口",
                   "Nobody knows whether {device} has printed the test paper: look at it"),
    GATEHOUSE_TEXT(paper_test, "打印测试，不是门票", "PRINT TEST, NO TICKET"),
    GATEHOUSE_TEXT(paper_test_printer, "打印机 {device}", "Printer {device}"),
    GATEHOUSE_TEXT(paper_test_time, "打印时间 {time}", "Printed {time}"),
    GATEHOUSE_TEXT(device_absent, "插好设备；换过插口的，用 gatehouse devices adopt 重新认领",
                   "Plug it in; if it has moved, name it anew with gatehouse devices adopt"),
    GATEHOUSE_TEXT(
        device_denied, "服务无权打开它：用 gatehouse devices adopt 写 udev 规则，或把服务账户加入设备所属组",
        "The service may not open it: write its udev rule with gatehouse devices adopt, or give it the group"),
    GATEHOUSE_TEXT(device_busy, "被别的程序占用：关掉那个程序", "Another program holds it: stop that one"),
    GATEHOUSE_TEXT(device_unreachable, "网络上没有应答：检查网线、电源和地址",
                   "No answer from the network: look at cable, power and address"),
    GATEHOUSE_TEXT(device_lost, "连接中断：检查电缆和电源", "It was lost: look at its cable and power"),
    GATEHOUSE_TEXT(device_silent, "已接上但不应答：检查电源、接线、波特率和地址",
                   "It is there and does not answer: look at power, wiring, speed and address"),
    GATEHOUSE_TEXT(device_refused, "它拒绝连接：检查端口号，看是否被另一台计算机占用",
                   "It refuses the connection: look at its port, and whether another computer holds it"),
    GATEHOUSE_TEXT(device_not_trusted, "密钥不符：核对配置里的密钥，或让设备进入安装模式",
                   "Its key is another one: compare the configured key, or put the device into install mode"),
    GATEHOUSE_TEXT(device_paper_low, "纸快用完：备好新纸", "Little paper is left: have a new roll at hand"),
    GATEHOUSE_TEXT(device_paper_out, "装上新纸，打印会自动继续", "Put paper in; printing goes on by itself"),
    GATEHOUSE_TEXT(device_cover_open, "合上打印机盖", "Close the printer's cover"),
    GATEHOUSE_TEXT(device_cutter, "切刀卡住：关电源，取出卡纸，再开机",
                   "The cutter is stuck: switch it off, take the paper out, switch it on"),
    GATEHOUSE_TEXT(device_sensor_stuck, "通行传感器一直有信号：清除遮挡物或检修",
                   "The passage sensor does not let go: clear it, or have it mended"),
    GATEHOUSE_TEXT(device_tampered, "有人打开或拆动过它：到现场查看，装回原位",
                   "It was opened or torn off: go and look, and put it back in its place"),
    GATEHOUSE_TEXT(device_power_failed, "供电中断过或不足：检查电源和备用电池",
                   "Its supply fails or has failed: look at its supply and its battery"),
    GATEHOUSE_TEXT(device_alarm, "闸机报警：到现场查看，在闸机上解除报警",
                   "The turnstile raises an alarm: look what happens there, and end it at the turnstile"),
    GATEHOUSE_TEXT(device_other, "查看设备面板的提示，断电重启后再试",
                   "Look at the device's own panel; switch it off and on"),
    GATEHOUSE_TEXT(trouble_absent, "没有插好", "Not plugged in"),
    GATEHOUSE_TEXT(trouble_denied, "无权打开", "May not be opened"),
    GATEHOUSE_TEXT(trouble_busy, "被占用", "Held by another program"),
    GATEHOUSE_TEXT(trouble_unreachable, "网络不通", "Not reached"),
    GATEHOUSE_TEXT(trouble_refused, "拒绝连接", "Refused the connection"),
    GATEHOUSE_TEXT(trouble_lost, "连接中断", "Was lost"),
    GATEHOUSE_TEXT(trouble_link_down, "连接中断", "Was lost"),
    GATEHOUSE_TEXT(trouble_silent, "不应答", "Did not answer"),
    GATEHOUSE_TEXT(trouble_no_answer, "不应答", "Did not answer"),
    GATEHOUSE_TEXT(trouble_no_ack, "开闸指令没有回应", "Did not answer the command to open"),
    GATEHOUSE_TEXT(trouble_not_reachable, "未连通", "Not reached"),
    GATEHOUSE_TEXT(trouble_not_seen, "启动后尚未连上", "Not reached since the start"),
    GATEHOUSE_TEXT(trouble_unknown, "开闸结果不明", "Nobody knows whether it opened"),
    GATEHOUSE_TEXT(trouble_not_trusted, "密钥不符", "Its key is another one"),
    GATEHOUSE_TEXT(trouble_unplugged, "被拔下", "Unplugged"),
    GATEHOUSE_TEXT(trouble_sensor_stuck, "传感器常亮", "Its sensor is stuck"),
    GATEHOUSE_TEXT(trouble_tampered, "被拆动", "Opened or torn off"),
    GATEHOUSE_TEXT(trouble_power_failed, "供电异常", "Its supply failed"),
    GATEHOUSE_TEXT(trouble_alarm, "报警", "It raises an alarm"),
    GATEHOUSE_TEXT(trouble_paper_low, "纸将用尽", "Little paper left"),
    GATEHOUSE_TEXT(trouble_paper_out, "缺纸", "No paper"),
    GATEHOUSE_TEXT(trouble_cover_open, "盖子打开", "Its cover is open"),
    GATEHOUSE_TEXT(trouble_cutter, "切刀卡住", "Its cutter is stuck"),
    GATEHOUSE_TEXT(trouble_fault, "故障", "Faulted"),
    GATEHOUSE_TEXT(count_opened, "接通", "connected"),
    GATEHOUSE_TEXT(count_lost, "断开", "lost"),
    GATEHOUSE_TEXT(count_faults, "故障", "faults"),
    GATEHOUSE_TEXT(count_scans, "扫码", "scans"),
    GATEHOUSE_TEXT(count_dropped, "丢弃", "dropped"),
    GATEHOUSE_TEXT(count_repeated, "重复", "repeated"),
    GATEHOUSE_TEXT(count_opens, "开闸", "opens"),
    GATEHOUSE_TEXT(count_passages, "过闸", "passages"),
    GATEHOUSE_TEXT(count_prints, "打印", "prints"),
    GATEHOUSE_TEXT(count_alarms, "报警", "alarms"),
    GATEHOUSE_TEXT(count_drawer, "开钱箱", "drawer openings"),
}};

#undef GATEHOUSE_TEXT

constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].key) != i) return false;
    return true;
}
static_assert(in_order(), "the table has the order of Text");

const Entry& entry(Text key) {
    check(key < Text::count_, "a text has a place in the table");
    return table[static_cast<std::size_t>(key)];
}

Text nth_after(Text first, std::size_t n) { return static_cast<Text>(static_cast<std::size_t>(first) + n); }

std::optional<Text> named(const std::string& prefix, std::string_view word, Text first, Text last) {
    for (auto key = first; key <= last; key = nth_after(key, 1))
        if (text_name(key) == prefix + std::string{word}) return key;
    return std::nullopt;
}

}  // namespace

std::optional<Language> parse_language(std::string_view tag) {
    const auto is = [tag](std::string_view language) {
        return tag == language || (tag.starts_with(language) && (tag[2] == '-' || tag[2] == '_' || tag[2] == '.'));
    };
    if (is("zh")) return Language::zh;
    if (is("en")) return Language::en;
    return std::nullopt;
}

std::string_view text(Text key, Language language) { return language == Language::zh ? entry(key).zh : entry(key).en; }

std::string_view text_name(Text key) { return entry(key).name; }

std::string words(Text key, Language language, std::initializer_list<TextParameter> parameters) {
    return filled(text(key, language), {parameters.begin(), parameters.size()});
}

Text text_of(Reason reason) { return nth_after(Text::reason_none, static_cast<std::size_t>(reason)); }
Text advice_on(Reason reason) { return nth_after(Text::advice_none, static_cast<std::size_t>(reason)); }
Text text_of(Note note) { return nth_after(Text::note_check_id, static_cast<std::size_t>(note)); }
Text text_of(ErrorCode code) { return nth_after(Text::error_invalid_body, static_cast<std::size_t>(code)); }

std::optional<Text> text_of_lane_state(std::string_view state) {
    return named("lane_", state, Text::lane_idle, Text::lane_faulted);
}
std::optional<Text> text_of_role(std::string_view role) {
    return named("role_", role, Text::role_clerk, Text::role_administrator);
}
std::optional<Text> text_of_trouble(std::string_view trouble) {
    return named("trouble_", trouble, Text::trouble_absent, Text::trouble_fault);
}
std::optional<Text> text_of_device_count(std::string_view what) {
    return named("count_", what, Text::count_opened, Text::count_drawer);
}

Text test_words(std::string_view outcome) {
    if (outcome == "shown") return Text::test_shown;
    if (outcome == "answered") return Text::test_answered;
    if (outcome == "connected") return Text::test_connected;
    if (outcome == "printed") return Text::test_printed;
    if (outcome == "not_printed") return Text::test_not_printed;
    return Text::test_print_unknown;
}

Text device_advice(std::string_view trouble) {
    if (trouble == "absent" || trouble == "unplugged") return Text::device_absent;
    if (trouble == "denied") return Text::device_denied;
    if (trouble == "busy") return Text::device_busy;
    if (trouble == "unreachable") return Text::device_unreachable;
    if (trouble == "lost" || trouble == "link_down") return Text::device_lost;
    for (const std::string_view word : {"silent", "no_answer", "no_ack", "not_reachable", "not_seen", "unknown"})
        if (trouble == word) return Text::device_silent;
    if (trouble == "refused") return Text::device_refused;
    if (trouble == "not_trusted") return Text::device_not_trusted;
    if (trouble == "paper_low") return Text::device_paper_low;
    if (trouble == "paper_out") return Text::device_paper_out;
    if (trouble == "cover_open") return Text::device_cover_open;
    if (trouble == "cutter") return Text::device_cutter;
    if (trouble == "sensor_stuck") return Text::device_sensor_stuck;
    if (trouble == "tampered") return Text::device_tampered;
    if (trouble == "power_failed") return Text::device_power_failed;
    if (trouble == "alarm") return Text::device_alarm;
    return Text::device_other;
}

}  // namespace gatehouse
