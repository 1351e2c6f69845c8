#include "drivers/emulator/modbus_board.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::uint8_t illegal_function = 1;
constexpr std::uint8_t illegal_address = 2;
constexpr std::uint8_t illegal_value = 3;

Bytes refuse(std::uint8_t function, std::uint8_t why) { return {static_cast<std::uint8_t>(function | 0x80U), why}; }

unsigned get16(ByteView bytes, std::size_t at) { return static_cast<unsigned>(bytes[at] << 8U | bytes[at + 1]); }

Bytes first_five(ByteView request) { return {request.begin(), request.begin() + 5}; }

}  // namespace

Bytes ModbusBoard::execute(ByteView request) {
    if (request.size() < 5) return refuse(request.empty() ? 0 : request[0], illegal_value);
    switch (request[0]) {
        case 0x01: return read_bits(request, coils_);
        case 0x02: {
            auto answer = read_bits(request, inputs_);
            if (watch_.inputs_read) watch_.inputs_read();
            return answer;
        }
        case 0x05: return write_coil(request);
        case 0x0f: return write_coils(request);
        case 0x10: return write_registers(request);
        default: return refuse(request[0], illegal_function);
    }
}

void ModbusBoard::reset() {
    pulses_.clear();
    for (unsigned coil = 0; coil < coils_.size(); ++coil) set_coil(static_cast<std::uint8_t>(coil), false);
}

Bytes ModbusBoard::read_bits(ByteView request, const std::array<bool, 256>& bits) {
    const auto first = get16(request, 1);
    const auto count = get16(request, 3);
    if (count == 0) return refuse(request[0], illegal_value);
    if (first + count > bits.size()) return refuse(request[0], illegal_address);
    Bytes answer{request[0], static_cast<std::uint8_t>((count + 7) / 8)};
    answer.resize(2 + (count + 7) / 8);
    for (unsigned i = 0; i < count; ++i)
        if (bits[first + i]) answer[2 + i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
    return answer;
}

// Waveshare: 0x00FF is all coils, 0x0200 + coil a pulse of `value` tenths of a second.
Bytes ModbusBoard::write_coil(ByteView request) {
    const auto address = get16(request, 1);
    const auto value = get16(request, 3);
    const auto coil = static_cast<std::uint8_t>(address);
    if (kind_ == BoardKind::waveshare && address >> 8U == 0x02) {
        pulse(coil, value);
        return first_five(request);
    }
    if (value != 0xff00 && value != 0x0000) return refuse(request[0], illegal_value);
    if (address > 255) return refuse(request[0], illegal_address);
    if (kind_ == BoardKind::waveshare && coil == 0xff) {
        for (unsigned each = 0; each < 32; ++each) set_coil(static_cast<std::uint8_t>(each), value != 0);
        return first_five(request);
    }
    pulses_.erase(coil);
    set_coil(coil, value != 0);
    return first_five(request);
}

Bytes ModbusBoard::write_coils(ByteView request) {
    const auto first = get16(request, 1);
    const auto count = get16(request, 3);
    if (request.size() < 6 || request.size() != 6U + (count + 7) / 8) return refuse(request[0], illegal_value);
    if (first + count > coils_.size()) return refuse(request[0], illegal_address);
    for (unsigned i = 0; i < count; ++i) {
        const auto coil = static_cast<std::uint8_t>(first + i);
        pulses_.erase(coil);
        set_coil(coil, (static_cast<unsigned>(request[6 + i / 8]) >> (i % 8) & 1U) != 0);
    }
    return first_five(request);
}

// LC-Tech: two registers at 3 + relay x 5: 2 = "flash on", and its length in tenths of a second.
Bytes ModbusBoard::write_registers(ByteView request) {
    const auto first = get16(request, 1);
    if (kind_ != BoardKind::lctech) return refuse(request[0], illegal_function);
    if (request.size() != 10 || get16(request, 3) != 2 || get16(request, 6) != 2)
        return refuse(request[0], illegal_value);
    if (first < 3 || (first - 3) % 5 != 0) return refuse(request[0], illegal_address);
    pulse(static_cast<std::uint8_t>((first - 3) / 5), get16(request, 8));
    return first_five(request);
}

void ModbusBoard::set_coil(std::uint8_t coil, bool on) {
    if (coils_[coil] == on) return;
    coils_[coil] = on;
    if (watch_.coil) watch_.coil(coil, on);
}

void ModbusBoard::pulse(std::uint8_t coil, unsigned tenths) {
    const bool was_on = coils_[coil];
    set_coil(coil, true);
    if (was_on && watch_.coil) watch_.coil(coil, true);
    pulses_.erase(coil);
    auto& timer = pulses_.try_emplace(coil, io_).first->second;
    timer.expires_after(std::chrono::milliseconds(100) * tenths);
    timer.async_wait([this, coil](const boost::system::error_code& error) {
        if (!error) set_coil(coil, false);
    });
}

}  // namespace gatehouse::drivers::emulator
