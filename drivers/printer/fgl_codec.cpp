#include "drivers/printer/fgl_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "drivers/printer/printed_text.hpp"
#include "drivers/printer/qr_picture.hpp"
#include "drivers/printer/text_picture.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t band = 8;                // dots of a graphic octet, the most significant is the upper one
constexpr std::size_t widest_graphic = 1'024;  // octets of one <G>
constexpr std::size_t smallest_point = 3;      // of <QR>
constexpr std::size_t letter_width = 20;       // of font 3
constexpr std::size_t letter_height = 33;

// What font 3 has of it; angle brackets would be commands.
std::string in_printer_font(const Bytes& utf8) {
    std::string out;
    for (const auto octet : utf8) {
        if ((octet & 0xc0U) == 0x80U) continue;
        const char c = octet < 0x80 ? static_cast<char>(octet) : '?';
        out.push_back(c == '<' ? '(' : c == '>' ? ')' : c);
    }
    return out;
}

class TicketWriter {
public:
    explicit TicketWriter(const LabelStyle& style) : style_(style) {}

    [[nodiscard]] Result<void> line(const PaperLine& line) {
        if (style_.text == LabelText::raster) {
            const auto picture = draw_text(line, style_.width);
            if (!picture) return picture.error();
            graphic(0, *picture);
            return {};
        }
        const auto text = printed_text(line.text, EscposEncoding::utf8);
        if (!text) return text.error();
        letters(in_printer_font(*text), line);
        return {};
    }

    [[nodiscard]] Result<void> qr(std::string_view text) {
        const auto picture = draw_qr(text, style_.width);
        if (!picture) return picture.error();
        const auto left = (style_.width - picture->rows) / 2;
        const bool drawn_here = style_.qr == LabelQr::raster || picture->scale < smallest_point ||
                                text.find_first_of("{}") != std::string_view::npos;
        if (drawn_here) {
            graphic(left, {picture->row_octets, picture->rows, picture->bits});
            return {};
        }
        const auto quiet = 4 * picture->scale;
        add(fmt::format("<RC{},{}><QR{},0,0,0>{{{}}}", y_ + quiet, left + quiet, picture->scale, text));
        y_ += picture->rows;
        return {};
    }

    [[nodiscard]] Bytes finish(bool cut) {
        add(cut ? "<p>" : "<q>");
        return std::move(bytes_);
    }

private:
    void add(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

    void letters(std::string_view text, const PaperLine& line) {
        const std::size_t tall = line.size == PaperSize::normal ? 1 : 2;
        const std::size_t wide = line.size == PaperSize::large ? 2 : 1;
        const auto fitting = std::max<std::size_t>(1, style_.width / (letter_width * wide));
        for (std::size_t first = 0; first < text.size(); first += fitting) {
            const auto row = text.substr(first, fitting);
            const auto rest = style_.width - std::min<std::size_t>(style_.width, row.size() * letter_width * wide);
            const auto left = line.align == PaperAlign::left ? 0 : line.align == PaperAlign::centre ? rest / 2 : rest;
            add(fmt::format("<RC{},{}><F3><HW{},{}>{}", y_, left, tall, wide, row));
            y_ += letter_height * tall;
        }
    }

    // Bands of eight rows, each from its first black column to its last.
    void graphic(std::size_t left, const DotPicture& picture) {
        const auto width = std::min(picture.row_octets * 8, widest_graphic);
        for (std::size_t top = 0; top < picture.rows; top += band) {
            Bytes columns(width, 0);
            for (std::size_t row = top; row < std::min(top + band, picture.rows); ++row)
                for (std::size_t x = 0; x < width; ++x)
                    if ((picture.bits[row * picture.row_octets + x / 8] & (0x80U >> (x % 8))) != 0)
                        columns[x] |= static_cast<std::uint8_t>(0x80U >> (row - top));
            const auto is_black = [](std::uint8_t octet) { return octet != 0; };
            const auto first = std::ranges::find_if(columns, is_black);
            if (first == columns.end()) continue;
            const auto last = std::find_if(columns.rbegin(), columns.rend(), is_black).base();
            add(fmt::format("<RC{},{}><G{}>", y_ + top, left + static_cast<std::size_t>(first - columns.begin()),
                            last - first));
            bytes_.insert(bytes_.end(), first, last);
        }
        y_ += picture.rows;
    }

    LabelStyle style_;
    Bytes bytes_;
    std::size_t y_ = text_row;
};

}  // namespace

Result<Bytes> encode_fgl(const TicketPaper& paper, const LabelStyle& style) {
    TicketWriter out(style);
    for (const auto& line : printed_head(paper))
        if (auto done = out.line(line); !done) return done.error();
    if (!paper.qr.empty())
        if (auto done = out.qr(paper.qr); !done) return done.error();
    for (const auto& line : paper.foot)
        if (auto done = out.line(line); !done) return done.error();
    return out.finish(paper.cut);
}

Bytes fgl_status_request() { return bytes_of("<S1>"); }

// A torn command is ended before the octets that fill a graphic up: it may be the beginning of <G>. The brace first,
// for a torn <p> must not become one.
Bytes fgl_clear(bool torn) {
    auto bytes = bytes_of(torn ? "}>" : "");
    bytes.resize(bytes.size() + (torn ? widest_graphic : 0), 0);
    const auto clear = bytes_of("}><CB>");
    bytes.insert(bytes.end(), clear.begin(), clear.end());
    return bytes;
}

std::optional<FglStatus> fgl_status(std::uint8_t byte) {
    switch (static_cast<FglStatus>(byte)) {
        case FglStatus::ticket_printed:
        case FglStatus::paper_low:
        case FglStatus::paper_out:
        case FglStatus::ready:
        case FglStatus::power_on:
        case FglStatus::not_ready:
        case FglStatus::ticket_taken:
        case FglStatus::paper_jam:
        case FglStatus::illegal_data:
        case FglStatus::start_failed: return static_cast<FglStatus>(byte);
    }
    return std::nullopt;
}

}  // namespace gatehouse::drivers
