// An OSDP device with an arm, a reader and a keypad, and the pair of wires that several of them share.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <vector>

#include "drivers/emulator/answer_faults.hpp"
#include "drivers/emulator/arms.hpp"
#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/osdp_device.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedOsdp;

// Carries the panel's octets to all devices, and theirs to the panel.
class OsdpWires {
public:
    OsdpWires(boost::asio::io_context& io, const PlugSettings& settings);
    void join(EmulatedOsdp& device) { devices_.push_back(&device); }
    [[nodiscard]] Plug& plug() { return *plug_; }

private:
    void read(Caller caller, ByteView bytes, Stamp stamp);

    std::vector<EmulatedOsdp*> devices_;
    std::unique_ptr<Plug> plug_;
};

class EmulatedOsdp final : public EmulatedDevice {
public:
    EmulatedOsdp(boost::asio::io_context& io, OsdpScenario scenario, std::shared_ptr<OsdpWires> wires, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;
    // What is on the wires; the answer goes back to `caller`.
    void hear(Caller caller, ByteView bytes, Stamp stamp);

private:
    void drive(std::uint8_t output, std::uint8_t control, unsigned tenths);
    void end_pulse(std::uint8_t output, std::chrono::milliseconds after);
    [[nodiscard]] std::optional<Way> way_of_output(std::uint8_t output) const;
    [[nodiscard]] boost::json::object read_card(const boost::json::object& request);
    [[nodiscard]] boost::json::object set_input(const boost::json::object& request);
    [[nodiscard]] boost::json::object power(bool on);
    [[nodiscard]] boost::json::object state() const;

    boost::asio::io_context& io_;
    OsdpScenario scenario_;
    std::shared_ptr<OsdpWires> wires_;
    EventLog& log_;
    OsdpDevice device_;
    Arms arms_;
    AnswerFaults faults_;
    bool powered_ = true;
    std::map<std::uint8_t, boost::asio::steady_timer> pulses_;
    Stamp command_ = 0;
};

}  // namespace gatehouse::drivers::emulator
