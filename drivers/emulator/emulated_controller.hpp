// A turnstile controller with a protocol of a few words: Digicon's, Mach Power's, or a GPIO chip's levels.
#pragma once

#include <map>

#include "drivers/emulator/answer_faults.hpp"
#include "drivers/emulator/arms.hpp"
#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedController final : public EmulatedDevice {
public:
    EmulatedController(boost::asio::io_context& io, ControllerScenario scenario, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

private:
    void hear(Caller caller, ByteView bytes, Stamp stamp);
    // Carries out the first word in `heard_`; how many octets it had, or 0 when it is not whole yet.
    [[nodiscard]] std::size_t digicon();
    [[nodiscard]] std::size_t mach_power();
    [[nodiscard]] std::size_t levels();
    void level(unsigned line, bool active);
    void sensed(Way way, bool active);
    void tell_levels();
    void send(const Bytes& word);  // whatever it says: disturbed as was ordered
    [[nodiscard]] boost::json::object state() const;

    ControllerScenario scenario_;
    EventLog& log_;
    std::unique_ptr<Plug> plug_;
    Arms arms_;
    AnswerFaults faults_;
    Bytes heard_;
    Stamp command_ = 0;
    std::map<unsigned, bool> lines_;  // outputs of a GPIO chip
};

}  // namespace gatehouse::drivers::emulator
