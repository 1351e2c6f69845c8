// Modbus frames, from the master's side. Source: Modbus Application Protocol V1.1b3, Modbus over Serial Line V1.02.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

constexpr std::size_t longest_modbus_pdu = 253;

[[nodiscard]] std::uint16_t modbus_crc(ByteView bytes);  // polynomial 0xA001 reflected, from 0xFFFF

// Requests, as protocol data units: function and data, without unit, length or check.
[[nodiscard]] Bytes read_coils(std::uint16_t first, std::uint16_t count);
[[nodiscard]] Bytes read_inputs(std::uint16_t first, std::uint16_t count);
[[nodiscard]] Bytes write_coil(std::uint16_t coil, std::uint16_t value);  // 0xFF00 on, 0x0000 off; boards take others
[[nodiscard]] Bytes write_registers(std::uint16_t first, std::span<const std::uint16_t> values);

// unit, pdu, CRC low byte first
[[nodiscard]] Bytes rtu_frame(std::uint8_t unit, ByteView pdu);
// transaction, protocol 0, length, unit, pdu
[[nodiscard]] Bytes tcp_frame(std::uint16_t transaction, std::uint8_t unit, ByteView pdu);

struct ModbusBits {  // as many as were asked for
    std::vector<bool> bits;
    friend bool operator==(const ModbusBits&, const ModbusBits&) = default;
};
struct ModbusWritten {
    friend bool operator==(const ModbusWritten&, const ModbusWritten&) = default;
};
struct ModbusException {
    std::uint8_t code = 0;
    friend bool operator==(const ModbusException&, const ModbusException&) = default;
};
using ModbusAnswer = std::variant<ModbusBits, ModbusWritten, ModbusException>;

// Nothing when `answer` cannot be the answer to `request`: another function, address, value or length.
[[nodiscard]] std::optional<ModbusAnswer> match_answer(ByteView request, ByteView answer);

// Finds the answer of a unit in a stream that may begin with noise or with the end of another frame.
class RtuReader {
public:
    void append(ByteView bytes);  // keeps at most the last 512 octets
    // The pdu of the first whole frame of `unit` with a right check that can answer `request`, and forgets it with
    // all before it.
    [[nodiscard]] std::optional<ModbusAnswer> find(std::uint8_t unit, ByteView request);
    void clear() { bytes_.clear(); }

private:
    Bytes bytes_;
};

struct TcpAnswer {
    std::uint16_t transaction = 0;
    std::uint8_t unit = 0;
    Bytes pdu;
    friend bool operator==(const TcpAnswer&, const TcpAnswer&) = default;
};

// Cuts a TCP stream into frames. A stream that is not Modbus is broken for good: hang up.
class TcpReader {
public:
    void append(ByteView bytes);
    [[nodiscard]] std::optional<TcpAnswer> next();
    [[nodiscard]] bool is_broken() const { return broken_; }
    void clear();

private:
    Bytes bytes_;
    bool broken_ = false;
};

}  // namespace gatehouse::drivers
