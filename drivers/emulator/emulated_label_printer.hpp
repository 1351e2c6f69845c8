// A ticket printer (FGL) or label printer (ZPL II) that keeps its labels as pictures and reads their QR back.
//
// Unplugging pulls the cable: what has arrived is still printed. A power cut loses what is not printed. Without paper
// it stops before the next label and goes on after the refill.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "drivers/emulator/answer_faults.hpp"
#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/label_interpreter.hpp"
#include "drivers/emulator/later.hpp"
#include "drivers/emulator/paper_tray.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedLabelPrinter final : public EmulatedDevice {
public:
    EmulatedLabelPrinter(boost::asio::io_context& io, PrinterScenario scenario, std::filesystem::path papers,
                         EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

private:
    void read(Caller caller, ByteView bytes);
    void carry_out(const LabelAct& act, Caller caller);
    void work();
    void print();
    void power_off();
    void power_on();
    void answer_status(Caller caller);
    void say(ByteView bytes, std::optional<Caller> caller);
    void say_changes();  // FGL: what it tells unasked
    [[nodiscard]] bool is_stopped() const { return out_of_paper_ || cover_open_ || fault_; }
    [[nodiscard]] std::string host_status() const;
    [[nodiscard]] boost::json::object state() const;

    PrinterScenario scenario_;
    EventLog& log_;
    std::unique_ptr<Plug> plug_;
    Later later_;
    AnswerFaults faults_;
    PaperPainter painter_;
    PaperTray tray_;
    std::variant<FglInterpreter, ZplInterpreter> interpreter_;
    std::deque<Label> waiting_;
    bool busy_ = false;  // with the first of them
    std::uint64_t unknown_commands_ = 0;
    bool out_of_paper_ = false;
    bool near_end_ = false;
    bool cover_open_ = false;
    bool fault_ = false;
    bool deaf_ = false;
    std::uint8_t said_ = 0x11;               // FGL: the last status byte about readiness
    std::optional<std::int64_t> end_after_;  // paper ends after so many labels
};

}  // namespace gatehouse::drivers::emulator
