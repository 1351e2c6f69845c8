#include "drivers/catalog/printer_settings.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::string_view, 3> any_port{"port", "path", "tcp"};
constexpr std::array<std::string_view, 4> encodings{"gb18030", "gbk", "utf8", "raster"};
constexpr std::array<std::string_view, 2> fgl_encodings{"raster", "ascii"};
constexpr std::array<std::string_view, 2> zpl_encodings{"raster", "utf8"};
constexpr std::array<std::string_view, 2> qrs{"native", "raster"};
constexpr std::array<std::string_view, 3> drawers{"none", "high", "low"};

// Octets a second of a serial line: ten bits each.
std::size_t pace_of(const PortSettings& port) {
    const auto* serial = std::get_if<SerialSettings>(&port);
    return serial == nullptr ? 0 : serial->baud / 10;
}

template <class Style>
Style read_label(SettingReader& in, const std::array<std::string_view, 2>& texts) {
    Style style;
    style.width = static_cast<std::uint32_t>(in.number("width", 576, 128, 1'024));
    style.text = static_cast<LabelText>(in.choice("encoding", texts));
    style.qr = static_cast<LabelQr>(in.choice("qr", qrs));
    return style;
}

}  // namespace

PrinterSetup read_escpos(SettingReader& in) {
    auto port = in.port(any_port, 19'200);
    EscposOptions options;
    options.octets_per_second = pace_of(port);
    EscposStyle style;
    if (const auto drawer = in.choice("drawer", drawers); drawer != 0) {
        options.open_drawer = drawer == 1;
        style.drawer = true;
    }
    style.width = static_cast<std::uint32_t>(in.number("width", 576, 128, 1'024));
    style.encoding = static_cast<EscposEncoding>(in.choice("encoding", encodings));
    style.qr = static_cast<EscposQr>(in.choice("qr", qrs));
    return {std::move(port), EscposSession(options), style};
}

PrinterSetup read_fgl(SettingReader& in) {
    auto port = in.port(any_port, 9'600);
    FglOptions options;
    options.octets_per_second = pace_of(port);
    return {std::move(port), FglSession(options), read_label<FglStyle>(in, fgl_encodings)};
}

PrinterSetup read_zpl(SettingReader& in) {
    auto port = in.port(any_port, 9'600);
    ZplOptions options;
    options.octets_per_second = pace_of(port);
    return {std::move(port), ZplSession(options), read_label<ZplStyle>(in, zpl_encodings)};
}

Result<Bytes> encode_paper(const TicketPaper& paper, const PrinterStyle& style) {
    return std::visit(Match{[&](const EscposStyle& own) { return encode_paper(paper, own); },
                            [&](const FglStyle& own) { return encode_fgl(paper, own); },
                            [&](const ZplStyle& own) { return encode_zpl(paper, own); }},
                      style);
}

}  // namespace gatehouse::drivers
