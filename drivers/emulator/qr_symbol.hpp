// QR symbols as the emulated printer draws them itself: by ZXing, so that another library than the driver's made them.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::drivers::emulator {

struct QrSymbol {
    unsigned side = 0;  // modules, quiet zone included
    std::vector<bool> black;
    [[nodiscard]] bool is_black(unsigned x, unsigned y) const { return black[y * side + x]; }
};

[[nodiscard]] QrSymbol qr_symbol(const std::string& text, char correction);  // '0' L, '1' M, '2' Q, '3' H

}  // namespace gatehouse::drivers::emulator
