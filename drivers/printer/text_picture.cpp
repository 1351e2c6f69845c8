#include "drivers/printer/text_picture.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <memory>
#include <vector>

#include "drivers/printer/printed_text.hpp"

namespace gatehouse::drivers {

namespace {

constexpr const char* font_file = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";
constexpr std::size_t base_line = 20;  // of a cell, from its top
constexpr char32_t first_wide = 0x2e80;
constexpr unsigned ink = 112;  // of 255: darker is black

struct CloseLibrary {
    void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
struct CloseFace {
    void operator()(FT_Face face) const { FT_Done_Face(face); }
};
using Library = std::unique_ptr<FT_LibraryRec_, CloseLibrary>;
using Face = std::unique_ptr<FT_FaceRec_, CloseFace>;

// Precondition: UTF-8.
std::vector<char32_t> code_points(const Bytes& text) {
    std::vector<char32_t> points;
    for (const auto octet : text) {
        if ((octet & 0xc0U) == 0x80U)
            points.back() = points.back() << 6U | (octet & 0x3fU);
        else if (octet < 0x80)
            points.push_back(octet);
        else
            points.push_back(octet & (octet < 0xe0 ? 0x1fU : octet < 0xf0 ? 0x0fU : 0x07U));
    }
    return points;
}

class TextBrush {
public:
    TextBrush(FT_Face face, const PaperLine& line, std::size_t width)
        : face_(face),
          line_(line),
          wide_(line.size == PaperSize::large ? 2 : 1),
          tall_(line.size == PaperSize::normal ? 1 : 2),
          width_(width) {
        picture_.row_octets = (width + 7) / 8;
        FT_Set_Pixel_Sizes(face_, static_cast<FT_UInt>((text_cell - 2) * wide_),
                           static_cast<FT_UInt>((text_cell - 2) * tall_));
    }

    DotPicture draw(const std::vector<char32_t>& points) {
        for (std::size_t first = 0; first < points.size();) {
            std::size_t extent = 0;
            auto end = first;
            while (end < points.size() && (end == first || extent + advance(points[end]) <= width_))
                extent += advance(points[end++]);
            draw_row({points.begin() + static_cast<std::ptrdiff_t>(first),
                      points.begin() + static_cast<std::ptrdiff_t>(end)},
                     left_of(extent));
            first = end;
        }
        for (auto& octet : picture_.bits)
            if (octet == 0x10) octet = 0x18;
        return std::move(picture_);
    }

private:
    [[nodiscard]] std::size_t advance(char32_t point) const {
        return (point < first_wide ? text_cell / 2 : text_cell) * wide_;
    }
    [[nodiscard]] std::size_t left_of(std::size_t extent) const {
        const auto rest = width_ - std::min(width_, extent);
        switch (line_.align) {
            case PaperAlign::left: return 0;
            case PaperAlign::centre: return rest / 2;
            case PaperAlign::right: return rest;
        }
        return 0;
    }

    void draw_row(const std::vector<char32_t>& points, std::size_t left) {
        const auto top = picture_.rows;
        picture_.rows += text_row * tall_;
        picture_.bits.resize(picture_.rows * picture_.row_octets, 0);
        for (const auto point : points) {
            glyph(point, left, top);
            left += advance(point);
        }
    }

    void glyph(char32_t point, std::size_t left, std::size_t top) {
        if (FT_Load_Char(face_, point, FT_LOAD_RENDER) != 0) return;
        const auto& bitmap = face_->glyph->bitmap;
        const auto x0 = static_cast<std::ptrdiff_t>(left) + face_->glyph->bitmap_left;
        const auto y0 = static_cast<std::ptrdiff_t>(top + base_line * tall_) - face_->glyph->bitmap_top;
        for (unsigned row = 0; row < bitmap.rows; ++row)
            for (unsigned column = 0; column < bitmap.width; ++column)
                if (bitmap.buffer[row * static_cast<unsigned>(bitmap.pitch) + column] >= ink)
                    for (std::ptrdiff_t thick = 0; thick < (line_.bold ? 2 : 1); ++thick)
                        blacken(x0 + column + thick, y0 + row);
    }

    void blacken(std::ptrdiff_t x, std::ptrdiff_t y) {
        if (x < 0 || y < 0) return;
        const auto column = static_cast<std::size_t>(x);
        const auto row = static_cast<std::size_t>(y);
        if (column >= width_ || row >= picture_.rows) return;
        picture_.bits[row * picture_.row_octets + column / 8] |= static_cast<std::uint8_t>(0x80U >> (column % 8));
    }

    FT_Face face_;
    const PaperLine& line_;
    std::size_t wide_;
    std::size_t tall_;
    std::size_t width_;
    DotPicture picture_;
};

}  // namespace

Result<DotPicture> draw_text(const PaperLine& line, std::size_t width) {
    const auto text = printed_text(line.text, EscposEncoding::utf8);
    if (!text) return text.error();
    FT_Library started = nullptr;
    if (FT_Init_FreeType(&started) != 0) return fail(ErrorCode::io, "freetype does not start");
    const Library library(started);
    FT_Face opened = nullptr;
    if (FT_New_Face(library.get(), font_file, 0, &opened) != 0)
        return fail(ErrorCode::io, std::string(font_file) + " is missing: install fonts-wqy-microhei");
    const Face face(opened);
    return TextBrush(face.get(), line, width).draw(code_points(*text));
}

}  // namespace gatehouse::drivers
