// A QR symbol as dots.
#pragma once

#include <cstddef>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// One bit a dot, most significant first, 1 is black; each row in whole octets; the quiet zone of four modules is
// part of it. A module is at least two dots wide, so no octet is 0x10 and no real-time command can hide in it.
struct QrPicture {
    std::size_t modules = 0;  // a side, without quiet zone
    std::size_t scale = 0;    // dots of a module
    std::size_t row_octets = 0;
    std::size_t rows = 0;
    Bytes bits;
};

// Error correction M, in the smallest version that holds `text`, as large as fits `width` dots, up to 8 a module.
// Fails with invalid_body unless `text` is 1..512 of printable ASCII, with too_large when the width is too small.
[[nodiscard]] Result<QrPicture> draw_qr(std::string_view text, std::size_t width);

}  // namespace gatehouse::drivers
