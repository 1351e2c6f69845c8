// All emulated devices of a scenario, and what can be asked of them by name.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "drivers/emulator/emulated_controller.hpp"
#include "drivers/emulator/emulated_label_printer.hpp"
#include "drivers/emulator/emulated_osdp.hpp"
#include "drivers/emulator/emulated_printer.hpp"
#include "drivers/emulator/emulated_scanner.hpp"
#include "drivers/emulator/emulated_turnstile.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/scenario.hpp"

namespace gatehouse::drivers::emulator {

class DeviceSet {
public:
    using Answer = std::function<void(boost::json::object)>;

    // Plugs everything in. Throws std::exception when the operating system or the font refuses.
    DeviceSet(boost::asio::io_context& io, const Scenario& scenario);

    // Answers once, at once or later. Commands: README.md here.
    void perform(const boost::json::object& request, const Answer& answer);

private:
    [[nodiscard]] boost::json::object list() const;
    [[nodiscard]] boost::json::object events(const boost::json::object& request) const;
    void scan_and_await(EmulatedScanner& scanner, const boost::json::object& request, const Answer& answer);
    void burst(EmulatedScanner& scanner, const boost::json::object& request, const Answer& answer);

    boost::asio::io_context& io_;
    EventLog log_;
    std::map<std::string, std::unique_ptr<EmulatedDevice>, std::less<>> devices_;
    std::map<std::string, EmulatedScanner*, std::less<>> scanners_;
};

}  // namespace gatehouse::drivers::emulator
