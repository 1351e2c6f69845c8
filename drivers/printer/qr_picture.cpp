#include "drivers/printer/qr_picture.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

namespace gatehouse::drivers {

namespace {

constexpr std::size_t quiet = 4;          // modules on each side, ISO/IEC 18004
constexpr std::size_t largest_scale = 8;  // 1 mm at 203 dots an inch
constexpr std::size_t smallest_scale = 2;
constexpr std::size_t longest_text = 512;

struct FreeSymbol {
    void operator()(QRcode* symbol) const { QRcode_free(symbol); }
};

bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

}  // namespace

Result<QrPicture> draw_qr(std::string_view text, std::size_t width) {
    if (text.empty() || text.size() > longest_text || !std::ranges::all_of(text, is_printable))
        return fail(ErrorCode::invalid_body, "a QR holds 1 to 512 printable ASCII characters");
    const std::unique_ptr<QRcode, FreeSymbol> symbol(
        QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
    if (!symbol) return fail(ErrorCode::too_large, "no QR symbol holds the text");
    QrPicture picture;
    picture.modules = static_cast<std::size_t>(symbol->width);
    const auto side = picture.modules + 2 * quiet;
    picture.scale = std::min(largest_scale, width / 8 * 8 / side);
    if (picture.scale < smallest_scale) return fail(ErrorCode::too_large, "the QR does not fit the paper's width");
    picture.rows = side * picture.scale;
    picture.row_octets = (picture.rows + 7) / 8;
    picture.bits.assign(picture.rows * picture.row_octets, 0);
    for (std::size_t y = quiet * picture.scale; y < (quiet + picture.modules) * picture.scale; ++y) {
        for (std::size_t x = quiet * picture.scale; x < (quiet + picture.modules) * picture.scale; ++x) {
            const auto module = (y / picture.scale - quiet) * picture.modules + x / picture.scale - quiet;
            if ((symbol->data[module] & 1U) != 0)
                picture.bits[y * picture.row_octets + x / 8] |= static_cast<std::uint8_t>(0x80U >> (x % 8));
        }
    }
    return picture;
}

}  // namespace gatehouse::drivers
