// gatehouse-devices SCENARIO.toml
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

#include "drivers/emulator/control.hpp"
#include "drivers/emulator/device_set.hpp"
#include "drivers/emulator/scenario.hpp"
#include "schemas/command/command_line.hpp"
#include "schemas/config/start.hpp"

namespace {

constexpr int no_input = 66;      // sysexits: EX_NOINPUT
constexpr int os_error = 71;      // EX_OSERR
constexpr int config_error = 78;  // EX_CONFIG

int play(const gatehouse::drivers::emulator::Scenario& scenario) {
    boost::asio::io_context io{1};
    gatehouse::drivers::emulator::DeviceSet devices(io, scenario);
    const gatehouse::drivers::emulator::Control control(io, scenario.control, devices);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
    std::cerr << "gatehouse-devices: ready, control at " << scenario.control.string() << '\n';
    io.run();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    CLI::App app;
    app.name("gatehouse-devices");
    std::string file;
    app.add_option("SCENARIO", file)->required();
    app.set_version_flag("--version", "gatehouse-devices " GATEHOUSE_VERSION);
    const auto language = gatehouse::language_of_environment();
    if (const auto ended = gatehouse::parse_command_line(app, count, words, language)) return *ended;
    const auto scenario = gatehouse::drivers::emulator::read_scenario(file);
    if (!scenario) {
        std::cerr << told(scenario.error(), language) << '\n';
        return scenario.error().what.text == gatehouse::FaultText::file_unreadable ? no_input : config_error;
    }
    try {
        return play(*scenario);
    } catch (const std::exception& error) {
        const auto why = gatehouse::fail(gatehouse::ErrorCode::io, error.what());
        std::cerr << told_at_start("gatehouse-devices", why, gatehouse::FaultText::start_failed, language) << '\n';
        return os_error;
    }
}
