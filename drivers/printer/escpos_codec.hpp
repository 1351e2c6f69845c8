// ESC/POS: a paper becomes bytes, status bytes become facts. Source: Epson's ESC/POS command reference.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "drivers/printer/ticket_paper.hpp"
#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

enum class EscposEncoding : std::uint8_t {
    gb18030,
    gbk,
    utf8,
    raster,  // text as dots, for printers without Chinese
};
enum class EscposQr : std::uint8_t { native, raster };

struct EscposStyle {
    std::uint32_t width = 576;  // dots of a line: 576 on 80 mm, 384 on 58 mm
    EscposEncoding encoding = EscposEncoding::gb18030;
    EscposQr qr = EscposQr::native;
    bool drawer = false;  // one is at its socket: opened for papers that ask for it
    friend bool operator==(const EscposStyle&, const EscposStyle&) = default;
};

// The whole paper, from initialisation to cut; one that holds nothing and opens the drawer leaves the paper where it
// is. Contains no real-time command (DLE EOT, DLE ENQ, DLE DC4), also not inside a picture. Fails with invalid_body for
// text that is not UTF-8 or a QR that is not printable ASCII, and with too_large for a QR that does not fit the width;
// as draw_text() does with text as dots.
[[nodiscard]] Result<Bytes> encode_paper(const TicketPaper& paper, const EscposStyle& style);

// DLE EOT n, and what its one-byte answers say.
enum class StatusQuery : std::uint8_t { printer = 1, offline_cause = 2, error_cause = 3, paper = 4 };
[[nodiscard]] Bytes status_request(StatusQuery query);

struct PrinterFacts {
    bool offline = false;
    bool cover_open = false;
    bool paper_end = false;
    bool paper_near_end = false;
    bool cutter = false;  // stuck; an error, too
    bool error = false;
    bool drawer_high =
        false;  // the level of its switch, pin 3 of the drawer's socket: which one is open, the drawer says
    friend bool operator==(const PrinterFacts&, const PrinterFacts&) = default;
};

// One thing the printer said.
struct RealTimeStatus {  // answer to DLE EOT; which one is known to who asked
    std::uint8_t byte = 0;
    friend bool operator==(const RealTimeStatus&, const RealTimeStatus&) = default;
};
struct MarkerReached {  // answer to GS r 1: all bytes before it have been worked off
    std::uint8_t byte = 0;
    friend bool operator==(const MarkerReached&, const MarkerReached&) = default;
};
struct AutomaticStatus {  // four bytes nobody asked for
    PrinterFacts facts;
    friend bool operator==(const AutomaticStatus&, const AutomaticStatus&) = default;
};
using PrinterAnswer = std::variant<RealTimeStatus, MarkerReached, AutomaticStatus>;

// Folds the answer to `query` into what is known.
void apply_status(PrinterFacts& facts, StatusQuery query, std::uint8_t byte);

// Tells the three kinds apart by their fixed bits, byte by byte; other bytes are skipped.
class StatusReader {
public:
    [[nodiscard]] std::optional<PrinterAnswer> take(std::uint8_t byte);
    void reset() { count_ = 0; }

private:
    std::array<std::uint8_t, 4> frame_{};
    std::size_t count_ = 0;
};

}  // namespace gatehouse::drivers
