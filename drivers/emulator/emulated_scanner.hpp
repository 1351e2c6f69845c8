// A line scanner: types codes.
#pragma once

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

private:
    [[nodiscard]] boost::json::object send_hex(const std::string& hex);

    ScannerScenario scenario_;
    EventLog& log_;
    std::unique_ptr<Plug> plug_;
};

}  // namespace gatehouse::drivers::emulator
