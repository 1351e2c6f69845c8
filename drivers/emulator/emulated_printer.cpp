#include "drivers/emulator/emulated_printer.hpp"

#include <algorithm>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers::emulator {

namespace {
constexpr std::uint8_t dle = 0x10;
constexpr std::uint8_t eot = 0x04;
}  // namespace

EmulatedPrinter::EmulatedPrinter(boost::asio::io_context& io, PrinterScenario scenario, std::filesystem::path papers,
                                 EventLog& log)
    : scenario_(std::move(scenario)),
      tray_(std::move(papers), scenario_.name),
      log_(log),
      plug_(make_plug(io, scenario_.plug, {[this](Caller caller, ByteView bytes, Stamp) { read(caller, bytes); }, {}})),
      later_(io),
      faults_(io),
      painter_(scenario_.width) {
    plug_->connect();
}

boost::json::object EmulatedPrinter::perform(std::string_view what, const boost::json::object& request) {
    if (what == "papers") return tray_.papers(request);
    if (what == "paper") {
        out_of_paper_ = flag_of(request, "out", false);
        near_end_ = flag_of(request, "low", false);
        end_after_.reset();
        if (const auto items = number_of(request, "end_after", -1); items >= 0) end_after_ = items;
    } else if (what == "cover") {
        cover_open_ = flag_of(request, "open", true);
    } else if (what == "fault") {
        if (request.contains("kind") && !faults_.set(request))
            return refusal(std::string("kind is ") + answer_fault_kinds);
        fault_ = flag_of(request, "error", false);
        deaf_ = flag_of(request, "deaf", false);
    } else if (what == "unplug") {
        plug_->disconnect();
    } else if (what == "plug") {
        plug_->connect();
    } else if (what == "power") {
        if (flag_of(request, "on", true))
            plug_->connect();
        else
            power_off();
    } else if (what != "state") {
        return refusal("a printer knows papers, paper, cover, fault, unplug, plug, power, state");
    }
    say_automatic_status();
    work();
    return state();
}

// Real-time commands are obeyed where they arrive, also in the middle of other data and while nothing is printed.
void EmulatedPrinter::read(Caller caller, ByteView bytes) {
    caller_ = caller;
    if (deaf_ || faults_.is_deaf_now()) return;
    for (const auto byte : bytes) {
        real_time_.push_back(byte);
        if (real_time_.size() == 1 && byte == dle) continue;
        if (real_time_.size() == 2 && byte == eot) continue;
        if (real_time_.size() == 3 && byte >= 1 && byte <= 4) {
            real_time(byte, caller);
            real_time_.clear();
            continue;
        }
        if (byte == dle) real_time_.pop_back();  // it may begin another one
        interpreter_.append(real_time_);
        real_time_.clear();
        if (byte == dle) real_time_.push_back(byte);
    }
    work();
}

void EmulatedPrinter::real_time(std::uint8_t which, Caller caller) {
    std::uint8_t status = 0x12;
    const auto set = [&status](bool holds, unsigned bits) {
        if (holds) status = static_cast<std::uint8_t>(status | bits);
    };
    if (which == 1) set(is_stopped(), 0x08);
    if (which == 2) {
        set(cover_open_, 0x04);
        set(out_of_paper_, 0x20);
        set(fault_, 0x40);
    }
    if (which == 3) set(fault_, 0x08);
    if (which == 4) {
        set(near_end_ || out_of_paper_, 0x0c);
        set(out_of_paper_, 0x60);
    }
    answer({&status, 1}, caller);
}

void EmulatedPrinter::work() {
    while (!busy_ && !is_stopped()) {
        const auto act = interpreter_.next();
        if (!act) return;
        carry_out(*act);
        const bool prints = std::holds_alternative<PaperItem>(*act);
        if (prints && end_after_ && --*end_after_ < 0) {
            out_of_paper_ = true;
            end_after_.reset();
            log_.add(stamp_now(), scenario_.name, "paper_out");
            say_automatic_status();
        }
        if (!prints || scenario_.line_ms == 0) continue;
        busy_ = true;
        later_.after(std::chrono::milliseconds(scenario_.line_ms), [this] {
            busy_ = false;
            work();
        });
    }
}

void EmulatedPrinter::carry_out(const PrinterAct& act) {
    std::visit(Match{
                   [&](const PaperItem& item) { paper_.items.push_back(item); },
                   [&](const CutMade&) { cut(); },
                   [&](const DrawerOpened&) {
                       ++drawers_;
                       log_.add(stamp_now(), scenario_.name, "drawer");
                   },
                   [&](const StatusWanted&) {
                       const std::uint8_t status = near_end_ ? 0x03 : 0x00;
                       answer({&status, 1}, caller_);
                   },
                   [&](const AutomaticStatusSet& set) {
                       automatic_ = set.mask;
                       say_automatic_status();
                   },
                   [&](const CommandUnknown& unknown) {
                       ++unknown_commands_;
                       log_.add(stamp_now(), scenario_.name, "unknown_command", {{"hex", unknown.hex}});
                   },
               },
               act);
}

void EmulatedPrinter::cut() {
    std::vector<std::string> lines;
    for (const auto& item : paper_.items)
        if (const auto* line = std::get_if<PrintedLine>(&item)) lines.push_back(line->text);
    tray_.add(painter_.draw(std::exchange(paper_, {})), std::move(lines));
    log_.add(stamp_now(), scenario_.name, "paper", {{"paper", tray_.count()}});
}

void EmulatedPrinter::answer(ByteView bytes, std::optional<Caller> caller) {
    if (deaf_) return;
    faults_.send({bytes.begin(), bytes.end()}, [this, caller](const Bytes& said) { plug_->send(said, caller); });
}

void EmulatedPrinter::say_automatic_status() {
    if (automatic_ == 0) return;
    const auto status = automatic_status();
    answer(status, std::nullopt);
}

std::array<std::uint8_t, 4> EmulatedPrinter::automatic_status() const {
    std::array<std::uint8_t, 4> status{0x10, 0x00, 0x00, 0x00};
    if (is_stopped()) status[0] |= 0x08;
    if (cover_open_) status[0] |= 0x20;
    if (fault_) status[1] |= 0x08;
    if (near_end_ || out_of_paper_) status[2] |= 0x03;
    if (out_of_paper_) status[2] |= 0x0c;
    return status;
}

void EmulatedPrinter::power_off() {
    plug_->disconnect();
    later_.forget();
    faults_.forget();
    busy_ = false;
    interpreter_.reset();
    real_time_.clear();
    automatic_ = 0;
}

boost::json::object EmulatedPrinter::state() const {
    return {{"plugged", plug_->is_connected()},
            {"address", plug_->address()},
            {"papers", tray_.count()},
            {"uncut_items", paper_.items.size()},
            {"out_of_paper", out_of_paper_},
            {"cover_open", cover_open_},
            {"drawers", drawers_},
            {"unknown_commands", unknown_commands_},
            {"faults_left", faults_.left()},
            {"waiting_octets", interpreter_.waiting()}};
}

}  // namespace gatehouse::drivers::emulator
