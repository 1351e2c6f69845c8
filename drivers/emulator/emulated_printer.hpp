// A receipt printer that keeps its paper, draws it, and reads the QR back from the drawing.
//
// Unplugging pulls the cable: what has arrived is still printed. A power cut loses buffer and settings; what is already
// on the paper stays there. Without paper it stops between two commands and goes on after the refill.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/emulator/answer_faults.hpp"
#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/escpos_interpreter.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/later.hpp"
#include "drivers/emulator/paper_picture.hpp"
#include "drivers/emulator/paper_tray.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedPrinter final : public EmulatedDevice {
public:
    EmulatedPrinter(boost::asio::io_context& io, PrinterScenario scenario, std::filesystem::path papers, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

private:
    void read(Caller caller, ByteView bytes);
    void real_time(std::uint8_t which, Caller caller);
    void work();
    void carry_out(const PrinterAct& act);
    void cut();
    void answer(ByteView bytes, std::optional<Caller> caller);
    void say_automatic_status();
    void power_off();
    [[nodiscard]] std::array<std::uint8_t, 4> automatic_status() const;
    [[nodiscard]] bool is_stopped() const { return out_of_paper_ || cover_open_ || fault_; }
    [[nodiscard]] boost::json::object state() const;

    PrinterScenario scenario_;
    PaperTray tray_;
    EventLog& log_;
    std::unique_ptr<Plug> plug_;
    Later later_;
    AnswerFaults faults_;
    PaperPainter painter_;
    EscposInterpreter interpreter_;
    Caller caller_ = 0;  // spoke last
    Bytes real_time_;    // the beginning of a real-time command
    bool busy_ = false;
    Paper paper_;
    std::uint64_t drawers_ = 0;
    std::uint64_t unknown_commands_ = 0;
    std::uint8_t automatic_ = 0;
    bool out_of_paper_ = false;
    bool near_end_ = false;
    bool cover_open_ = false;
    bool fault_ = false;
    bool deaf_ = false;
    std::optional<std::int64_t> end_after_;  // paper ends after so many items
};

}  // namespace gatehouse::drivers::emulator
