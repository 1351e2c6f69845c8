// A turnstile behind a Modbus board, and the guests in front of it.
//
// The arm works in pulse mode: an unlock edge lets one person through, within `open_ms`. While the coil stays on,
// anybody goes through. Guests do what the walk policy says at each unlocking, or what the control socket orders.
#pragma once

#include <map>
#include <string>

#include "drivers/emulator/answer_faults.hpp"
#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/later.hpp"
#include "drivers/emulator/modbus_board.hpp"
#include "drivers/emulator/modbus_requests.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedTurnstile final : public EmulatedDevice {
public:
    EmulatedTurnstile(boost::asio::io_context& io, TurnstileScenario scenario, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

private:
    enum class Way : std::uint8_t { entry, exit };
    struct Arm {
        bool released = false;
        unsigned opening = 0;  // counts unlockings, so that an old time-out does not lock a new one
    };

    void read(Caller caller, ByteView bytes, Stamp stamp);
    void answer(Caller caller, const ModbusQuery& query);
    void coil_changed(std::uint8_t coil, bool on);
    void unlocked(Way way);
    void walk(Way way, unsigned opening);
    bool pass(Way way, bool forced);
    void go_through(Way way, bool forced);
    void sense(Way way);
    void inputs_read();
    void power_off();

    [[nodiscard]] boost::json::object set_walk(const boost::json::object& request);
    [[nodiscard]] boost::json::object set_input(const boost::json::object& request);
    [[nodiscard]] boost::json::object state() const;

    [[nodiscard]] Arm& arm(Way way) { return arms_[static_cast<std::size_t>(way)]; }
    [[nodiscard]] std::uint8_t coil_of(Way way) const;
    [[nodiscard]] std::uint8_t sensor_of(Way way) const;

    TurnstileScenario scenario_;
    EventLog& log_;
    bool tcp_;
    ModbusBoard board_;
    std::unique_ptr<Plug> plug_;
    Later later_;
    AnswerFaults faults_;
    std::map<Caller, ModbusRequests> requests_;
    std::array<Arm, 2> arms_{};
    std::array<bool, 2> until_polled_{};
    std::array<bool, 2> seen_active_{};  // by the last poll
    std::array<bool, 2> walks_when_clear_{};
    std::uint64_t opened_ = 0;
    std::uint64_t passed_ = 0;
    Stamp command_ = 0;  // first byte of the request that is carried out
};

}  // namespace gatehouse::drivers::emulator
