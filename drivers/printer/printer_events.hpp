// What all printer drivers have in common: their events and effects.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/link/link_events.hpp"
#include "drivers/link/write_progress.hpp"
#include "schemas/base/strong.hpp"

namespace gatehouse::drivers {

// Names one print job; chosen by the desk, never used twice while the process lives.
using PrintJobId = Strong<struct PrintJobIdTag, std::uint64_t>;

// Events. Each PrintRequested is answered by exactly one ReportPrinted, ReportNotPrinted or ReportPrintUnknown.
struct PrintRequested {
    PrintJobId id;
    std::vector<Bytes> papers;  // one piece of paper each, in the printer's language; see escpos_codec.hpp
    friend bool operator==(const PrintRequested&, const PrintRequested&) = default;
};
struct CancelRequested {  // takes back what has not begun; a job under way goes on
    PrintJobId id;
    friend bool operator==(const CancelRequested&, const CancelRequested&) = default;
};
using PrinterEvent = std::variant<LinkUp, LinkDown, BytesRead, PrinterStatusRead, WriteProgressed, Ticked,
                                  PrintRequested, CancelRequested>;

// Effects.
struct ReportPrinted {  // the printer has worked off the last byte
    PrintJobId id;
    friend bool operator==(const ReportPrinted&, const ReportPrinted&) = default;
};

enum class NotPrintedReason : std::uint8_t { cancelled, waited_too_long, queue_full };
[[nodiscard]] std::string_view to_string(NotPrintedReason reason);

struct ReportNotPrinted {  // nothing of it was ever sent
    PrintJobId id;
    NotPrintedReason reason{};
    friend bool operator==(const ReportNotPrinted&, const ReportNotPrinted&) = default;
};

// The printer or its power was lost while paper `printed` + 1 was under way, or never came back for it: somebody looks
// at the paper.
// The `printed` papers before it are certain, those after it were not begun.
struct ReportPrintUnknown {
    PrintJobId id;
    std::uint32_t printed = 0;
    friend bool operator==(const ReportPrintUnknown&, const ReportPrintUnknown&) = default;
};

enum class PrinterState : std::uint8_t {
    link_down,
    no_answer,
    ready,
    paper_low,  // prints
    paper_out,  // jobs wait for the refill and then go on by themselves
    cover_open,
    cutter,  // stuck
    fault,   // head, voltage or temperature: needs a person, too
};
[[nodiscard]] std::string_view to_string(PrinterState state);
// It says itself what it lacks: jobs wait for as long as that takes.
[[nodiscard]] bool needs_a_person(PrinterState state);

struct ReportPrinterState {  // only when it changed
    PrinterState state{};
    friend bool operator==(const ReportPrinterState&, const ReportPrinterState&) = default;
};

// The cash drawer at the printer: the first look at it, and when it changed.
struct ReportDrawer {
    bool open = false;
    friend bool operator==(const ReportDrawer&, const ReportDrawer&) = default;
};

using PrinterEffect = std::variant<WriteBytes, HangUp, ReportPrinted, ReportNotPrinted, ReportPrintUnknown,
                                   ReportPrinterState, ReportDrawer>;
using PrinterEffects = std::vector<PrinterEffect>;

}  // namespace gatehouse::drivers
