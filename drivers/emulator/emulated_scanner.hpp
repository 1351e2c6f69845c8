// A line scanner: types codes.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>

#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/plug.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedScanner final : public EmulatedDevice {
public:
    EmulatedScanner(boost::asio::io_context& io, ScannerScenario scenario, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

    // Sends prefix, text and suffix in one write; the stamp was taken before it.
    Stamp scan(std::string_view text);

    // As a scanner on a serial line: the last octet follows the one before it a character time later. `sent` gets the
    // stamp that was taken before the last octet was written. `text` is not empty. One after the other, in the order
    // they were asked for.
    using Sent = std::function<void(Stamp)>;
    void scan_at_own_pace(std::string text, Sent sent);

private:
    struct Paced {
        std::string text;
        Sent sent;
    };
    void begin_paced();
    void end_paced(std::uint8_t last);
    [[nodiscard]] boost::json::object send_hex(const std::string& hex);

    ScannerScenario scenario_;
    EventLog& log_;
    std::unique_ptr<Plug> plug_;
    boost::asio::steady_timer character_;
    std::deque<Paced> paced_;  // the first is on its way
};

}  // namespace gatehouse::drivers::emulator
