#include "edge/api/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/api/board.hpp"
#include "edge/api/words_json.hpp"
#include "edge/desk/desk.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

// A metric's head, then its lines.
class Exposition {
public:
    void head(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    // `labels` are written as they are: our names need no escaping.
    void line(std::string_view labels, double value) {
        text_ +=
            labels.empty() ? fmt::format("{} {}\n", name_, value) : fmt::format("{}{{{}}} {}\n", name_, labels, value);
    }
    // One of the lines of a summary or histogram.
    void part(std::string_view suffix, std::string_view labels, double value) {
        text_ += fmt::format("{}{}{{{}}} {}\n", name_, suffix, labels, value);
    }
    void gauge(std::string_view name, std::string_view help, double value) {
        head(name, "gauge", help);
        line("", value);
    }
    std::string take() { return std::move(text_); }

private:
    std::string_view name_;
    std::string text_;
};

double number(std::uint64_t value) { return static_cast<double>(value); }

void device_lines(Exposition& out, const Board& board) {
    out.head("gatehouse_device_up", "gauge", "1 while the device works.");
    for (const auto& [name, device] : board.devices)
        out.line(fmt::format("device=\"{}\",kind=\"{}\"", name.value, device.family),
                 device.state == DeviceState::online ? 1 : 0);
    out.head("gatehouse_device_events_total", "counter", "What happened at a device.");
    for (const auto& [name, device] : board.devices)
        for (std::size_t i = 0; i < drivers::device_counts; ++i)
            out.line(fmt::format("device=\"{}\",event=\"{}\"", name.value,
                                 drivers::to_string(static_cast<drivers::DeviceCount>(i))),
                     number(device.health.counts[i]));
    out.head("gatehouse_device_answer_seconds", "histogram",
             "From what was asked of a device, or shown to it, to its answer.");
    for (const auto& [name, device] : board.devices) {
        const auto& times = device.health.answers;
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < times.limits_ms.size(); ++i) {
            sum += times.buckets()[i];
            out.part(
                "_bucket",
                fmt::format("device=\"{}\",le=\"{}\"", name.value, static_cast<double>(times.limits_ms[i]) / 1'000),
                number(sum));
        }
        out.part("_bucket", fmt::format("device=\"{}\",le=\"+Inf\"", name.value), number(times.count()));
        out.part("_sum", fmt::format("device=\"{}\"", name.value), static_cast<double>(times.sum_us()) / 1'000'000);
        out.part("_count", fmt::format("device=\"{}\"", name.value), number(times.count()));
    }
}

void nodes_lines(Exposition& out, const Board& board, const DeskStatus& status, std::uint64_t acked) {
    out.head("gatehouse_build_info", "gauge", "The version that runs.");
    out.line("version=\"" GATEHOUSE_VERSION "\"", 1);
    out.gauge("gatehouse_journal_open", "1 while records can be written.", status.journal_open ? 1 : 0);
    out.gauge("gatehouse_journal_last_seq", "Last record on disk.", number(status.synced.value));
    out.gauge("gatehouse_journal_acked_seq", "Last record that central acknowledged.", number(acked));
    out.gauge("gatehouse_backlog_events", "Records that central has not acknowledged.",
              number(status.synced.value > acked ? status.synced.value - acked : 0));
    out.gauge("gatehouse_clock_trusted", "1 when the clock is synced.", status.clock == ClockQuality::synced ? 1 : 0);
    out.gauge("gatehouse_central_connected", "1 while central is connected.", board.central.connected ? 1 : 0);
    out.gauge("gatehouse_storage_free_bytes", "Free space of the data directory.", number(board.storage.free_octets));
    out.gauge("gatehouse_emergency_open", "1 while all lanes are held open.", status.emergency ? 1 : 0);
    out.head("gatehouse_peer_connected", "gauge", "1 while the peer is connected.");
    for (const auto& [node, peer] : board.peers)
        out.line(fmt::format("peer=\"{}\"", peer.name.empty() ? std::to_string(node.value) : peer.name),
                 peer.connected ? 1 : 0);
    device_lines(out, board);
}

}  // namespace

void Metrics::count(const ledger::Record& record) {
    if (const auto* verdict = std::get_if<Verdict>(&record.body)) {
        ++scans_[{verdict->gate.value,
                  verdict->decision == Decision::admit ? "admit" : std::string{to_string(verdict->reason)},
                  std::string{word(verdict->mode)}}];
    } else if (const auto* passage = std::get_if<Passage>(&record.body)) {
        passages_[std::string{word(passage->outcome)}] += passage->persons;
    } else if (const auto* sale = std::get_if<Sale>(&record.body)) {
        for (const Tender& tender : sale->tenders) ++sales_[std::string{word(tender.kind)}];
    } else if (std::holds_alternative<Refund>(record.body)) {
        ++refunds_;
    } else if (std::holds_alternative<LoginAttempted>(record.body)) {
        ++login_failures_;
    } else if (std::holds_alternative<LoginSucceeded>(record.body) && login_failures_ > 0) {
        --login_failures_;  // its attempt was counted before the PIN was judged
    }
}

void Metrics::count_money(const ledger::ShiftFacts& closed) {
    Minor sold{0};  // before refunds
    for (const auto& [kind, amount] : closed.tenders) sold.value += amount.value;
    for (const auto& [kind, amount] : closed.refunded) sold.value += amount.value;
    sales_amount_ += static_cast<std::uint64_t>(std::max<std::int64_t>(sold.value, 0));
}

void Metrics::count_request(unsigned status) { ++requests_[status]; }

std::string Metrics::text(const Board& board, const DeskStatus& status, std::uint64_t acked) const {
    Exposition out;
    nodes_lines(out, board, status, acked);
    out.head("gatehouse_scan_decisions_total", "counter", "Verdicts by gate, result and lane mode.");
    for (const auto& [labels, count] : scans_)
        out.line(fmt::format("gate=\"{}\",result=\"{}\",mode=\"{}\"", std::get<0>(labels), std::get<1>(labels),
                             std::get<2>(labels)),
                 number(count));
    out.head("gatehouse_scan_stage_seconds", "summary",
             "Time of device scans by stage; ahead: before the scan's last octet came.");
    for (const StageTime& stage : status.stages) {
        const auto labels = fmt::format("stage=\"{}\",ahead=\"{}\"", stage.stage, stage.ahead ? 1 : 0);
        out.part("_sum", labels, std::chrono::duration<double>(stage.spent).count());
        out.part("_count", labels, number(stage.times));
    }
    out.head("gatehouse_passages_total", "counter", "Persons by what became of their reservation.");
    for (const auto& [outcome, count] : passages_) out.line(fmt::format("outcome=\"{}\"", outcome), number(count));
    out.head("gatehouse_sales_total", "counter", "Sales by tender.");
    for (const auto& [tender, count] : sales_) out.line(fmt::format("tender=\"{}\"", tender), number(count));
    out.head("gatehouse_sales_amount_minor_total", "counter",
             "Money sold in shifts that were closed since, in minor units.");
    out.line("", number(sales_amount_));
    out.head("gatehouse_refunds_total", "counter", "Refunds.");
    out.line("", number(refunds_));
    out.head("gatehouse_http_requests_total", "counter", "Answers by status.");
    for (const auto& [code, count] : requests_) out.line(fmt::format("status=\"{}\"", code), number(count));
    return out.take();
}

}  // namespace gatehouse::edge
