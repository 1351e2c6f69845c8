// Emulated devices and the real pumps in one io_context, joined by real ptys and sockets.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <fstream>
#include <memory>

#include "drivers/catalog/catalog.hpp"
#include "drivers/emulator/device_set.hpp"
#include "drivers/emulator/scenario.hpp"
#include "drivers/port/device_pump.hpp"
#include "tests/drivers/port/loopback.hpp"

namespace gatehouse::drivers::test {

class VenueBench {
public:
    explicit VenueBench(const std::string& scenario) {
        std::ofstream(scratch / "scenario.toml") << scenario;
        devices = std::make_unique<emulator::DeviceSet>(io, *emulator::read_scenario(scratch / "scenario.toml"));
    }

    // What the control socket would answer; runs the loop until it does.
    boost::json::object ask(boost::json::object request) {
        std::optional<boost::json::object> answer;
        devices->perform(request, [&answer](boost::json::object said) { answer = std::move(said); });
        (void)run_until(io, [&answer] { return answer.has_value(); });
        return answer.value_or(boost::json::object{});
    }
    std::string address(const char* name) {
        return ask({{"device", name}, {"do", "state"}}).at("address").as_string().c_str();
    }
    template <class Condition>
    bool until(Condition condition) {
        return run_until(io, condition);
    }

    DeviceSettings at(const char* driver, const char* device, std::vector<Setting> settings = {}) {
        const auto where = address(device);
        settings.push_back({where.starts_with('/') ? "port" : "tcp", where});
        return {DeviceName{device}, driver, std::move(settings)};
    }

    Scratch scratch;
    boost::asio::io_context io;
    std::unique_ptr<emulator::DeviceSet> devices;
};

// What a pump told.
template <class Effect>
struct HeardReports {
    std::vector<Effect> reports;
    template <class Report>
    [[nodiscard]] long count() const {
        return std::ranges::count_if(reports, [](const Effect& each) { return std::holds_alternative<Report>(each); });
    }
};

struct Printer : HeardReports<PrinterEffect> {
    Printer(VenueBench& bench, const DeviceSettings& settings)
        : pump(bench.io, make_printer(settings).value(),
               {[this](const PrinterEffect& effect) { reports.push_back(effect); }, {}}) {}
    PrinterPump pump;
};

}  // namespace gatehouse::drivers::test
