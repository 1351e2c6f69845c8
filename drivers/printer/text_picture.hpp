// Text as dots, for printers that have no Chinese of their own.
#pragma once

#include <cstddef>

#include "drivers/printer/ticket_paper.hpp"
#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

inline constexpr std::size_t text_cell = 24;  // dots of a Chinese character's side; a Latin one is half as wide
inline constexpr std::size_t text_row = 30;   // dots from one line of normal size to the next

// One bit a dot, most significant first, 1 is black; each row in whole octets.
struct DotPicture {
    std::size_t row_octets = 0;
    std::size_t rows = 0;
    Bytes bits;
};

// The line across the whole `width` (dots), aligned in it and wrapped where it is too long. No octet is 0x10, so that
// no real-time command hides in it (see escpos_codec.hpp). Fails with invalid_body when the text is not UTF-8, with io
// when the font is not installed (Debian: fonts-wqy-microhei).
[[nodiscard]] Result<DotPicture> draw_text(const PaperLine& line, std::size_t width);

}  // namespace gatehouse::drivers
