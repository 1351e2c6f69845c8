// A session of `zpl` or `fgl` and a model of its printer in virtual time.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "tests/drivers/printer/job_balance.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

// `Model` is a printer: receive(bytes), work() and what it says into `says`.
template <class Session, class Model>
class LabelBench {
public:
    LabelBench() : now(at_ms(0)) {}

    void tell(const PrinterEvent& event) {
        for (const auto& effect : session.step(event, now)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) {
                if (powered) printer.receive(write->bytes);
                collect();
            } else if (std::holds_alternative<HangUp>(effect)) {
                ++hang_ups;
                unplug();
            } else {
                reports.push_back(effect);
            }
        }
    }

    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            if (powered) printer.work();
            collect();
            const auto tick = session.deadline();
            const auto answer = wire.empty() ? std::nullopt : std::optional(wire.begin()->first);
            const auto label = powered && printer.is_busy() ? now + std::chrono::milliseconds(100) : end;
            const auto next = std::min({tick.value_or(end), answer.value_or(end), label});
            if (next >= end) break;
            now = std::max(now, next);
            if (answer && *answer <= now)
                deliver();
            else
                tell(Ticked{});
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
        run_for(std::chrono::seconds(4));
        reports.clear();
    }
    // The printer is switched off and on; a serial line does not notice. A printer takes seconds to start.
    void power_cycle(bool link_lost) {
        printer.switch_off();
        if (link_lost) unplug();
        powered = false;
        run_for(std::chrono::seconds(6));
        powered = true;
        printer.switch_on();
        collect();
        if (link_lost) plug();
    }
    PrinterEffects heard() { return std::exchange(reports, {}); }

    Session session;
    Model printer;
    Instant now;
    bool up = false;
    bool powered = true;
    std::multimap<Instant, std::uint8_t> wire;
    PrinterEffects reports;
    unsigned hang_ups = 0;

private:
    void deliver() {
        BytesRead read;
        const auto due = wire.upper_bound(now);
        for (auto at = wire.begin(); at != due; ++at) read.bytes.push_back(at->second);
        wire.erase(wire.begin(), due);
        if (up) tell(read);
    }
    void collect() {
        for (const auto byte : std::exchange(printer.says, {}))
            if (up && powered) wire.emplace(now + std::chrono::milliseconds(1), byte);
    }
};

// What all models have: paper, and what came out. A label takes two rounds of work, so that a status request can fall
// between its arrival and its end.
struct LabelModel {
    bool paper_out = false;
    bool silent = false;
    std::optional<std::size_t> paper_out_after;  // labels
    std::deque<Bytes> waiting;
    std::vector<Bytes> printed;
    Bytes says;
    bool begun = false;

    // True: a label came out.
    bool advance() {
        if (paper_out || waiting.empty()) return false;
        if (paper_out_after && printed.size() >= *paper_out_after) {
            paper_out = true;
            paper_out_after.reset();
            return false;
        }
        if (!std::exchange(begun, true)) return false;
        begun = false;
        printed.push_back(waiting.front());
        waiting.pop_front();
        return true;
    }
    [[nodiscard]] bool is_busy() const { return !paper_out && !waiting.empty(); }
    void forget() {
        waiting.clear();
        begun = false;
    }
};

}  // namespace gatehouse::drivers::test
