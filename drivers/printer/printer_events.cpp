#include "drivers/printer/printer_events.hpp"

namespace gatehouse::drivers {

std::string_view to_string(NotPrintedReason reason) {
    switch (reason) {
        case NotPrintedReason::cancelled: return "cancelled";
        case NotPrintedReason::waited_too_long: return "waited_too_long";
        case NotPrintedReason::queue_full: return "queue_full";
    }
    return "cancelled";
}

std::string_view to_string(PrinterState state) {
    switch (state) {
        case PrinterState::link_down: return "link_down";
        case PrinterState::no_answer: return "no_answer";
        case PrinterState::ready: return "ready";
        case PrinterState::paper_low: return "paper_low";
        case PrinterState::paper_out: return "paper_out";
        case PrinterState::cover_open: return "cover_open";
        case PrinterState::cutter: return "cutter";
        case PrinterState::fault: return "fault";
    }
    return "fault";
}

bool needs_a_person(PrinterState state) {
    switch (state) {
        case PrinterState::paper_out:
        case PrinterState::cover_open:
        case PrinterState::cutter:
        case PrinterState::fault: return true;
        case PrinterState::link_down:
        case PrinterState::no_answer:
        case PrinterState::ready:
        case PrinterState::paper_low: return false;
    }
    return false;
}

}  // namespace gatehouse::drivers
