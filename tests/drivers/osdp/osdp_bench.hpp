// A panel and its devices on one pair of wires, in virtual time: from one thing that happens to the next.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/emulator/osdp_device.hpp"
#include "drivers/osdp/osdp_bus_session.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

inline const AesBlock site_key{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

enum class OsdpFault { none, request_lost, answer_lost, answer_garbled, half_answer, late_answer, answer_twice };

// A device with its outputs' timers.
struct OsdpPlace {
    OsdpPlace(emulator::OsdpDeviceSettings settings, const Instant& clock)
        : now(clock),
          device(
              settings,
              {[this](std::uint8_t output, std::uint8_t control, unsigned tenths) { drive(output, control, tenths); },
               [this](std::string_view what, std::string detail) { shown.emplace_back(what, std::move(detail)); }}) {}

    [[nodiscard]] bool output(std::uint8_t number) {
        if (until.contains(number) && now >= until.at(number)) drive(number, 1, 0);
        return device.output(number);
    }

    const Instant& now;
    unsigned pulses = 0;
    std::map<std::uint8_t, Instant> until;
    std::vector<std::pair<std::string, std::string>> shown;
    emulator::OsdpDevice device;
    bool present = true;

private:
    void drive(std::uint8_t output, std::uint8_t control, unsigned tenths) {
        until.erase(output);
        device.set_output(output, control == 2 || control == 5);
        if (control != 5) return;
        ++pulses;
        until[output] = now + std::chrono::milliseconds(100) * tenths;
    }
};

class OsdpBench {
public:
    OsdpBench() : now(at_ms(0)) {}

    OsdpPlace& place(std::uint8_t address, std::optional<AesBlock> key = {}, bool demands_channel = false) {
        emulator::OsdpDeviceSettings settings;
        settings.address = address;
        settings.key = key;
        settings.demands_channel = demands_channel;
        return places.emplace_back(settings, now);
    }
    static OsdpUnitOptions unit(std::uint8_t address, std::vector<AesBlock> keys = {}) {
        OsdpUnitOptions options;
        options.address = address;
        options.secure = !keys.empty();
        options.keys = std::move(keys);
        return options;
    }

    void tell(const OsdpBusEvent& event) { carry_out(bus.step(event, now)); }
    void ask(std::uint8_t address, const OsdpRequest& request) { tell(OsdpAsked{address, request}); }

    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            const auto tick = bus.deadline();
            const auto answer = wire.empty() ? std::nullopt : std::optional(wire.begin()->first);
            const auto next = std::min(tick.value_or(end), answer.value_or(end));
            if (next >= end) break;
            now = std::max(now, next);
            if (answer && *answer <= now) {
                const auto bytes = wire.begin()->second;
                wire.erase(wire.begin());
                tell(BytesRead{bytes});
            } else {
                tell(Ticked{});
            }
        }
        now = end;
    }
    void plug() {
        up = true;
        tell(LinkUp{});
    }
    void unplug() {
        up = false;
        wire.clear();
        tell(LinkDown{});
    }
    void go_online() {
        plug();
        run_for(std::chrono::seconds(1));
        gates.clear();
        readers.clear();
    }

    // Reports so far, which are then forgotten.
    std::vector<OsdpGateTold> gates_told() { return std::exchange(gates, {}); }
    std::vector<OsdpReaderTold> readers_told() { return std::exchange(readers, {}); }
    template <class Report>
    [[nodiscard]] std::size_t count(std::uint8_t address) const {
        return static_cast<std::size_t>(std::ranges::count_if(gates, [&](const OsdpGateTold& told) {
            return told.address == address && std::holds_alternative<Report>(told.report);
        }));
    }
    [[nodiscard]] std::vector<std::string> scans(std::uint8_t address) const {
        std::vector<std::string> texts;
        for (const auto& told : readers)
            if (const auto* scan = std::get_if<ReportScan>(&told.report); scan != nullptr && told.address == address)
                texts.push_back(scan->text);
        return texts;
    }

    Instant now;
    bool up = false;
    OsdpBusSession bus{OsdpBusOptions{}};
    std::deque<OsdpPlace> places;
    Duration turnaround = std::chrono::milliseconds(3);
    std::function<OsdpFault(const Bytes&)> fault = [](const Bytes&) { return OsdpFault::none; };
    std::multimap<Instant, Bytes> wire;
    std::vector<std::pair<Instant, Bytes>> written;
    std::vector<OsdpGateTold> gates;
    std::vector<OsdpReaderTold> readers;

private:
    void carry_out(const OsdpBusEffects& effects) {
        for (const auto& effect : effects) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) transmit(write->bytes);
            if (const auto* told = std::get_if<OsdpGateTold>(&effect)) gates.push_back(*told);
            if (const auto* told = std::get_if<OsdpReaderTold>(&effect)) readers.push_back(*told);
        }
    }

    void transmit(const Bytes& frame) {
        written.emplace_back(now, frame);
        if (!up) return;
        const auto what = fault(frame);
        if (what == OsdpFault::request_lost) return;
        for (auto& each : places) {
            if (!each.present) continue;
            (void)each.output(0);
            (void)each.output(1);
            auto answer = each.device.hear(frame);
            if (answer) reply(std::move(*answer), what);
        }
    }

    void reply(Bytes answer, OsdpFault what) {
        if (what == OsdpFault::answer_lost) return;
        if (what == OsdpFault::answer_garbled) answer.back() ^= 0x55;
        if (what == OsdpFault::half_answer) answer.resize(answer.size() / 2);
        const auto late =
            what == OsdpFault::late_answer ? std::chrono::milliseconds(230) : std::chrono::milliseconds(0);
        wire.emplace(now + turnaround + late, answer);
        if (what == OsdpFault::answer_twice) wire.emplace(now + turnaround + std::chrono::milliseconds(1), answer);
    }
};

}  // namespace gatehouse::drivers::test
