#include "drivers/emulator/paper_picture.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <stdexcept>

#include "drivers/emulator/qr_symbol.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr const char* font_file = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";
constexpr unsigned cell = 24;  // dots: a Chinese character; half as wide for Latin letters
constexpr unsigned line_gap = 6;

std::vector<char32_t> code_points(const std::string& text) {
    std::vector<char32_t> points;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t point = lead < 0x80 ? lead : lead & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            point = point << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
        points.push_back(point);
        i += length;
    }
    return points;
}

unsigned advance_of(char32_t point, unsigned wide) { return (point < 0x2e80 ? cell / 2 : cell) * wide; }

}  // namespace

struct PaperPainter::Brush {
    unsigned width;
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    Picture picture;

    explicit Brush(unsigned paper_width) : width(paper_width) {
        if (FT_Init_FreeType(&library) != 0) throw std::runtime_error("freetype does not start");
        if (FT_New_Face(library, font_file, 0, &face) != 0)
            throw std::runtime_error(std::string(font_file) + " is missing: install fonts-wqy-microhei");
    }
    Brush(const Brush&) = delete;
    Brush& operator=(const Brush&) = delete;
    ~Brush() {
        FT_Done_Face(face);
        FT_Done_FreeType(library);
    }

    unsigned grow(unsigned rows) {
        const auto top = picture.height;
        picture.height += rows;
        picture.dots.resize(static_cast<std::size_t>(picture.width) * picture.height, 255);
        return top;
    }
    void blacken(unsigned x, unsigned y, std::uint8_t ink) {
        if (x >= picture.width || y >= picture.height) return;
        auto& dot = picture.dots[static_cast<std::size_t>(y) * picture.width + x];
        dot = std::min<std::uint8_t>(dot, static_cast<std::uint8_t>(255 - ink));
    }
    [[nodiscard]] unsigned left_of(Align align, unsigned extent) const {
        if (extent >= width) return 0;
        switch (align) {
            case Align::left: return 0;
            case Align::centre: return (width - extent) / 2;
            case Align::right: return width - extent;
        }
        return 0;
    }

    void glyph(char32_t point, unsigned x, unsigned top, const PrintedLine& line) {
        FT_Set_Pixel_Sizes(face, (cell - 2) * line.wide, (cell - 2) * line.tall);
        if (FT_Load_Char(face, point, FT_LOAD_RENDER) != 0) return;
        const auto& slot = *face->glyph;
        const int base = static_cast<int>(top + cell * line.tall * 5 / 6);
        for (unsigned row = 0; row < slot.bitmap.rows; ++row) {
            for (unsigned column = 0; column < slot.bitmap.width; ++column) {
                const auto ink = slot.bitmap.buffer[row * static_cast<unsigned>(slot.bitmap.pitch) + column];
                const int dot_x = static_cast<int>(x + column) + slot.bitmap_left;
                const int dot_y = base - slot.bitmap_top + static_cast<int>(row);
                if (dot_x < 0 || dot_y < 0) continue;
                blacken(static_cast<unsigned>(dot_x), static_cast<unsigned>(dot_y), ink);
                if (line.bold) blacken(static_cast<unsigned>(dot_x) + 1, static_cast<unsigned>(dot_y), ink);
            }
        }
    }

    void draw(const PrintedLine& line) {
        std::vector<char32_t> row;
        unsigned extent = 0;
        const auto flush = [&] {
            const auto top = grow(cell * line.tall + line_gap);
            auto x = left_of(line.align, extent);
            for (const auto point : row) {
                glyph(point, x, top, line);
                x += advance_of(point, line.wide);
            }
            row.clear();
            extent = 0;
        };
        for (const auto point : code_points(line.text)) {
            if (extent + advance_of(point, line.wide) > width) flush();
            row.push_back(point);
            extent += advance_of(point, line.wide);
        }
        flush();
    }

    void draw(const PrintedQr& qr) {
        const auto symbol = qr_symbol(qr.text, qr.correction);
        const auto side = symbol.side * qr.module;
        const auto left = left_of(qr.align, side);
        const auto top = grow(side);
        for (unsigned y = 0; y < side; ++y)
            for (unsigned x = 0; x < side; ++x)
                if (symbol.is_black(x / qr.module, y / qr.module)) blacken(left + x, top + y, 255);
    }

    void draw(const PrintedPicture& band) {
        const auto left = left_of(band.align, band.row_octets * 8);
        const auto top = grow(band.rows);
        for (unsigned y = 0; y < band.rows; ++y)
            for (unsigned x = 0; x < band.row_octets * 8; ++x)
                if ((band.bits[std::size_t{y} * band.row_octets + x / 8] & (0x80U >> (x % 8))) != 0)
                    blacken(left + x, top + y, 255);
    }

    void draw(const PrintedFeed& feed) { grow(feed.lines * (cell + line_gap)); }
};

PaperPainter::PaperPainter(unsigned width) : brush_(std::make_unique<Brush>(width)) {}
PaperPainter::~PaperPainter() = default;

Picture PaperPainter::draw(const Paper& paper) {
    brush_->picture = {brush_->width, 0, {}};
    brush_->grow(cell);
    for (const auto& item : paper.items) std::visit([this](const auto& each) { brush_->draw(each); }, item);
    brush_->grow(cell);
    return std::move(brush_->picture);
}

// A QR command names the symbol's corner; the drawing has a quiet zone of four modules round it.
Picture PaperPainter::draw(const Label& label) {
    const auto paper_width = brush_->width;
    brush_->width = label.width == 0 ? paper_width : label.width;
    Picture whole{brush_->width, label.height, {}};
    whole.dots.resize(std::size_t{whole.width} * whole.height, 255);
    for (const auto& placed : label.items) {
        brush_->picture = {brush_->width, 0, {}};
        std::visit([this](const auto& each) { brush_->draw(each); }, placed.item);
        const auto* qr = std::get_if<PrintedQr>(&placed.item);
        const auto quiet = qr == nullptr ? 0 : 4 * qr->module;
        const auto left = placed.x - std::min(placed.x, quiet);
        const auto top = placed.y - std::min(placed.y, quiet);
        const auto& part = brush_->picture;
        whole.height = std::max(whole.height, top + part.height);
        whole.dots.resize(std::size_t{whole.width} * whole.height, 255);
        for (unsigned y = 0; y < part.height; ++y)
            for (unsigned x = 0; x + left < whole.width; ++x) {
                auto& dot = whole.dots[std::size_t{top + y} * whole.width + left + x];
                dot = std::min(dot, part.dots[std::size_t{y} * part.width + x]);
            }
    }
    brush_->width = paper_width;
    return whole;
}

}  // namespace gatehouse::drivers::emulator
