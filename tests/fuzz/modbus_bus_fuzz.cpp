// Any octets on an RTU bus of three boards: each opening of each turnstile is answered once and by its own gate,
// nothing is told of a board that was not the last one asked, no pulse goes out without a request, and time goes on.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "drivers/turnstile/modbus_bus_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

constexpr std::array<ModbusPulse, 3> pulses{ModbusPulse::waveshare, ModbusPulse::lctech, ModbusPulse::timed};

class Bus {
public:
    Bus() {
        for (std::size_t i = 0; i < pulses.size(); ++i) {
            ModbusGateOptions gate;
            gate.unit = unit_of(i);
            gate.pulse = pulses[i];
            gate.alarm = 2;
            gate.fire = 3;
            (void)session_.add(gate);
        }
    }

    void play(const std::uint8_t* data, std::size_t size) {
        tell(LinkUp{});
        for (std::size_t i = 0; i < size;) {
            const std::size_t length = std::min<std::size_t>(1 + data[i] % 32, size - i);
            const std::size_t gate = data[i] / 8U % pulses.size();
            tell(BytesRead{{data + i, data + i + length}});
            switch (data[i] % 16) {
                case 1: ask(gate, OpenRequested{OpenId{++asked_}, Direction::entry}); break;
                case 2: ask(gate, OpenRequested{OpenId{++asked_}, Direction::exit}); break;
                case 3: ask(gate, HoldOpenRequested{Hold::emergency, std::nullopt}); break;
                case 4: ask(gate, ReleaseRequested{Hold::emergency}); break;
                case 5: ask(gate, HoldOpenRequested{Hold::free, Direction::entry}); break;
                case 6: ask(gate, ReleaseRequested{Hold::free}); break;
                case 7: tell(LinkUp{}); break;
                case 8: answer(gate, data[i]); break;
                default: break;
            }
            now_ += std::chrono::milliseconds(data[i]);
            tell(Ticked{});
            if (const auto due = session_.deadline(); due && *due <= now_) std::abort();
            i += length;
        }
        tell(LinkDown{});
        if (open_.size() != answered_) std::abort();
    }

private:
    static std::uint8_t unit_of(std::size_t gate) { return static_cast<std::uint8_t>(gate * 7 + 1); }

    // What that board would answer to a look at its inputs: so that the boards are found, too.
    void answer(std::size_t gate, std::uint8_t inputs) {
        tell(BytesRead{rtu_frame(unit_of(gate), Bytes{2, 1, static_cast<std::uint8_t>(inputs >> 4U)})});
    }

    void ask(std::size_t gate, const GateRequest& request) {
        if (const auto* open = std::get_if<OpenRequested>(&request)) {
            open_[open->id.value] = gate;
            ++asked_of_[gate];
        }
        tell(GateAsked{BusPosition{static_cast<std::uint32_t>(gate)}, request});
    }

    void tell(const ModbusBusEvent& event) {
        for (const auto& effect : session_.step(event, now_)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) wrote(write->bytes);
            if (const auto* reported = std::get_if<GateReported>(&effect)) hear(*reported);
        }
    }

    // A flash that the board ends; what the daemon times looks like a hold.
    void wrote(const Bytes& frame) {
        last_unit_ = frame[0];
        const bool flash = frame[1] == 16 || (frame[1] == 5 && frame[2] == 2);
        if (!flash) return;
        const std::size_t gate = (last_unit_ - 1U) / 7U;
        if (++flashes_[gate] > 2 * asked_of_[gate]) std::abort();
    }

    void hear(const GateReported& reported) {
        const auto gate = reported.position.value;
        if (gate >= pulses.size()) std::abort();
        const bool seen = std::holds_alternative<ReportPassed>(reported.report) ||
                          std::holds_alternative<ReportInput>(reported.report);
        if (seen && last_unit_ != unit_of(gate)) std::abort();
        if (const auto* opened = std::get_if<ReportOpened>(&reported.report)) done(opened->id, gate);
        if (const auto* failed = std::get_if<ReportOpenFailed>(&reported.report)) done(failed->id, gate);
    }

    void done(OpenId id, std::size_t gate) {
        const auto found = open_.find(id.value);
        if (found == open_.end() || found->second != gate) std::abort();
        found->second = pulses.size();  // nobody's: a second answer is one too many
        ++answered_;
    }

    ModbusBusSession session_;
    Instant now_{std::chrono::seconds(1)};
    std::uint8_t last_unit_ = 0;
    std::uint64_t asked_ = 0;
    std::uint64_t answered_ = 0;
    std::array<std::uint64_t, pulses.size()> asked_of_{};
    std::array<std::uint64_t, pulses.size()> flashes_{};
    std::map<std::uint64_t, std::size_t> open_;  // whose each is
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bus().play(data, size);
    return 0;
}
