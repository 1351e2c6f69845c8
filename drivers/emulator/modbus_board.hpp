// A relay and input board: coils, discrete inputs, and the pulses that real boards time by themselves.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>

#include "drivers/emulator/scenario.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

class ModbusBoard {
public:
    struct Watch {
        std::function<void(std::uint8_t coil, bool on)> coil;  // it changed, or a pulse began on one that was on
        std::function<void()> inputs_read;                     // after their values were taken
    };
    ModbusBoard(boost::asio::io_context& io, BoardKind kind, Watch watch)
        : io_(io), kind_(kind), watch_(std::move(watch)) {}

    // Carries a request out; the answer's pdu, an exception among them.
    [[nodiscard]] Bytes execute(ByteView request);
    void set_input(std::uint8_t input, bool active) { inputs_[input] = active; }
    [[nodiscard]] bool input(std::uint8_t input) const { return inputs_[input]; }
    [[nodiscard]] bool coil(std::uint8_t coil) const { return coils_[coil]; }
    // As after a power cut: everything off, pulses forgotten.
    void reset();

private:
    [[nodiscard]] Bytes read_bits(ByteView request, const std::array<bool, 256>& bits);
    [[nodiscard]] Bytes write_coil(ByteView request);
    [[nodiscard]] Bytes write_coils(ByteView request);
    [[nodiscard]] Bytes write_registers(ByteView request);
    void set_coil(std::uint8_t coil, bool on);
    void pulse(std::uint8_t coil, unsigned tenths);

    boost::asio::io_context& io_;
    BoardKind kind_;
    Watch watch_;
    std::array<bool, 256> coils_{};
    std::array<bool, 256> inputs_{};
    std::map<std::uint8_t, boost::asio::steady_timer> pulses_;
};

}  // namespace gatehouse::drivers::emulator
