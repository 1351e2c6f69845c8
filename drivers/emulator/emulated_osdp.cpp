#include "drivers/emulator/emulated_osdp.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::drivers::emulator {

namespace {

OsdpDeviceSettings device_settings(const OsdpScenario& scenario) {
    OsdpDeviceSettings settings;
    settings.address = scenario.address;
    settings.key = scenario.key;
    settings.demands_channel = scenario.demands_channel;
    return settings;
}

}  // namespace

OsdpWires::OsdpWires(boost::asio::io_context& io, const PlugSettings& settings)
    : plug_(make_plug(io, settings,
                      {[this](Caller caller, ByteView bytes, Stamp stamp) { read(caller, bytes, stamp); }, {}})) {
    plug_->connect();
}

void OsdpWires::read(Caller caller, ByteView bytes, Stamp stamp) {
    for (auto* device : devices_) device->hear(caller, bytes, stamp);
}

EmulatedOsdp::EmulatedOsdp(boost::asio::io_context& io, OsdpScenario scenario, std::shared_ptr<OsdpWires> wires,
                           EventLog& log)
    : io_(io),
      scenario_(std::move(scenario)),
      wires_(std::move(wires)),
      log_(log),
      device_(device_settings(scenario_),
              {[this](std::uint8_t output, std::uint8_t control, unsigned tenths) { drive(output, control, tenths); },
               [this](std::string_view what, std::string detail) {
                   log_.add(stamp_now(), scenario_.name, what, {{"detail", std::move(detail)}});
               }}),
      arms_(io, scenario_.name, scenario_.guests, log,
            [this](Way way, bool active) {
                if (active) log_.add(stamp_now(), scenario_.name, "sensor", {{"direction", to_string(way)}});
                device_.set_input(way == Way::entry ? 0 : 1, active);
            }),
      faults_(io) {
    wires_->join(*this);
}

boost::json::object EmulatedOsdp::perform(std::string_view what, const boost::json::object& request) {
    if (what == "card") return read_card(request);
    if (what == "input") return set_input(request);
    if (what == "power") return power(flag_of(request, "on", true));
    if (what == "pass") return {{"passed", arms_.pass(way_of(request), flag_of(request, "force", false))}};
    if (what == "keys") device_.press(text_of(request, "keys"));
    if (what == "tamper") device_.set_tamper(flag_of(request, "active", true));
    if (what == "walk" && !arms_.set_guests(request)) return refusal("policy is turn, stay, turn_twice or wrong_way");
    if (what == "fault" && !faults_.set(request)) return refusal(std::string("kind is ") + answer_fault_kinds);
    if (what == "unplug") wires_->plug().disconnect();
    if (what == "plug") wires_->plug().connect();
    for (const std::string_view known : {"keys", "tamper", "walk", "fault", "unplug", "plug", "state"})
        if (what == known) return state();
    return refusal("an osdp device knows card, keys, walk, pass, input, tamper, fault, unplug, plug, power, state");
}

void EmulatedOsdp::hear(Caller caller, ByteView bytes, Stamp stamp) {
    if (!powered_ || faults_.is_deaf_now()) return;
    command_ = stamp;
    auto answer = device_.hear(bytes);
    if (!answer) return;
    constexpr std::uint8_t istatr = 0x49;
    if (device_.last_reply() == istatr) log_.add(stamp_now(), scenario_.name, "istatr", {});
    faults_.send(std::move(*answer), [this, caller](const Bytes& frame) { wires_->plug().send(frame, caller); });
}

void EmulatedOsdp::drive(std::uint8_t output, std::uint8_t control, unsigned tenths) {
    const auto way = way_of_output(output);
    pulses_.erase(output);
    const bool on = control == 2 || control == 5;
    device_.set_output(output, on);
    if (!way) return;
    arms_.hold(*way, control == 2);
    if (control != 5) return;
    arms_.unlock(*way, command_);
    end_pulse(output, std::chrono::milliseconds(100) * tenths);
}

void EmulatedOsdp::end_pulse(std::uint8_t output, std::chrono::milliseconds after) {
    auto& timer = pulses_.try_emplace(output, io_).first->second;
    timer.expires_after(after);
    timer.async_wait([this, output](const boost::system::error_code& error) {
        if (!error) device_.set_output(output, false);
    });
}

std::optional<Way> EmulatedOsdp::way_of_output(std::uint8_t output) const {
    if (output == 0) return Way::entry;
    if (output == 1) return Way::exit;
    return std::nullopt;
}

boost::json::object EmulatedOsdp::read_card(const boost::json::object& request) {
    auto data = from_hex(text_of(request, "hex"));
    if (!data || data->empty() || data->size() > 64) return refusal("hex must be pairs of hexadecimal digits");
    const auto bits = number_of(request, "bits", static_cast<std::int64_t>(data->size() * 8));
    if (bits < 1 || (bits + 7) / 8 != static_cast<std::int64_t>(data->size()))
        return refusal("bits must fit the octets");
    device_.read_card(std::move(*data), static_cast<std::uint16_t>(bits));
    const auto stamp = stamp_now();
    log_.add(stamp, scenario_.name, "scan", {{"text", text_of(request, "hex")}});
    return {{"scan_ns", stamp}};
}

boost::json::object EmulatedOsdp::set_input(const boost::json::object& request) {
    const auto which = text_of(request, "input");
    const bool active = flag_of(request, "active", true);
    constexpr std::array<std::string_view, 4> inputs{"passed_entry", "passed_exit", "alarm", "fire"};
    const auto* const found = std::ranges::find(inputs, which);
    if (found == inputs.end()) return refusal("input is alarm, fire, passed_entry or passed_exit");
    device_.set_input(static_cast<std::size_t>(found - inputs.begin()), active);
    return state();
}

boost::json::object EmulatedOsdp::power(bool on) {
    if (powered_ && !on) {
        arms_.power_off();
        faults_.forget();
        pulses_.clear();
    }
    if (!powered_ && on) device_.restart();
    powered_ = on;
    return state();
}

boost::json::object EmulatedOsdp::state() const {
    auto state = arms_.state();
    state["plugged"] = wires_->plug().is_connected();
    state["address"] = wires_->plug().address();
    state["powered"] = powered_;
    state["coil_entry"] = device_.output(0);
    state["coil_exit"] = device_.output(1);
    state["secure"] = device_.has_channel();
    state["commands"] = device_.commands();
    state["faults_left"] = faults_.left();
    return state;
}

}  // namespace gatehouse::drivers::emulator
