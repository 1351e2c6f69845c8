#include "drivers/emulator/modbus_requests.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::size_t longest = 600;
constexpr Stamp frame_gap = 50'000'000;  // a torn request is forgotten after it

unsigned modbus_crc(ByteView bytes) {
    unsigned crc = 0xffff;
    for (const auto byte : bytes) {
        crc ^= byte;
        for (int i = 0; i < 8; ++i) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xa001U : crc >> 1U;
    }
    return crc;
}

// Length of the request frame that begins at `at`, without its check; nothing while that cannot be told.
std::optional<std::size_t> rtu_length(ByteView bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const auto function = bytes[1];
    if (function != 0x0f && function != 0x10) return 6;
    if (bytes.size() < 7) return std::nullopt;
    return std::size_t{7} + bytes[6];
}

}  // namespace

void ModbusRequests::append(ByteView bytes, Stamp read_at) {
    if (!tcp_ && read_at - last_byte_ > frame_gap) bytes_.clear();
    if (bytes_.empty()) first_byte_ = read_at;
    last_byte_ = read_at;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (bytes_.size() > longest) drop(bytes_.size() - longest);
}

void ModbusRequests::drop(std::size_t count) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
    first_byte_ = last_byte_;
}

std::optional<ModbusQuery> ModbusRequests::next() { return tcp_ ? next_tcp() : next_rtu(); }

std::optional<ModbusQuery> ModbusRequests::next_tcp() {
    if (bytes_.size() < 8) return std::nullopt;
    const auto length = static_cast<std::size_t>(bytes_[4] << 8U | bytes_[5]);
    if (bytes_.size() < 6 + length) return std::nullopt;
    ModbusQuery query{static_cast<std::uint16_t>(bytes_[0] << 8U | bytes_[1]),
                      bytes_[6],
                      {bytes_.begin() + 7, bytes_.begin() + static_cast<std::ptrdiff_t>(6 + length)},
                      first_byte_};
    drop(6 + length);
    return query;
}

std::optional<ModbusQuery> ModbusRequests::next_rtu() {
    for (std::size_t at = 0; at + 4 <= bytes_.size(); ++at) {
        const auto length = rtu_length(ByteView(bytes_).subspan(at));
        if (!length || at + *length + 2 > bytes_.size()) continue;
        const auto frame = ByteView(bytes_).subspan(at, *length);
        const auto check = static_cast<unsigned>(bytes_[at + *length] | bytes_[at + *length + 1] << 8U);
        if (modbus_crc(frame) != check) continue;
        ModbusQuery query{0, frame[0], {frame.begin() + 1, frame.end()}, first_byte_};
        drop(at + *length + 2);
        return query;
    }
    return std::nullopt;
}

Bytes frame_answer(bool tcp, const ModbusQuery& query, ByteView pdu) {
    Bytes frame;
    if (tcp) {
        const auto length = pdu.size() + 1;
        frame = {static_cast<std::uint8_t>(query.transaction >> 8U),
                 static_cast<std::uint8_t>(query.transaction),
                 0,
                 0,
                 static_cast<std::uint8_t>(length >> 8U),
                 static_cast<std::uint8_t>(length)};
    }
    frame.push_back(query.unit);
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    if (!tcp) {
        const auto check = modbus_crc(frame);
        frame.push_back(static_cast<std::uint8_t>(check));
        frame.push_back(static_cast<std::uint8_t>(check >> 8U));
    }
    return frame;
}

}  // namespace gatehouse::drivers::emulator
