#include "drivers/printer/zpl_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "drivers/printer/printed_text.hpp"
#include "drivers/printer/qr_picture.hpp"
#include "drivers/printer/text_picture.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t stx = 0x02;
constexpr std::uint8_t etx = 0x03;
constexpr std::size_t longest_line = 80;
constexpr std::size_t largest_module = 10;  // of ^BQ

// Field data after ^FH: commands' first letters, the escape itself and what is not ASCII as _hh.
std::string escaped(const Bytes& text) {
    std::string out;
    for (const auto octet : text) {
        if (octet < 0x20 || octet >= 0x7f || octet == '^' || octet == '~' || octet == '_')
            out += fmt::format("_{:02X}", octet);
        else
            out.push_back(static_cast<char>(octet));
    }
    return out;
}

class FormatWriter {
public:
    explicit FormatWriter(const LabelStyle& style) : style_(style) {}

    [[nodiscard]] Result<void> line(const PaperLine& line) {
        if (style_.text == LabelText::raster) {
            const auto picture = draw_text(line, style_.width);
            if (!picture) return picture.error();
            graphic(0, picture->row_octets, picture->rows, picture->bits);
            return {};
        }
        const auto text = printed_text(line.text, EscposEncoding::utf8);
        if (!text) return text.error();
        const std::size_t tall = line.size == PaperSize::normal ? 1 : 2;
        const std::size_t wide = line.size == PaperSize::large ? 2 : 1;
        constexpr std::string_view sides = "LCR";
        fields_ += fmt::format("^FO0,{}^A0N,{},{}^FB{},1,0,{}^FH^FD{}^FS\n", y_, text_cell * tall, text_cell * wide,
                               style_.width, sides[static_cast<std::size_t>(line.align)], escaped(*text));
        y_ += text_row * tall;
        return {};
    }

    [[nodiscard]] Result<void> qr(std::string_view text) {
        const auto picture = draw_qr(text, style_.width);
        if (!picture) return picture.error();
        const auto left = (style_.width - picture->rows) / 2;
        if (style_.qr == LabelQr::raster) {
            graphic(left, picture->row_octets, picture->rows, picture->bits);
            return {};
        }
        // ^BQ draws no quiet zone, and some printers put ten dots above the symbol.
        const auto scale = std::min(picture->scale, largest_module);
        const auto margin = 4 * scale;
        fields_ += fmt::format("^FO{},{}^BQN,2,{}^FH^FDMA,{}^FS\n", left + margin, y_ + margin, scale,
                               escaped(bytes_of(text)));
        y_ += picture->rows + 10;
        return {};
    }

    [[nodiscard]] Bytes finish(bool cut) const {
        // ^JZY: a label that ran out of paper is printed again after the refill. ^PQ1: one of it.
        return bytes_of(fmt::format("^XA^CI28^PW{}^LL{}^LH0,0^JZY^MM{}\n{}^PQ1\n^XZ", style_.width, y_ + text_row,
                                    cut ? 'C' : 'T', fields_));
    }

private:
    void graphic(std::size_t left, std::size_t row_octets, std::size_t rows, const Bytes& bits) {
        fields_ +=
            fmt::format("^FO{},{}^GFA,{},{},{},{}^FS\n", left, y_, bits.size(), bits.size(), row_octets, to_hex(bits));
        y_ += rows;
    }

    LabelStyle style_;
    std::string fields_;
    std::size_t y_ = text_row;
};

// "030,0,0,…" in exactly `Count` decimal numbers.
template <std::size_t Count>
std::optional<std::array<std::uint32_t, Count>> numbers_in(std::string_view line) {
    std::array<std::uint32_t, Count> numbers{};
    const auto* at = line.data();
    const auto* const end = line.data() + line.size();
    for (std::size_t i = 0; i < Count; ++i) {
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        if (error != std::errc{}) return std::nullopt;
        const bool is_last = i + 1 == Count;
        if (is_last != (next == end) || (!is_last && *next != ',')) return std::nullopt;
        at = is_last ? next : next + 1;
    }
    return numbers;
}

bool read_first(std::string_view line, ZplStatus& status) {
    const auto n = numbers_in<12>(line);
    if (!n) return false;
    status.paper_out = (*n)[1] != 0;
    status.paused = (*n)[2] != 0;
    status.formats_waiting = (*n)[4];
    status.buffer_full = (*n)[5] != 0;
    status.partial_format = (*n)[7] != 0;
    status.corrupt_memory = (*n)[9] != 0;
    status.too_cold = (*n)[10] != 0;
    status.too_hot = (*n)[11] != 0;
    return true;
}

bool read_second(std::string_view line, ZplStatus& status) {
    const auto n = numbers_in<11>(line);
    if (!n) return false;
    status.head_up = (*n)[2] != 0;
    status.ribbon_out = (*n)[3] != 0;
    status.labels_remaining = (*n)[8];
    return true;
}

}  // namespace

Result<Bytes> encode_zpl(const TicketPaper& paper, const LabelStyle& style) {
    FormatWriter out(style);
    for (const auto& line : printed_head(paper))
        if (auto done = out.line(line); !done) return done.error();
    if (!paper.qr.empty())
        if (auto done = out.qr(paper.qr); !done) return done.error();
    for (const auto& line : paper.foot)
        if (auto done = out.line(line); !done) return done.error();
    return out.finish(paper.cut);
}

Bytes zpl_status_request() { return bytes_of("~HS"); }
Bytes zpl_cancel_all() { return bytes_of("~JA"); }

void ZplStatusReader::reset() { *this = {}; }

std::optional<ZplStatus> ZplStatusReader::take(std::uint8_t byte) {
    if (byte == stx) {
        inside_ = true;
        line_.clear();
        return std::nullopt;
    }
    if (!inside_) return std::nullopt;
    if (byte == etx) return end_line();
    if (line_.size() >= longest_line)
        reset();
    else
        line_.push_back(static_cast<char>(byte));
    return std::nullopt;
}

// The third line holds a password and says nothing of use, but that the answer is whole.
std::optional<ZplStatus> ZplStatusReader::end_line() {
    inside_ = false;
    const auto line = std::exchange(line_, {});
    if (ZplStatus first; read_first(line, first)) {
        status_ = first;
        lines_ = 1;
        return std::nullopt;
    }
    const auto lines = std::exchange(lines_, 0U);
    if (lines == 1 && read_second(line, status_)) lines_ = 2;
    if (lines == 2 && numbers_in<2>(line)) return status_;
    return std::nullopt;
}

}  // namespace gatehouse::drivers
