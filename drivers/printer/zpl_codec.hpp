// ZPL II: a paper becomes one format, the answer to ~HS becomes facts. Source: Zebra's ZPL II programming guide.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/printer/label_style.hpp"
#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// One format, ^XA to ^XZ, for one label. Field data is escaped (^FH), so nothing that is printed is a command. Fails as
// draw_text() and draw_qr() do.
[[nodiscard]] Result<Bytes> encode_zpl(const TicketPaper& paper, const LabelStyle& style);

[[nodiscard]] Bytes zpl_status_request();  // ~HS
[[nodiscard]] Bytes zpl_cancel_all();      // ~JA: what is buffered or half received is forgotten

// What ~HS says; names as in the guide.
struct ZplStatus {
    bool paper_out = false;
    bool paused = false;
    bool buffer_full = false;
    bool partial_format = false;
    bool corrupt_memory = false;
    bool too_cold = false;
    bool too_hot = false;
    bool head_up = false;
    bool ribbon_out = false;
    std::uint32_t formats_waiting = 0;   // in the receive buffer
    std::uint32_t labels_remaining = 0;  // of the batch being printed
    friend bool operator==(const ZplStatus&, const ZplStatus&) = default;

    // Nothing is left to print.
    [[nodiscard]] bool is_idle() const { return formats_waiting == 0 && labels_remaining == 0 && !partial_format; }
};

// Reads the three lines of an answer, STX … ETX CR LF each, byte by byte. Lines out of turn, too long or of the wrong
// shape are dropped with what came before them.
class ZplStatusReader {
public:
    [[nodiscard]] std::optional<ZplStatus> take(std::uint8_t byte);
    void reset();

private:
    [[nodiscard]] std::optional<ZplStatus> end_line();

    bool inside_ = false;
    std::string line_;
    unsigned lines_ = 0;  // of this answer
    ZplStatus status_;
};

}  // namespace gatehouse::drivers
