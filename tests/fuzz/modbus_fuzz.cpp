// Any answers to a turnstile's driver, on both framings: no pulse without a request, none repeated, time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/turnstile/modbus_turnstile_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

bool is_pulse(const Bytes& frame, ModbusFraming framing) {
    const std::size_t at = framing == ModbusFraming::rtu ? 1 : 7;
    return frame[at] == 5 && frame[at + 1] == 2;
}

void play(const std::uint8_t* data, std::size_t size, ModbusFraming framing) {
    ModbusTurnstileOptions options;
    options.line.framing = framing;
    ModbusTurnstileSession session(options);
    Instant now{std::chrono::seconds(1)};
    std::uint64_t asked = 0;
    std::uint64_t pulses = 0;
    const auto tell = [&](const TurnstileEvent& event) {
        for (const auto& effect : session.step(event, now))
            if (const auto* write = std::get_if<WriteBytes>(&effect))
                if (is_pulse(write->bytes, framing) && ++pulses > 2 * asked) std::abort();
    };
    tell(LinkUp{});
    for (std::size_t i = 0; i < size;) {
        const std::size_t length = std::min<std::size_t>(1 + data[i] % 32, size - i);
        tell(BytesRead{{data + i, data + i + length}});
        if (data[i] % 8 == 1) tell(OpenRequested{OpenId{++asked}, Direction::entry});
        if (data[i] % 64 == 2) tell(LinkUp{});
        now += std::chrono::milliseconds(data[i]);
        tell(Ticked{});
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        i += length;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    play(data, size, ModbusFraming::rtu);
    play(data, size, ModbusFraming::tcp);
    return 0;
}
