#include "drivers/emulator/device_set.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <fstream>

#include "drivers/emulator/load_run.hpp"

namespace gatehouse::drivers::emulator {

namespace {

// A scan that waits for its open command.
struct Await {
    explicit Await(boost::asio::io_context& io) : limit(io) {}
    boost::asio::steady_timer limit;
    std::shared_ptr<void> listening;
    bool answered = false;
};

Result<LoadSettings> read_load(const boost::json::object& request) {
    LoadSettings load;
    load.turnstile = text_of(request, "turnstile");
    load.file = text_of(request, "file", text_of(request, "codes_file") + ".latencies.json");
    load.seed = static_cast<std::uint64_t>(number_of(request, "seed", 1));
    load.next_after = text_of(request, "next_after", load.next_after);
    load.pause = std::chrono::milliseconds(number_of(request, "pause_ms", load.pause.count()));
    load.patience = std::chrono::milliseconds(number_of(request, "patience_ms", load.patience.count()));
    const auto* rate = request.if_contains("rate_per_s");
    if (rate != nullptr && rate->is_number()) load.rate_per_s = rate->to_number<double>();
    std::ifstream codes(text_of(request, "codes_file"));
    if (!codes) return fail(ErrorCode::not_found, "codes_file cannot be read");
    auto skip = number_of(request, "offset", 0);
    auto left = number_of(request, "count", -1);
    for (std::string line; left != 0 && std::getline(codes, line);) {
        if (line.empty() || skip-- > 0) continue;
        load.codes.push_back(std::move(line));
        if (left > 0) --left;
    }
    if (load.codes.empty()) return fail(ErrorCode::not_found, "codes_file has no codes there");
    return load;
}

}  // namespace

DeviceSet::DeviceSet(boost::asio::io_context& io, const Scenario& scenario) : io_(io) {
    for (const auto& each : scenario.scanners) {
        auto scanner = std::make_unique<EmulatedScanner>(io, each, log_);
        scanners_.emplace(each.name, scanner.get());
        devices_.emplace(each.name, std::move(scanner));
    }
    for (const auto& each : scenario.turnstiles)
        devices_.emplace(each.name, std::make_unique<EmulatedTurnstile>(io, each, log_));
    std::vector<std::pair<PlugSettings, std::shared_ptr<OsdpWires>>> wires;
    for (const auto& each : scenario.osdp) {
        auto at = std::ranges::find(wires, each.plug, &std::pair<PlugSettings, std::shared_ptr<OsdpWires>>::first);
        if (at == wires.end()) at = wires.emplace(at, each.plug, std::make_shared<OsdpWires>(io, each.plug));
        devices_.emplace(each.name, std::make_unique<EmulatedOsdp>(io, each, at->second, log_));
    }
    for (const auto& each : scenario.controllers)
        devices_.emplace(each.name, std::make_unique<EmulatedController>(io, each, log_));
    for (const auto& each : scenario.printers) {
        if (each.kind == PrinterKind::escpos)
            devices_.emplace(each.name, std::make_unique<EmulatedPrinter>(io, each, scenario.papers, log_));
        else
            devices_.emplace(each.name, std::make_unique<EmulatedLabelPrinter>(io, each, scenario.papers, log_));
    }
}

void DeviceSet::perform(const boost::json::object& request, const Answer& answer) {
    const auto what = text_of(request, "do");
    if (what == "devices") return answer(list());
    if (what == "events") return answer(events(request));
    const auto name = text_of(request, "device");
    const auto device = devices_.find(name);
    if (device == devices_.end()) return answer(refusal("there is no device \"" + name + "\""));
    const auto scanner = scanners_.find(name);
    if (scanner != scanners_.end() && what == "scan" && request.contains("await_open"))
        return scan_and_await(*scanner->second, request, answer);
    if (scanner != scanners_.end() && what == "burst") return burst(*scanner->second, request, answer);
    answer(device->second->perform(what, request));
}

boost::json::object DeviceSet::list() const {
    boost::json::object all;
    for (const auto& [name, device] : devices_) all[name] = device->perform("state", {});
    return {{"devices", std::move(all)}};
}

boost::json::object DeviceSet::events(const boost::json::object& request) const {
    const auto since = number_of(request, "since", 0);
    const auto device = text_of(request, "device");
    boost::json::array found;
    std::uint64_t last = 0;
    for (const auto& event : log_.events()) {
        last = event.n;
        if (static_cast<std::int64_t>(event.n) <= since || (!device.empty() && event.device != device)) continue;
        found.push_back(to_json(event));
    }
    return {{"events", std::move(found)}, {"last", last}};
}

void DeviceSet::scan_and_await(EmulatedScanner& scanner, const boost::json::object& request, const Answer& answer) {
    const auto turnstile = text_of(request, "await_open");
    const auto await = std::make_shared<Await>(io_);
    const auto scanned = std::make_shared<Stamp>(0);
    await->listening = log_.listen([this, await, scanned, turnstile, answer](const DeviceEvent& event) {
        if (await->answered || event.device != turnstile || event.what != "open") return;
        await->answered = true;
        await->limit.cancel();
        answer({{"scan_ns", *scanned}, {"open_ns", event.ns}});
        boost::asio::post(io_, [await] { await->listening.reset(); });
    });
    await->limit.expires_after(std::chrono::milliseconds(number_of(request, "timeout_ms", 2'000)));
    await->limit.async_wait([await, answer](const boost::system::error_code& error) {
        if (error || await->answered) return;
        await->answered = true;
        await->listening.reset();
        answer(refusal("no open command came"));
    });
    *scanned = scanner.scan(text_of(request, "text"));
}

void DeviceSet::burst(EmulatedScanner& scanner, const boost::json::object& request, const Answer& answer) {
    auto load = read_load(request);
    if (!load) return answer(refusal(load.error().detail));
    if (!devices_.contains(load->turnstile)) return answer(refusal("there is no such turnstile"));
    std::make_shared<LoadRun>(io_, scanner, log_, std::move(*load), answer)->start();
}

}  // namespace gatehouse::drivers::emulator
