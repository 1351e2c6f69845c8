// A session and a model of a printer in virtual time: an ideal one that prints a paper when its marker is due.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "drivers/printer/escpos_session.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

class PrinterBench {
public:
    explicit PrinterBench(EscposOptions options = {}) : session(options), now(at_ms(0)) {}

    void tell(const PrinterEvent& event) {
        for (const auto& effect : session.step(event, now)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect))
                receive(write->bytes);
            else if (std::holds_alternative<HangUp>(effect)) {
                ++hang_ups;
                unplug();
            } else
                reports.push_back(effect);
        }
    }

    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            work();
            if (const auto left = std::exchange(progressed, std::nullopt)) tell(WriteProgressed{*left});
            const auto tick = session.deadline();
            const auto answer = wire.empty() ? std::nullopt : std::optional(wire.begin()->first);
            const auto next = std::min(tick.value_or(end), answer.value_or(end));
            if (next >= end) break;
            now = std::max(now, next);
            if (answer && *answer <= now) {
                const auto byte = wire.begin()->second;
                wire.erase(wire.begin());
                if (up) tell(BytesRead{{byte}});
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
        held.clear();
        progressed.reset();
        tell(LinkDown{});
    }
    void go_online() {
        plug();
        run_for(std::chrono::seconds(2));
        reports.clear();
    }
    // As by a power cut: what had arrived is lost.
    void power_cut() {
        buffer.clear();
        unplug();
    }

    void refill() { paper_out = false; }
    // It has room again for what waits in the port.
    void unblock() {
        blocked = false;
        if (held.empty()) return;
        for (const auto& bytes : std::exchange(held, {})) receive(bytes);
        progressed = 0;
    }
    PrinterEffects heard() { return std::exchange(reports, {}); }

    EscposSession session;
    Instant now;
    bool up = false;
    bool paper_out = false;
    bool silent = false;
    bool loses_next_status = false;           // its answer, on the way
    bool blocked = false;                     // takes no octets
    std::optional<unsigned> paper_out_after;  // papers
    std::deque<Bytes> held;                   // writes that wait in the port
    std::optional<std::size_t> progressed;    // not told yet
    std::deque<Bytes> buffer;                 // commands not worked off yet
    std::vector<Bytes> printed;
    std::multimap<Instant, std::uint8_t> wire;
    PrinterEffects reports;
    unsigned hang_ups = 0;

private:
    void say(std::uint8_t byte) {
        if (!silent) wire.emplace(now + std::chrono::milliseconds(1), byte);
    }

    // One write is one status request, or a paper with its marker, or LinkUp's beginning with its marker.
    void receive(const Bytes& bytes) {
        if (blocked) {
            held.push_back(bytes);
            progressed = held.size();
            return;
        }
        if (silent) return;
        if (bytes.size() == 3 && bytes[0] == 0x10) {
            const auto n = bytes[2];
            std::uint8_t status = 0x12;
            if (paper_out && n == 1) status |= 0x08;
            if (paper_out && n == 2) status |= 0x20;
            if (paper_out && n == 4) status |= 0x60;
            if (std::exchange(loses_next_status, false)) return;
            say(status);
            return;
        }
        buffer.push_back(bytes);
        work();
    }

    void work() {
        while (!paper_out && !buffer.empty()) {
            auto bytes = buffer.front();
            buffer.pop_front();
            bytes.resize(bytes.size() - 3);
            const bool is_paper = !bytes.empty() && bytes[0] == 'P';
            if (is_paper && paper_out_after && printed.size() == *paper_out_after) {
                paper_out = true;
                paper_out_after.reset();
                bytes.insert(bytes.end(), {0x1d, 0x72, 0x01});
                buffer.push_front(bytes);
                return;
            }
            if (is_paper) printed.push_back(bytes);
            say(0x00);
        }
    }
};

}  // namespace gatehouse::drivers::test
