// How a paper is laid out on a label of its own: what `fgl` and `zpl` have in common.
#pragma once

#include <cstdint>

#include "drivers/printer/ticket_paper.hpp"

namespace gatehouse::drivers {

enum class LabelText : std::uint8_t {
    raster,   // every line as dots: any language, on any printer
    printer,  // in the printer's own fonts
};
enum class LabelQr : std::uint8_t { native, raster };

struct LabelStyle {
    std::uint32_t width = 576;  // dots
    LabelText text = LabelText::raster;
    LabelQr qr = LabelQr::native;
    friend bool operator==(const LabelStyle&, const LabelStyle&) = default;
};

}  // namespace gatehouse::drivers
