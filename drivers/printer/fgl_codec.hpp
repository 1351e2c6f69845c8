// Boca's FGL: a paper becomes one ticket, status bytes become words. Source: FGL programming guide, FGL26/46.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/printer/label_style.hpp"
#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// One ticket, ended by <p> (print and cut) or <q> (print). Nothing that is printed is a command: text has no angle
// brackets, graphics are counted, a QR has no braces. Fails as draw_text() and draw_qr() do.
[[nodiscard]] Result<Bytes> encode_fgl(const TicketPaper& paper, const LabelStyle& style);

[[nodiscard]] Bytes fgl_status_request();  // <S1>: answered with X-ON, and only when the printer is ready
// Ends whatever a torn ticket left open and clears the print buffer. `torn`: a ticket may have broken off inside
// counted graphics or right before them, so as many octets are sent as any of them has.
[[nodiscard]] Bytes fgl_clear(bool torn);

// Said once at each change, by nobody's request.
enum class FglStatus : std::uint8_t {
    ticket_printed = 0x06,
    paper_low = 0x0f,
    paper_out = 0x10,
    ready = 0x11,  // X-ON
    power_on = 0x12,
    not_ready = 0x13,  // X-OFF
    ticket_taken = 0x16,
    paper_jam = 0x18,
    illegal_data = 0x19,
    start_failed = 0x1a,
};
// Nothing for any other byte.
[[nodiscard]] std::optional<FglStatus> fgl_status(std::uint8_t byte);

}  // namespace gatehouse::drivers
