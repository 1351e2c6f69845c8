// A session and its board joined by a wire with a delay: virtual time goes from one thing that happens to the next.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/turnstile/modbus_turnstile_session.hpp"
#include "tests/drivers/turnstile/model_board.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

enum class WireFault { none, request_lost, answer_lost, answer_garbled, answer_late };

class TurnstileBench {
public:
    explicit TurnstileBench(const ModbusTurnstileOptions& options)
        : board(options.line.framing), session(options), now(at_ms(0)) {}

    void tell(const TurnstileEvent& event) { carry_out(session.step(event, now)); }

    // Lets virtual time pass, ticking and answering as it falls due.
    void run_for(Duration length) {
        const auto end = now + length;
        while (true) {
            const auto tick = up ? session.deadline() : std::nullopt;
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

    // Of this coil, while so much time passes.
    Duration longest_off(std::size_t coil, Duration length) {
        constexpr Duration look = std::chrono::milliseconds(5);
        Duration longest{};
        Duration off{};
        for (Duration gone{}; gone < length; gone += look) {
            run_for(look);
            off = board.coil(coil, now) ? Duration{} : off + look;
            longest = std::max(longest, off);
        }
        return longest;
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
        run_for(std::chrono::milliseconds(200));
        reports.clear();
    }

    // The reports so far, which are then forgotten.
    TurnstileEffects heard() { return std::exchange(reports, {}); }

    ModelBoard board;
    ModbusTurnstileSession session;
    Instant now;
    bool up = false;
    Duration turnaround = std::chrono::milliseconds(2);
    Duration late = std::chrono::milliseconds(250);  // after RTU's answer time, within the quiet that follows it
    std::function<WireFault(const Bytes&)> fault = [](const Bytes&) { return WireFault::none; };
    std::multimap<Instant, Bytes> wire;
    std::vector<Bytes> written;
    TurnstileEffects reports;

private:
    void carry_out(const TurnstileEffects& effects) {
        for (const auto& effect : effects) {
            if (const auto* write = std::get_if<WriteBytes>(&effect))
                transmit(write->bytes);
            else if (std::holds_alternative<HangUp>(effect))
                unplug();
            else
                reports.push_back(effect);
        }
    }

    void transmit(const Bytes& frame) {
        written.push_back(frame);
        const auto what = fault(frame);
        if (what == WireFault::request_lost) return;
        auto answer = board.answer(frame, now);
        if (what == WireFault::answer_lost) return;
        if (what == WireFault::answer_garbled) answer.back() ^= 0x55;
        wire.emplace(now + (what == WireFault::answer_late ? late : turnaround), answer);
    }
};

}  // namespace gatehouse::drivers::test
