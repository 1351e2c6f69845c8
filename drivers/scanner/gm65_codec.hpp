// Grow's GM65 family: register commands, and the answers that come in the middle of the codes.
//
//   command  7E 00 type length address (2) data … CRC (2)        type 07 read, 08 write, 09 save to flash
//   answer   02 00 00 length data … CRC (2)                      length is that of the data
//
// CRC-16/XMODEM over type to data, high octet first; AB CD in its place means "do not check".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

enum class Gm65Command : std::uint8_t { read = 0x07, write = 0x08, save = 0x09 };

[[nodiscard]] Bytes encode_gm65(Gm65Command command, std::uint16_t address, ByteView data);
[[nodiscard]] Bytes encode_gm65_answer(ByteView data);  // precondition: not longer than 255 octets

// Takes answers out of a stream of codes while one is expected.
class Gm65Filter {
public:
    struct Passed {
        Bytes text;  // what is no part of an answer, in order
        unsigned answers = 0;
    };
    [[nodiscard]] Passed take(ByteView bytes, bool expecting);
    // What looked like the beginning of an answer and was none: the rest did not come.
    [[nodiscard]] Bytes release();
    [[nodiscard]] bool is_holding() const { return !held_.empty(); }

private:
    Bytes held_;
};

}  // namespace gatehouse::drivers
