// A relay and input board in virtual time, behind an RTU or TCP line: for tests of the machines in front of it.
#pragma once

#include <array>
#include <vector>

#include "drivers/turnstile/modbus_codec.hpp"
#include "drivers/turnstile/modbus_line.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers::test {

class ModelBoard {
public:
    explicit ModelBoard(ModbusFraming framing) : framing_(framing) {}

    // Carries out the one request that a driver wrote, and gives the answer's frame.
    Bytes answer(const Bytes& frame, Instant now) {
        expire(now);
        const bool tcp = framing_ == ModbusFraming::tcp;
        const Bytes pdu(frame.begin() + (tcp ? 7 : 1), frame.end() - (tcp ? 0 : 2));
        const auto said = execute(pdu, now);
        if (!tcp) return rtu_frame(frame[0], said);
        return tcp_frame(static_cast<std::uint16_t>(frame[0] << 8U | frame[1]), frame[6], said);
    }

    [[nodiscard]] bool coil(std::size_t number, Instant now) {
        expire(now);
        return coils_[number];
    }

    std::array<bool, 8> inputs{};
    Duration tenth = std::chrono::milliseconds(100);  // of a second, by its own clock
    bool stubborn = false;  // a pulse's end switches its coil off, whatever was written meanwhile
    unsigned pulses = 0;    // unlock edges, and pulses begun again
    unsigned flashes = 0;   // of them, those that the board ends

private:
    void expire(Instant now) {
        for (std::size_t i = 0; i < coils_.size(); ++i)
            if (pulsing_[i] && now >= until_[i]) coils_[i] = pulsing_[i] = false;
    }

    void flash(std::size_t coil, unsigned tenths, Instant now) {
        ++pulses;
        ++flashes;
        coils_[coil] = pulsing_[coil] = true;
        until_[coil] = now + tenth * tenths;
    }

    Bytes execute(const Bytes& pdu, Instant now) {
        const auto address = static_cast<std::size_t>(pdu[1] << 8U | pdu[2]);
        const auto value = static_cast<unsigned>(pdu[3] << 8U | pdu[4]);
        const auto bits = [&](const auto& from) {
            std::uint8_t octet = 0;
            for (std::size_t i = 0; i < value; ++i)
                if (from[address + i]) octet = static_cast<std::uint8_t>(octet | 1U << i);
            return Bytes{pdu[0], 1, octet};
        };
        if (pdu[0] == 1) return bits(coils_);
        if (pdu[0] == 2) return bits(inputs);
        if (pdu[0] == 5 && address >= 0x200) {
            flash(address - 0x200, value, now);
        } else if (pdu[0] == 16) {
            flash((address - 3) / 5, static_cast<unsigned>(pdu[8] << 8U | pdu[9]), now);
        } else if (pdu[0] == 5) {
            if (value != 0 && !coils_[address]) ++pulses;
            coils_[address] = value != 0;
            pulsing_[address] = pulsing_[address] && stubborn;
        }
        return {pdu.begin(), pdu.begin() + 5};
    }

    ModbusFraming framing_;
    std::array<bool, 8> coils_{};
    std::array<bool, 8> pulsing_{};
    std::array<Instant, 8> until_{};
};

}  // namespace gatehouse::drivers::test
