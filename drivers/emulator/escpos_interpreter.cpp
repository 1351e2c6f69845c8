#include "drivers/emulator/escpos_interpreter.hpp"

#include <iconv.h>

#include <utility>

namespace gatehouse::drivers::emulator {

namespace {

constexpr unsigned esc = 0x1b;
constexpr unsigned fs = 0x1c;
constexpr unsigned gs = 0x1d;

std::string decode(const Bytes& bytes, bool utf8) {
    std::string text(bytes.size() * 4, '\0');
    iconv_t conversion = iconv_open("UTF-8//IGNORE", utf8 ? "UTF-8" : "GB18030");
    auto* in = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
    std::size_t in_left = bytes.size();
    char* out = text.data();
    std::size_t out_left = text.size();
    iconv(conversion, &in, &in_left, &out, &out_left);
    iconv_close(conversion);
    text.resize(text.size() - out_left);
    return text;
}

}  // namespace

void EscposInterpreter::reset() {
    input_.clear();
    line_.clear();
    qr_stored_.clear();
    initialise();
}

void EscposInterpreter::initialise() {
    style_ = {};
    chinese_ = true;
    utf8_ = false;
    qr_module_ = 3;
    qr_correction_ = '0';
    graphic_.reset();
}

std::optional<PrinterAct> EscposInterpreter::next() {
    std::optional<PrinterAct> act;
    while (!input_.empty()) {
        switch (command(act)) {
            case Step::needs_more: return std::nullopt;
            case Step::silent: continue;
            case Step::acted: return act;
        }
    }
    return std::nullopt;
}

EscposInterpreter::Step EscposInterpreter::command(std::optional<PrinterAct>& act) {
    const auto first = at(0);
    if (first == esc) return escape(act);
    if (first == gs) return group(act);
    if (first == fs) return chinese(act);
    take(1);
    if (first == '\n') {
        act = finish_line();
        return Step::acted;
    }
    if (first >= 0x20) line_.push_back(static_cast<std::uint8_t>(first));
    return Step::silent;
}

EscposInterpreter::Step EscposInterpreter::escape(std::optional<PrinterAct>& act) {
    if (!has(2)) return Step::needs_more;
    const auto letter = at(1);
    if (letter == '@') {
        take(2);
        line_.clear();
        initialise();
        return Step::silent;
    }
    if (letter == 'p') {
        if (!has(5)) return Step::needs_more;
        take(5);
        act = DrawerOpened{};
        return Step::acted;
    }
    if (letter != 'a' && letter != 'E' && letter != 'd' && letter != 't') return unknown(2, act);
    if (!has(3)) return Step::needs_more;
    const auto value = at(2);
    take(3);
    if (letter == 'a') style_.align = static_cast<Align>(value % 48 % 3);
    if (letter == 'E') style_.bold = (value & 1U) != 0;
    if (letter != 'd') return Step::silent;
    act = PaperItem{PrintedFeed{value}};
    return Step::acted;
}

EscposInterpreter::Step EscposInterpreter::group(std::optional<PrinterAct>& act) {
    if (!has(3)) return Step::needs_more;
    const auto letter = at(1);
    const auto value = at(2);
    if ((letter == '(' || letter == '8') && value == 'L') return graphic(act);
    if (letter == '(') return symbol(act);
    if (letter == 'v') return picture(act);
    if (letter == 'V') return cut(act);
    if (letter != '!' && letter != 'r' && letter != 'a') return unknown(2, act);
    take(3);
    if (letter == '!') {
        style_.wide = (value >> 4U & 7U) + 1;
        style_.tall = (value & 7U) + 1;
        return Step::silent;
    }
    act = letter == 'r' ? PrinterAct(StatusWanted{static_cast<std::uint8_t>(value)})
                        : PrinterAct(AutomaticStatusSet{static_cast<std::uint8_t>(value)});
    return Step::acted;
}

EscposInterpreter::Step EscposInterpreter::cut(std::optional<PrinterAct>& act) {
    const auto kind = at(2);
    const bool feeds = kind >= 65 && kind <= 104;
    if (feeds && !has(4)) return Step::needs_more;
    take(feeds ? 4 : 3);
    act = CutMade{};
    return Step::acted;
}

// FS & and FS . switch Chinese on and off; FS ( C fn 48 chooses the encoding.
EscposInterpreter::Step EscposInterpreter::chinese(std::optional<PrinterAct>& act) {
    if (!has(2)) return Step::needs_more;
    const auto letter = at(1);
    if (letter == '&' || letter == '.') {
        take(2);
        chinese_ = letter == '&';
        return Step::silent;
    }
    if (letter != '(') return unknown(2, act);
    if (!has(5)) return Step::needs_more;
    const std::size_t length = at(3) + at(4) * 256;
    if (!has(5 + length)) return Step::needs_more;
    if (at(2) == 'C' && length == 2 && at(5) == '0') utf8_ = at(6) == 2 || at(6) == '2';
    take(5 + length);
    return Step::silent;
}

// GS ( k: QR symbols.
EscposInterpreter::Step EscposInterpreter::symbol(std::optional<PrinterAct>& act) {
    if (!has(5)) return Step::needs_more;
    const std::size_t length = at(3) + at(4) * 256;
    if (!has(5 + length)) return Step::needs_more;
    const bool is_qr = at(2) == 'k' && length >= 3 && at(5) == '1';
    if (!is_qr) return unknown(5 + length, act);
    const auto function = at(6);
    const auto value = at(7);
    if (function == 'C') qr_module_ = value;
    if (function == 'E') qr_correction_ = static_cast<char>(value);
    if (function == 'P')
        qr_stored_.assign(input_.begin() + 8, input_.begin() + 5 + static_cast<std::ptrdiff_t>(length));
    take(5 + length);
    if (function != 'Q') return Step::silent;
    act = PaperItem{PrintedQr{qr_stored_, style_.align, qr_module_, qr_correction_}};
    return Step::acted;
}

// GS ( L pL pH m fn … and, for more than 65,535 octets, GS 8 L p1 p2 p3 p4 m fn …: graphics are stored, then printed.
EscposInterpreter::Step EscposInterpreter::graphic(std::optional<PrinterAct>& act) {
    constexpr std::size_t most = 4 << 20;
    const std::size_t begin = at(1) == '8' ? 7 : 5;
    if (!has(begin)) return Step::needs_more;
    std::size_t length = 0;
    for (auto i = begin; i-- > 3;) length = length * 256 + at(i);
    if (length > most) return unknown(begin, act);
    if (!has(begin + length)) return Step::needs_more;
    auto printed = length < 2 ? std::nullopt : stored_graphic(begin, length);
    const bool stored = !printed && graphic_ && length > 2;
    if (!printed && !stored) return unknown(begin + length, act);
    take(begin + length);
    if (!printed) return Step::silent;
    act = std::move(*printed);
    return Step::acted;
}

// Function 112 stores: m fn a bx by c xL xH yL yH d…, in one colour and as large as it is. Function 50 prints what is
// stored.
std::optional<PaperItem> EscposInterpreter::stored_graphic(std::size_t begin, std::size_t length) {
    const auto function = at(begin + 1);
    if (function == 2 || function == '2') {
        auto printed = std::exchange(graphic_, std::nullopt);
        if (!printed) return std::nullopt;
        printed->align = style_.align;
        return PaperItem{std::move(*printed)};
    }
    graphic_.reset();
    if (function != 'p' || length < 10 || at(begin + 2) != '0' || at(begin + 3) != 1 || at(begin + 4) != 1)
        return std::nullopt;
    const auto octets = (at(begin + 6) + at(begin + 7) * 256 + 7) / 8;
    const auto rows = at(begin + 8) + at(begin + 9) * 256;
    if (length - 10 != std::size_t{octets} * rows) return std::nullopt;
    graphic_ = PrintedPicture{style_.align, octets, rows, {}};
    const auto data = input_.begin() + static_cast<std::ptrdiff_t>(begin);
    graphic_->bits.assign(data + 10, data + static_cast<std::ptrdiff_t>(length));
    return std::nullopt;
}

// GS v 0 m xL xH yL yH d…
EscposInterpreter::Step EscposInterpreter::picture(std::optional<PrinterAct>& act) {
    if (!has(8)) return Step::needs_more;
    const auto octets = at(4) + at(5) * 256;
    const auto rows = at(6) + at(7) * 256;
    const std::size_t size = std::size_t{octets} * rows;
    if (!has(8 + size)) return Step::needs_more;
    PrintedPicture band{style_.align, octets, rows, {}};
    band.bits.assign(input_.begin() + 8, input_.begin() + 8 + static_cast<std::ptrdiff_t>(size));
    take(8 + size);
    act = PaperItem{std::move(band)};
    return Step::acted;
}

EscposInterpreter::Step EscposInterpreter::unknown(std::size_t length, std::optional<PrinterAct>& act) {
    const Bytes bytes(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(length));
    take(length);
    act = CommandUnknown{to_hex(bytes)};
    return Step::acted;
}

void EscposInterpreter::take(std::size_t count) {
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(count));
}

PaperItem EscposInterpreter::finish_line() {
    const auto bytes = std::exchange(line_, {});
    if (bytes.empty()) return PrintedFeed{1};
    auto line = style_;
    line.text = decode(bytes, utf8_ || !chinese_);
    return line;
}

}  // namespace gatehouse::drivers::emulator
