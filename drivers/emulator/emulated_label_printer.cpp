#include "drivers/emulator/emulated_label_printer.hpp"

#include "schemas/base/match.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::uint8_t ticket_ack = 0x06;
constexpr std::uint8_t low_paper = 0x0f;
constexpr std::uint8_t no_paper = 0x10;
constexpr std::uint8_t x_on = 0x11;
constexpr std::uint8_t power_up = 0x12;
constexpr std::uint8_t x_off = 0x13;
constexpr std::uint8_t jam = 0x18;

std::variant<FglInterpreter, ZplInterpreter> interpreter_of(PrinterKind kind) {
    if (kind == PrinterKind::fgl) return FglInterpreter{};
    return ZplInterpreter{};
}

std::vector<std::string> lines_of(const Label& label) {
    std::vector<std::string> lines;
    for (const auto& placed : label.items)
        if (const auto* line = std::get_if<PrintedLine>(&placed.item)) lines.push_back(line->text);
    return lines;
}

}  // namespace

EmulatedLabelPrinter::EmulatedLabelPrinter(boost::asio::io_context& io, PrinterScenario scenario,
                                           std::filesystem::path papers, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      plug_(make_plug(io, scenario_.plug, {[this](Caller caller, ByteView bytes, Stamp) { read(caller, bytes); }, {}})),
      later_(io),
      faults_(io),
      painter_(scenario_.width),
      tray_(std::move(papers), scenario_.name),
      interpreter_(interpreter_of(scenario_.kind)) {
    plug_->connect();
}

boost::json::object EmulatedLabelPrinter::perform(std::string_view what, const boost::json::object& request) {
    if (what == "papers") return tray_.papers(request);
    if (what == "paper") {
        out_of_paper_ = flag_of(request, "out", false);
        near_end_ = flag_of(request, "low", false);
        end_after_.reset();
        if (const auto labels = number_of(request, "end_after", -1); labels >= 0) end_after_ = labels;
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
            power_on();
        else
            power_off();
    } else if (what != "state") {
        return refusal("a printer knows papers, paper, cover, fault, unplug, plug, power, state");
    }
    say_changes();
    work();
    return state();
}

void EmulatedLabelPrinter::read(Caller caller, ByteView bytes) {
    if (deaf_ || faults_.is_deaf_now()) return;
    const auto acts = std::visit([bytes](auto& interpreter) { return interpreter.take(bytes); }, interpreter_);
    for (const auto& act : acts) carry_out(act, caller);
    work();
}

void EmulatedLabelPrinter::carry_out(const LabelAct& act, Caller caller) {
    std::visit(Match{
                   [&](const LabelMade& made) { waiting_.push_back(made.label); },
                   [&](const StatusAsked&) { answer_status(caller); },
                   [&](const CancelAsked&) {
                       waiting_.clear();
                       later_.forget();
                       busy_ = false;
                   },
                   [&](const CommandNotKnown& unknown) {
                       ++unknown_commands_;
                       log_.add(stamp_now(), scenario_.name, "unknown_command", {{"text", unknown.text}});
                   },
               },
               act);
}

void EmulatedLabelPrinter::work() {
    while (!busy_ && !is_stopped() && !waiting_.empty()) {
        if (end_after_ && --*end_after_ < 0) {
            end_after_.reset();
            out_of_paper_ = true;
            log_.add(stamp_now(), scenario_.name, "paper_out");
            return say_changes();
        }
        if (scenario_.line_ms == 0) {
            print();
            continue;
        }
        busy_ = true;
        later_.after(std::chrono::milliseconds(scenario_.line_ms), [this] {
            busy_ = false;
            print();
            work();
        });
    }
}

void EmulatedLabelPrinter::print() {
    const auto label = std::move(waiting_.front());
    waiting_.pop_front();
    tray_.add(painter_.draw(label), lines_of(label));
    log_.add(stamp_now(), scenario_.name, "paper", {{"paper", tray_.count()}});
    if (scenario_.kind == PrinterKind::fgl) say({&ticket_ack, 1}, std::nullopt);
}

void EmulatedLabelPrinter::power_off() {
    plug_->disconnect();
    later_.forget();
    faults_.forget();
    busy_ = false;
    waiting_.clear();
    std::visit([](auto& interpreter) { interpreter.reset(); }, interpreter_);
}

void EmulatedLabelPrinter::power_on() {
    plug_->connect();
    if (scenario_.kind != PrinterKind::fgl) return;
    const std::array<std::uint8_t, 2> start{power_up, is_stopped() ? x_off : x_on};
    say(start, std::nullopt);
}

void EmulatedLabelPrinter::answer_status(Caller caller) {
    if (scenario_.kind == PrinterKind::zpl) return say(bytes_of(host_status()), caller);
    if (!is_stopped()) say({&x_on, 1}, caller);
}

void EmulatedLabelPrinter::say_changes() {
    if (scenario_.kind != PrinterKind::fgl) return;
    const auto now = out_of_paper_ ? no_paper : fault_ ? jam : cover_open_ ? x_off : near_end_ ? low_paper : x_on;
    if (std::exchange(said_, now) == now) return;
    if (now == low_paper) say({&x_on, 1}, std::nullopt);  // it may have been stopped before
    say({&said_, 1}, std::nullopt);
}

void EmulatedLabelPrinter::say(ByteView bytes, std::optional<Caller> caller) {
    if (deaf_) return;
    faults_.send({bytes.begin(), bytes.end()}, [this, caller](const Bytes& said) { plug_->send(said, caller); });
}

std::string EmulatedLabelPrinter::host_status() const {
    const auto flag = [](bool holds) { return std::string(holds ? "1" : "0"); };
    auto formats = std::to_string(waiting_.size());
    formats.insert(0, 3 - std::min<std::size_t>(3, formats.size()), '0');
    const bool partial = std::get<ZplInterpreter>(interpreter_).is_inside_format();
    return "\x02"
           "030," +
           flag(out_of_paper_) + ",0,1245," + formats + ",0,0," + flag(partial) +
           ",000,0,0,0\x03\r\n\x02"
           "000,0," +
           flag(cover_open_) + "," + flag(fault_) +
           ",0,2,4,0,00000000,1,000\x03\r\n\x02"
           "1234,0\x03\r\n";
}

boost::json::object EmulatedLabelPrinter::state() const {
    return {{"plugged", plug_->is_connected()},      {"address", plug_->address()},   {"papers", tray_.count()},
            {"waiting_labels", waiting_.size()},     {"out_of_paper", out_of_paper_}, {"cover_open", cover_open_},
            {"unknown_commands", unknown_commands_}, {"faults_left", faults_.left()}};
}

}  // namespace gatehouse::drivers::emulator
