#include "drivers/turnstile/modbus_codec.hpp"

#include <algorithm>

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t fc_read_coils = 0x01;
constexpr std::uint8_t fc_read_inputs = 0x02;
constexpr std::uint8_t fc_write_coil = 0x05;
constexpr std::uint8_t fc_write_registers = 0x10;
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::size_t rtu_memory = 512;
constexpr std::size_t tcp_memory = 4096;
constexpr std::size_t mbap = 7;

void put16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

std::size_t get16(ByteView bytes, std::size_t at) { return static_cast<std::size_t>(bytes[at] << 8U | bytes[at + 1]); }

Bytes request(std::uint8_t function, std::size_t first, std::size_t second) {
    Bytes pdu{function};
    put16(pdu, first);
    put16(pdu, second);
    return pdu;
}

bool reads_bits(ByteView request) { return request[0] == fc_read_coils || request[0] == fc_read_inputs; }

std::optional<ModbusAnswer> match_bits(ByteView request, ByteView answer) {
    const auto count = get16(request, 3);
    const auto octets = (count + 7) / 8;
    if (answer.size() != 2 + octets || answer[1] != octets) return std::nullopt;
    ModbusBits bits;
    for (std::size_t i = 0; i < count; ++i)
        bits.bits.push_back(((static_cast<unsigned>(answer[2 + i / 8]) >> (i % 8U)) & 1U) != 0);
    return bits;
}

// Length of the pdu that `request` would be answered by, judged by the answer's first octet.
std::size_t answer_length(ByteView request, std::uint8_t function) {
    if ((function & exception_bit) != 0) return 2;
    return reads_bits(request) ? 2 + (get16(request, 3) + 7) / 8 : 5;
}

}  // namespace

std::uint16_t modbus_crc(ByteView bytes) {
    std::uint16_t crc = 0xffff;
    for (const auto byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 1U) != 0 ? (crc >> 1U) ^ 0xa001U : crc >> 1U);
    }
    return crc;
}

Bytes read_coils(std::uint16_t first, std::uint16_t count) { return request(fc_read_coils, first, count); }
Bytes read_inputs(std::uint16_t first, std::uint16_t count) { return request(fc_read_inputs, first, count); }
Bytes write_coil(std::uint16_t coil, std::uint16_t value) { return request(fc_write_coil, coil, value); }

Bytes write_registers(std::uint16_t first, std::span<const std::uint16_t> values) {
    auto pdu = request(fc_write_registers, first, values.size());
    pdu.push_back(static_cast<std::uint8_t>(values.size() * 2));
    for (const auto value : values) put16(pdu, value);
    return pdu;
}

Bytes rtu_frame(std::uint8_t unit, ByteView pdu) {
    Bytes frame{unit};
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    const auto crc = modbus_crc(frame);
    frame.push_back(static_cast<std::uint8_t>(crc));
    frame.push_back(static_cast<std::uint8_t>(crc >> 8U));
    return frame;
}

Bytes tcp_frame(std::uint16_t transaction, std::uint8_t unit, ByteView pdu) {
    Bytes frame;
    frame.reserve(mbap + pdu.size());
    put16(frame, transaction);
    put16(frame, 0);
    put16(frame, pdu.size() + 1);
    frame.push_back(unit);
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    return frame;
}

std::optional<ModbusAnswer> match_answer(ByteView request, ByteView answer) {
    if (request.size() < 5 || answer.size() < 2) return std::nullopt;
    if (answer[0] == (request[0] | exception_bit) && answer.size() == 2) return ModbusException{answer[1]};
    if (answer[0] != request[0]) return std::nullopt;
    if (reads_bits(request)) return match_bits(request, answer);
    // Writes are answered by their first five octets: an echo of address and value, or of address and count.
    if (answer.size() != 5 || !std::equal(answer.begin(), answer.end(), request.begin())) return std::nullopt;
    return ModbusWritten{};
}

void RtuReader::append(ByteView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (bytes_.size() > rtu_memory) bytes_.erase(bytes_.begin(), bytes_.end() - rtu_memory);
}

std::optional<ModbusAnswer> RtuReader::find(std::uint8_t unit, ByteView request) {
    for (std::size_t at = 0; at + 5 <= bytes_.size(); ++at) {
        const auto function = bytes_[at + 1];
        if (bytes_[at] != unit || (function & ~exception_bit) != request[0]) continue;
        const auto length = 1 + answer_length(request, function);
        if (at + length + 2 > bytes_.size()) continue;
        const auto frame = ByteView(bytes_).subspan(at, length);
        const auto crc = static_cast<std::uint16_t>(bytes_[at + length] | bytes_[at + length + 1] << 8U);
        if (modbus_crc(frame) != crc) continue;
        auto answer = match_answer(request, frame.subspan(1));
        if (!answer) continue;
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at + length + 2));
        return answer;
    }
    return std::nullopt;
}

void TcpReader::append(ByteView bytes) {
    if (broken_) return;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (bytes_.size() > tcp_memory) broken_ = true;
}

std::optional<TcpAnswer> TcpReader::next() {
    if (broken_ || bytes_.size() < mbap) return std::nullopt;
    const ByteView view(bytes_);
    const auto length = get16(view, 4);
    if (get16(view, 2) != 0 || length < 3 || length > longest_modbus_pdu + 1) {
        broken_ = true;
        return std::nullopt;
    }
    if (view.size() < 6 + length) return std::nullopt;
    TcpAnswer answer{static_cast<std::uint16_t>(get16(view, 0)),
                     view[6],
                     {view.begin() + 7, view.begin() + 6 + static_cast<std::ptrdiff_t>(length)}};
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(6 + length));
    return answer;
}

void TcpReader::clear() {
    bytes_.clear();
    broken_ = false;
}

}  // namespace gatehouse::drivers
