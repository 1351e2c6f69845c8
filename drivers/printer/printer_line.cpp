#include "drivers/printer/printer_line.hpp"

#include <utility>

namespace gatehouse::drivers {

namespace {

std::optional<PrinterState> stop_in(const PrinterStatusRead& status) {
    if (status.paper_out) return PrinterState::paper_out;
    if (status.error || !status.selected) return PrinterState::fault;
    return std::nullopt;
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

std::optional<Instant> PrinterLine::full_due(std::optional<PrinterState> said) const {
    if (stop() || (said && needs_a_person(*said))) return std::nullopt;
    return moved_ + stuck_;
}

}  // namespace gatehouse::drivers
