#include "drivers/printer/escpos_codec.hpp"

#include "drivers/printer/printed_text.hpp"
#include "drivers/printer/qr_picture.hpp"
#include "drivers/printer/text_picture.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t esc = 0x1b;
constexpr std::uint8_t gs = 0x1d;
constexpr std::uint8_t fs = 0x1c;
constexpr std::uint8_t dle = 0x10;
constexpr std::uint8_t size_normal = 0x00;
constexpr std::uint8_t size_tall = 0x01;
constexpr std::uint8_t size_large = 0x11;
constexpr std::size_t band_rows = 128;  // of a picture in one command: small printers have small buffers

class PaperWriter {
public:
    explicit PaperWriter(const EscposStyle& style) : style_(style) {
        add({esc, '@'});
        switch (style.encoding) {
            case EscposEncoding::gb18030:
            case EscposEncoding::gbk: add({fs, '&'}); return;
            case EscposEncoding::utf8: add({fs, '(', 'C', 2, 0, '0', 2}); return;
            case EscposEncoding::raster: return;
        }
    }

    void drawer() { add({esc, 'p', 0x00, 0x19, 0xfa}); }
    void finish(bool cut) {
        add({esc, 'd', 4});
        if (cut) add({gs, 'V', 0x42, 0x00});
    }

    [[nodiscard]] Result<void> line(const PaperLine& line) {
        if (style_.encoding == EscposEncoding::raster) {
            const auto picture = draw_text(line, style_.width);
            if (!picture) return picture.error();
            add({esc, 'a', static_cast<std::uint8_t>(PaperAlign::left)});
            raster(picture->row_octets, picture->rows, picture->bits);
            return {};
        }
        const auto text = printed_text(line.text, style_.encoding);
        if (!text) return text.error();
        add({esc, 'a', static_cast<std::uint8_t>(line.align), gs, '!', size_byte(line.size)});
        add({esc, 'E', static_cast<std::uint8_t>(line.bold ? 1 : 0)});
        bytes_.insert(bytes_.end(), text->begin(), text->end());
        add({'\n'});
        return {};
    }

    [[nodiscard]] Result<void> qr(std::string_view text) {
        const auto picture = draw_qr(text, style_.width);
        if (!picture) return picture.error();
        add({esc, 'a', static_cast<std::uint8_t>(PaperAlign::centre)});
        if (style_.qr == EscposQr::native)
            native_qr(text, static_cast<std::uint8_t>(picture->scale));
        else
            raster(picture->row_octets, picture->rows, picture->bits);
        add({'\n'});
        return {};
    }

    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    static std::uint8_t size_byte(PaperSize size) {
        switch (size) {
            case PaperSize::normal: return size_normal;
            case PaperSize::tall: return size_tall;
            case PaperSize::large: return size_large;
        }
        return size_normal;
    }

    void add(std::initializer_list<std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes); }

    void native_qr(std::string_view text, std::uint8_t module) {
        const auto length = text.size() + 3;
        add({gs, '(', 'k', 4, 0, '1', 'A', '2', 0});  // model 2
        add({gs, '(', 'k', 3, 0, '1', 'C', module});
        add({gs, '(', 'k', 3, 0, '1', 'E', '1'});  // error correction M
        add({gs, '(', 'k', static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(length >> 8U), '1', 'P', '0'});
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        add({gs, '(', 'k', 3, 0, '1', 'Q', '0'});
    }

    void raster(std::size_t row_octets, std::size_t all_rows, const Bytes& bits) {
        for (std::size_t row = 0; row < all_rows; row += band_rows) {
            const auto rows = std::min(band_rows, all_rows - row);
            add({gs, 'v', '0', 0, static_cast<std::uint8_t>(row_octets), 0, static_cast<std::uint8_t>(rows), 0});
            const auto first = bits.begin() + static_cast<std::ptrdiff_t>(row * row_octets);
            bytes_.insert(bytes_.end(), first, first + static_cast<std::ptrdiff_t>(rows * row_octets));
        }
    }

    EscposStyle style_;
    Bytes bytes_;
};

}  // namespace

Result<Bytes> encode_paper(const TicketPaper& paper, const EscposStyle& style) {
    PaperWriter out(style);
    if (paper.open_drawer && style.drawer) out.drawer();
    if (is_drawer_alone(paper)) return out.take();
    for (const auto& line : printed_head(paper))
        if (auto done = out.line(line); !done) return done.error();
    if (!paper.qr.empty())
        if (auto done = out.qr(paper.qr); !done) return done.error();
    for (const auto& line : paper.foot)
        if (auto done = out.line(line); !done) return done.error();
    out.finish(paper.cut);
    return out.take();
}

Bytes status_request(StatusQuery query) { return {dle, 0x04, static_cast<std::uint8_t>(query)}; }

void apply_status(PrinterFacts& facts, StatusQuery query, std::uint8_t byte) {
    const auto has = [byte](unsigned mask) { return (byte & mask) != 0; };
    switch (query) {
        case StatusQuery::printer:
            facts.offline = has(0x08);
            facts.drawer_high = has(0x04);
            return;
        case StatusQuery::offline_cause:
            facts.cover_open = has(0x04);
            facts.paper_end = has(0x20);
            facts.error = has(0x40);
            return;
        case StatusQuery::error_cause:
            facts.cutter = has(0x08);
            facts.error = facts.error || has(0x6c);
            return;
        case StatusQuery::paper:
            facts.paper_near_end = has(0x0c);
            facts.paper_end = facts.paper_end || has(0x60);
            return;
    }
}

namespace {

constexpr unsigned fixed_bits = 0x93;  // 7, 4, 1, 0

bool is_real_time(std::uint8_t byte) { return (byte & fixed_bits) == 0x12; }
bool starts_automatic(std::uint8_t byte) { return (byte & fixed_bits) == 0x10; }
bool is_plain(std::uint8_t byte) { return (byte & 0x90U) == 0x00; }  // the rest of an automatic status
// GS r 1: both bits of paper near its end are equal, and both of paper at its end.
bool is_marker(std::uint8_t byte) { return is_plain(byte) && ((byte ^ (byte >> 1U)) & 0x05U) == 0; }

PrinterFacts automatic_facts(const std::array<std::uint8_t, 4>& frame) {
    PrinterFacts facts;
    facts.offline = (frame[0] & 0x08U) != 0;
    facts.drawer_high = (frame[0] & 0x04U) != 0;
    facts.cover_open = (frame[0] & 0x20U) != 0;
    facts.cutter = (frame[1] & 0x08U) != 0;
    facts.error = (frame[1] & 0x6cU) != 0;
    facts.paper_near_end = (frame[2] & 0x03U) != 0;
    facts.paper_end = (frame[2] & 0x0cU) != 0;
    return facts;
}

}  // namespace

std::optional<PrinterAnswer> StatusReader::take(std::uint8_t byte) {
    if (count_ > 0 && is_plain(byte)) {
        frame_[count_++] = byte;
        if (count_ < frame_.size()) return std::nullopt;
        count_ = 0;
        return AutomaticStatus{automatic_facts(frame_)};
    }
    if (is_real_time(byte)) return RealTimeStatus{byte};  // may fall between the octets of an automatic status
    count_ = 0;
    if (starts_automatic(byte)) {
        frame_[count_++] = byte;
        return std::nullopt;
    }
    if (is_marker(byte)) return MarkerReached{byte};
    return std::nullopt;
}

}  // namespace gatehouse::drivers
