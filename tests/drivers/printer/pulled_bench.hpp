// A session and the emulator's own parser in virtual time, on wires that are pulled in the middle of a paper, between
// programs that a busy machine keeps waiting: both ends hear late, and what is under way in a pulled wire is lost.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "drivers/emulator/escpos_interpreter.hpp"
#include "drivers/printer/escpos_session.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

class PulledBench {
public:
    explicit PulledBench(EscposOptions options) : session(options), now(at_ms(0)) {}

    // How long an octet is under way, to the printer and back; changes what is sent from now on.
    Duration to_printer = std::chrono::milliseconds(1);
    Duration to_host = std::chrono::milliseconds(1);
    Duration line = std::chrono::milliseconds(20);  // of print
    bool loses_next_marker = false;                 // its answer, on the way

    void tell(const PrinterEvent& event) {
        const auto effects = session.step(event, now);
        for (const auto& effect : effects) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) {
                if (up) send(to_arrive, now + to_printer, write->bytes);
            } else if (std::holds_alternative<HangUp>(effect)) {
                ++hang_ups;
                lose_link();
                opens_at = now + std::chrono::milliseconds(50);
            } else {
                reports.push_back(effect);
            }
        }
    }

    void plug() {
        plugged = true;
        if (!up) opens_at = now + std::chrono::milliseconds(50);
    }
    void unplug() {
        plugged = false;
        opens_at.reset();
        if (up) lose_link();
    }

    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            std::optional<Instant> next;
            const auto sooner = [&next](std::optional<Instant> at) {
                if (at && (!next || *at < *next)) next = at;
            };
            sooner(session.deadline());
            sooner(opens_at);
            if (!to_arrive.empty()) sooner(to_arrive.front().at);
            if (!to_hear.empty()) sooner(to_hear.front().at);
            if (prints_until) sooner(prints_until);
            if (!next || *next >= end) break;
            now = std::max(now, *next);
            advance();
        }
        now = end;
    }

    EscposSession session;
    Instant now;
    bool plugged = false;
    bool up = false;
    PrinterEffects reports;
    unsigned hang_ups = 0;

private:
    struct Under {
        Instant at;
        Bytes bytes;
    };
    using Wire = std::deque<Under>;

    static void send(Wire& wire, Instant at, Bytes bytes) {
        if (!wire.empty()) at = std::max(at, wire.back().at);
        wire.push_back({at, std::move(bytes)});
    }

    void lose_link() {
        up = false;
        to_arrive.clear();
        to_hear.clear();
        tell(LinkDown{});
    }

    void advance() {
        if (opens_at && *opens_at <= now) {
            opens_at.reset();
            up = true;
            return tell(LinkUp{});
        }
        if (!to_arrive.empty() && to_arrive.front().at <= now) {
            const auto bytes = std::move(to_arrive.front().bytes);
            to_arrive.pop_front();
            return arrive(bytes);
        }
        if (prints_until && *prints_until <= now) {
            prints_until.reset();
            return work();
        }
        if (!to_hear.empty() && to_hear.front().at <= now) {
            auto bytes = std::move(to_hear.front().bytes);
            to_hear.pop_front();
            return tell(BytesRead{std::move(bytes)});
        }
        tell(Ticked{});
    }

    void arrive(const Bytes& bytes) {
        if (bytes.size() == 3 && bytes[0] == 0x10) return say(0x12);
        parser.append(bytes);
        work();
    }

    void work() {
        while (!prints_until) {
            const auto act = parser.next();
            if (!act) return;
            const bool asked = std::holds_alternative<emulator::StatusWanted>(*act);
            if (asked && !std::exchange(loses_next_marker, false)) say(0x00);
            if (std::holds_alternative<emulator::PaperItem>(*act)) prints_until = now + line;
        }
    }

    void say(std::uint8_t byte) {
        if (up) send(to_hear, now + to_host, {byte});
    }

    std::optional<Instant> opens_at;
    std::optional<Instant> prints_until;
    Wire to_arrive;
    Wire to_hear;
    emulator::EscposInterpreter parser;
};

}  // namespace gatehouse::drivers::test
