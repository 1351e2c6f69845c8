// Any names, marks and codes on a paper, in every printer's language: what is printed never commands the printer. The
// first octet chooses the style, the rest is the texts, a line each: its first octet is its form, the last line is the
// code.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/printer/escpos_codec.hpp"
#include "drivers/printer/fgl_codec.hpp"
#include "drivers/printer/zpl_codec.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

PaperLine line_of(std::string_view text) {
    if (text.empty()) return {};
    const auto form = static_cast<unsigned char>(text[0]);
    return {std::string(text.substr(1)), static_cast<PaperAlign>(form % 3), static_cast<PaperSize>(form / 4 % 3),
            (form & 0x80U) != 0};
}

TicketPaper paper_of(std::string_view text) {
    TicketPaper paper;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.starts_with('!'))
            paper.reprint_mark = line.substr(1);
        else if (line.starts_with('$'))
            paper.open_drawer = true;
        else if (paper.head.size() < 4)
            paper.head.push_back(line_of(line));
        else if (paper.foot.size() < 4)
            paper.foot.push_back(line_of(line));
    }
    paper.qr = text;
    return paper;
}

void require(bool held) {
    if (!held) std::abort();
}

// DLE EOT, DLE ENQ and DLE DC4 are obeyed wherever they stand.
void judge_escpos(std::string_view bytes, bool in_dots, bool drawer) {
    for (const std::string_view command : {"\x10\x04", "\x10\x05", "\x10\x14"})
        require(bytes.find(command) == std::string_view::npos);
    require(bytes.starts_with("\x1b@") && bytes.ends_with(std::string_view("\x1dV\x42\x00", 4)));
    if (in_dots) return;
    // Outside pictures nothing but our own begins with ESC: a drawer opens when it is meant to.
    const auto kick = bytes.find("\x1bp");
    require((kick != std::string_view::npos) == drawer);
    require(!drawer || bytes.find("\x1bp", kick + 1) == std::string_view::npos);
}

// Commands in angle brackets, counted graphics, a code in braces, and text between.
void judge_fgl(std::string_view bytes) {
    std::size_t prints = 0;
    while (!bytes.empty()) {
        require(prints == 0);  // the print command is the last thing of a ticket
        if (bytes[0] != '<') {
            require(bytes[0] != '>' && bytes[0] >= ' ' && bytes[0] < 0x7f);
            bytes.remove_prefix(1);
            continue;
        }
        const auto end = bytes.find('>');
        require(end != std::string_view::npos);
        const auto command = bytes.substr(1, end - 1);
        bytes.remove_prefix(end + 1);
        if (command == "p" || command == "q") ++prints;
        if (command.starts_with("QR")) bytes.remove_prefix(bytes.find('}') + 1);
        if (!command.starts_with('G')) continue;
        const auto octets = static_cast<std::size_t>(std::stoul(std::string(command.substr(1))));
        require(octets <= bytes.size());
        bytes.remove_prefix(octets);
    }
    require(prints == 1);
}

// One format; every field's data is free of what begins a command, and of octets that are no ASCII.
void judge_zpl(std::string_view bytes) {
    require(bytes.starts_with("^XA") && bytes.ends_with("^XZ"));
    require(bytes.find('~') == std::string_view::npos && bytes.find("^XA", 3) == std::string_view::npos);
    require(bytes.find("^XZ") == bytes.size() - 3 && bytes.find("^PQ1") != std::string_view::npos);
    require(std::ranges::all_of(bytes, [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); }));
    for (auto at = bytes.find("^FD"); at != std::string_view::npos; at = bytes.find("^FD", at + 3))
        require(bytes.substr(bytes.find('^', at + 3)).starts_with("^FS"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const unsigned style = data[0];
    const auto paper = paper_of({reinterpret_cast<const char*>(data) + 1, size - 1});
    const std::uint32_t width = (style & 0x80U) != 0 ? 576 : 384;
    const LabelStyle label{width, static_cast<LabelText>(style / 4 % 2), static_cast<LabelQr>(style / 8 % 2)};
    Result<Bytes> made = Bytes{};
    switch (style % 4) {
        case 0:
        case 1: {
            const EscposStyle escpos{width, static_cast<EscposEncoding>(style / 4 % 4),
                                     static_cast<EscposQr>(style / 16 % 2), style % 4 == 1};
            made = encode_paper(paper, escpos);
            const bool in_dots = escpos.encoding == EscposEncoding::raster || escpos.qr == EscposQr::raster;
            if (made) judge_escpos(text_of(*made), in_dots, paper.open_drawer && escpos.drawer);
            break;
        }
        case 2:
            made = encode_fgl(paper, label);
            if (made) judge_fgl(text_of(*made));
            break;
        default:
            made = encode_zpl(paper, label);
            if (made) judge_zpl(text_of(*made));
            break;
    }
    if (!made && made.error().code != ErrorCode::invalid_body && made.error().code != ErrorCode::too_large)
        std::abort();
    return 0;
}
