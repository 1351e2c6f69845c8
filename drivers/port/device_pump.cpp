#include "drivers/port/device_pump.hpp"

#include "drivers/port/device_loop.hpp"

namespace gatehouse::drivers {

std::string_view to_string(LinkTrouble trouble) {
    switch (trouble) {
        case LinkTrouble::none: return "";
        case LinkTrouble::absent: return "absent";
        case LinkTrouble::denied: return "denied";
        case LinkTrouble::busy: return "busy";
        case LinkTrouble::unreachable: return "unreachable";
        case LinkTrouble::lost: return "lost";
        case LinkTrouble::silent: return "silent";
    }
    return "";
}

LinkTrouble trouble_of(const Error& error, bool network, bool was_up) {
    if (was_up) return LinkTrouble::lost;
    if (network) return LinkTrouble::unreachable;
    if (error.code == ErrorCode::not_found) return LinkTrouble::absent;
    if (error.code == ErrorCode::forbidden) return LinkTrouble::denied;
    return error.code == ErrorCode::unavailable ? LinkTrouble::busy : LinkTrouble::lost;
}

struct PrinterPump::Loop : DeviceLoop<PrinterSession, PrinterEvent, PrinterEffect> {
    using DeviceLoop::DeviceLoop;
};

namespace {

class OwnSource final : public ScannerPump::Source {
public:
    OwnSource(boost::asio::io_context& io, ScannerSetup setup, ScannerPump::Handler handler) {
        const auto report = [scanned = std::move(handler.scanned), foreseen = std::move(handler.foreseen),
                             dropped = std::move(handler.dropped),
                             answering = std::move(handler.answering)](const ScannerEffect& effect) {
            if (const auto* scan = std::get_if<ReportScan>(&effect)) scanned(*scan);
            if (const auto* ahead = std::get_if<ReportForeseen>(&effect); ahead != nullptr && foreseen)
                foreseen(*ahead);
            if (const auto* drop = std::get_if<ReportDropped>(&effect); drop != nullptr && dropped) dropped(*drop);
            if (const auto* said = std::get_if<ReportAnswering>(&effect); said != nullptr && answering)
                answering(*said);
        };
        loop_ = std::make_shared<Loop>(io, setup.port, std::move(setup.session), report, std::move(handler.link));
        loop_->start();
    }
    OwnSource(const OwnSource&) = delete;
    OwnSource& operator=(const OwnSource&) = delete;
    ~OwnSource() override { loop_->stop(); }
    void show(VerdictSign sign, const std::string& /*text*/) override { loop_->step(VerdictGiven{sign}); }
    [[nodiscard]] const LinkState& link() const override { return loop_->link(); }
    [[nodiscard]] Instant last_read() const override { return loop_->last_read(); }

private:
    using Loop = DeviceLoop<ScannerSession, ScannerEvent, ScannerEffect>;
    std::shared_ptr<Loop> loop_;
};

}  // namespace

ScannerPump::ScannerPump(boost::asio::io_context& io, ScannerSetup setup, Handler handler)
    : source_(std::make_unique<OwnSource>(io, std::move(setup), std::move(handler))) {}

PrinterPump::PrinterPump(boost::asio::io_context& io, PrinterSetup setup, Handler handler)
    : style_(setup.style),
      loop_(std::make_shared<Loop>(io, setup.port, std::move(setup.session), std::move(handler.reported),
                                   std::move(handler.link))) {
    loop_->start();
}
PrinterPump::~PrinterPump() { loop_->stop(); }

Result<void> PrinterPump::print(PrintJobId id, const std::vector<TicketPaper>& papers) {
    PrintRequested request{id, {}};
    for (const auto& paper : papers) {
        auto bytes = encode_paper(paper, style_);
        if (!bytes) return bytes.error();
        request.papers.push_back(std::move(*bytes));
    }
    loop_->step(request);
    return {};
}

void PrinterPump::cancel(PrintJobId id) { loop_->step(CancelRequested{id}); }
bool PrinterPump::has_drawer() const {
    const auto* style = std::get_if<EscposStyle>(&style_);
    return style != nullptr && style->drawer;
}
const LinkState& PrinterPump::link() const { return loop_->link(); }

}  // namespace gatehouse::drivers
