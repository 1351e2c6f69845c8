// The arms of an emulated turnstile and the guests in front of it, whatever the controller speaks.
//
// Pulse mode: an unlocking lets one person through, within `open_ms`. While an arm is held, anybody goes through.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/later.hpp"
#include "drivers/emulator/scenario.hpp"

namespace gatehouse::drivers::emulator {

enum class Way : std::uint8_t { entry, exit };
[[nodiscard]] std::string_view to_string(Way way);
[[nodiscard]] Way way_of(const boost::json::object& request);

class Arms {
public:
    // `sensor` is told when somebody is in it, and when no longer.
    Arms(boost::asio::io_context& io, std::string name, const GuestScenario& guests, EventLog& log,
         std::function<void(Way, bool)> sensor)
        : name_(std::move(name)), guests_(guests), log_(log), sensor_(std::move(sensor)), later_(io) {}

    // `command` was read then: what latencies are measured from.
    void unlock(Way way, Stamp command);
    void hold(Way way, bool held);
    // A guest pushes; false when the arm is locked and nobody forces it.
    bool pass(Way way, bool forced);
    void power_off();
    // What guests do from now on; false when the request makes no sense.
    [[nodiscard]] bool set_guests(const boost::json::object& request);
    [[nodiscard]] boost::json::object state() const;

private:
    struct Arm {
        bool released = false;
        bool held = false;
        unsigned opening = 0;  // counts unlockings, so that an old time-out does not lock a new one
    };
    void walk(Way way, unsigned opening);
    [[nodiscard]] Arm& arm(Way way) { return arms_[static_cast<std::size_t>(way)]; }

    std::string name_;
    GuestScenario guests_;
    EventLog& log_;
    std::function<void(Way, bool)> sensor_;
    Later later_;
    std::array<Arm, 2> arms_{};
    std::uint64_t opened_ = 0;
    std::uint64_t passed_ = 0;
};

}  // namespace gatehouse::drivers::emulator
