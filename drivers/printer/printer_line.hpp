// What a printer's port says beside the printer's own answers: how writing goes, and a USB printer's status lines.
#pragma once

#include <optional>

#include "drivers/printer/printer_events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// Guarantees
// - Status lines are believed once they have said that all is well: some printers always say the same.
// - A printer that takes nothing is waited for while it is known to need a person, else given `stuck`: from the last
//   octets that it took, or the last change of its lines.
class PrinterLine {
public:
    explicit PrinterLine(Duration stuck) : stuck_(stuck) {}

    void begin(Instant now);  // a new connection
    void take(const WriteProgressed& progress, Instant now);
    void take(const PrinterStatusRead& status, Instant now);

    [[nodiscard]] bool is_full() const { return left_ > 0; }  // what was written waits for the printer
    // Why the lines say that it does not print.
    [[nodiscard]] std::optional<PrinterState> stop() const { return believed_ ? stop_ : std::nullopt; }
    // While full: when to give it up; never while a person is needed. `said` is the printer's own last word.
    [[nodiscard]] std::optional<Instant> full_due(std::optional<PrinterState> said) const;

private:
    Duration stuck_;
    std::size_t left_ = 0;
    Instant moved_{};
    std::optional<PrinterState> stop_;
    bool believed_ = false;
};

}  // namespace gatehouse::drivers
