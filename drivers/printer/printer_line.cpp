#include "drivers/printer/printer_line.hpp"

#include <utility>

namespace gatehouse::drivers {

namespace {

std::optional<PrinterState> stop_in(const PrinterStatusRead& status) {
    if (status.paper_out) return PrinterState::paper_out;
    if (status.error || !status.selected) return PrinterState::fault;
    return std::nullopt;
}

bool needs_a_hand(PrinterState state) {
    switch (state) {
        case PrinterState::paper_out:
        case PrinterState::cover_open:
        case PrinterState::fault: return true;
        case PrinterState::link_down:
        case PrinterState::no_answer:
        case PrinterState::ready:
        case PrinterState::paper_low: return false;
    }
    return false;
}

}  // namespace

void PrinterLine::begin(Instant now) {
    left_ = 0;
    moved_ = now;
    stop_.reset();
}

void PrinterLine::take(const WriteProgressed& progress, Instant now) {
    left_ = progress.left;
    moved_ = now;
}

void PrinterLine::take(const PrinterStatusRead& status, Instant now) {
    const auto stop = stop_in(status);
    if (!stop) believed_ = true;
    if (std::exchange(stop_, stop) != stop) moved_ = now;
}

Instant PrinterLine::full_due(std::optional<PrinterState> said) const {
    const bool known = stop() || (said && needs_a_hand(*said));
    return moved_ + (known ? waiting_ : stuck_);
}

}  // namespace gatehouse::drivers
