// The slave's side of Modbus framing: finds requests in what masters send. Written apart from drivers/turnstile on
// purpose, so that the driver is not tested against its own mistakes.
#pragma once

#include <optional>

#include "drivers/emulator/stamp.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

struct ModbusQuery {
    std::uint16_t transaction = 0;  // TCP
    std::uint8_t unit = 0;
    Bytes pdu;
    Stamp first_byte = 0;
};

class ModbusRequests {
public:
    explicit ModbusRequests(bool tcp) : tcp_(tcp) {}
    void append(ByteView bytes, Stamp read_at);
    [[nodiscard]] std::optional<ModbusQuery> next();

private:
    [[nodiscard]] std::optional<ModbusQuery> next_tcp();
    [[nodiscard]] std::optional<ModbusQuery> next_rtu();
    void drop(std::size_t count);

    bool tcp_;
    Bytes bytes_;
    Stamp first_byte_ = 0;
    Stamp last_byte_ = 0;
};

[[nodiscard]] Bytes frame_answer(bool tcp, const ModbusQuery& query, ByteView pdu);

}  // namespace gatehouse::drivers::emulator
