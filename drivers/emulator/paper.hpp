// What a printer has put on its paper.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

enum class Align : std::uint8_t { left, centre, right };

struct PrintedLine {
    std::string text;  // UTF-8
    Align align = Align::left;
    unsigned wide = 1;  // times
    unsigned tall = 1;
    bool bold = false;
};
struct PrintedQr {  // drawn by the printer itself
    std::string text;
    Align align = Align::left;
    unsigned module = 3;    // dots
    char correction = '1';  // '0' L, '1' M, '2' Q, '3' H
};
struct PrintedPicture {  // one band of dots, 1 is black, most significant bit first
    Align align = Align::left;
    unsigned row_octets = 0;
    unsigned rows = 0;
    Bytes bits;
};
struct PrintedFeed {
    unsigned lines = 0;
};
using PaperItem = std::variant<PrintedLine, PrintedQr, PrintedPicture, PrintedFeed>;

struct Paper {
    std::vector<PaperItem> items;
};

// A label: items where the commands put them, dots from its upper left corner. Lines are aligned in its width.
struct PlacedItem {
    unsigned x = 0;
    unsigned y = 0;
    PaperItem item;
};
struct Label {
    unsigned width = 0;   // 0: the printer's
    unsigned height = 0;  // at least; it grows with what is on it
    std::vector<PlacedItem> items;
};

}  // namespace gatehouse::drivers::emulator
