// Any answers to a turnstile's driver, on both framings and from every kind of board: no pulse without a request, none
// repeated more than once, every opening answered once, and time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "drivers/turnstile/modbus_turnstile_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

// One that the board ends: what the daemon times looks like a hold.
bool is_flash(const Bytes& frame, ModbusFraming framing) {
    const std::size_t at = framing == ModbusFraming::rtu ? 1 : 7;
    return frame[at] == 16 || (frame[at] == 5 && frame[at + 1] == 2);
}

class Player {
public:
    Player(ModbusFraming framing, ModbusPulse pulse) : framing_(framing), session_(options(framing, pulse)) {}

    void play(const std::uint8_t* data, std::size_t size) {
        tell(LinkUp{});
        for (std::size_t i = 0; i < size;) {
            const std::size_t length = std::min<std::size_t>(1 + data[i] % 32, size - i);
            tell(BytesRead{{data + i, data + i + length}});
            if (data[i] % 8 == 1) tell(OpenRequested{OpenId{++asked_}, Direction::entry});
            if (data[i] % 64 == 2) tell(LinkUp{});
            if (data[i] % 64 == 3) tell(HoldOpenRequested{Hold::emergency, std::nullopt});
            if (data[i] % 64 == 4) tell(ReleaseRequested{Hold::emergency});
            now_ += std::chrono::milliseconds(data[i]);
            tell(Ticked{});
            if (const auto due = session_.deadline(); due && *due <= now_) std::abort();
            i += length;
        }
        tell(LinkDown{});
        if (answers_.size() != asked_) std::abort();
    }

private:
    static ModbusTurnstileOptions options(ModbusFraming framing, ModbusPulse pulse) {
        ModbusTurnstileOptions made;
        made.line.framing = framing;
        made.gate.pulse = pulse;
        made.gate.fire = 3;
        return made;
    }
    void tell(const TurnstileEvent& event) {
        for (const auto& effect : session_.step(event, now_)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect))
                if (is_flash(write->bytes, framing_) && ++flashes_ > 2 * asked_) std::abort();
            if (const auto* opened = std::get_if<ReportOpened>(&effect)) answered(opened->id);
            if (const auto* failed = std::get_if<ReportOpenFailed>(&effect)) answered(failed->id);
        }
    }
    void answered(OpenId id) {
        if (id.value == 0 || id.value > asked_ || ++answers_[id.value] > 1) std::abort();
    }

    ModbusFraming framing_;
    ModbusTurnstileSession session_;
    Instant now_{std::chrono::seconds(1)};
    std::uint64_t asked_ = 0;
    std::uint64_t flashes_ = 0;
    std::map<std::uint64_t, int> answers_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto framing : {ModbusFraming::rtu, ModbusFraming::tcp})
        for (const auto pulse : {ModbusPulse::waveshare, ModbusPulse::lctech, ModbusPulse::timed})
            Player(framing, pulse).play(data, size);
    return 0;
}
