// What happens to a node's deciding thread. Past participles; each is legal at any time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/printer/printer_events.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "edge/desk/commands.hpp"
#include "schemas/records/body.hpp"

namespace gatehouse::edge {

// Names the caller of a command for the answer; made by the shell, any value but used once.
using CommandToken = Strong<struct CommandTokenTag, std::uint64_t>;

struct CommandReceived {
    CommandToken token;
    Actor actor;
    Command command;
};
struct PinChecked {
    CommandToken token;  // of CheckPin
    bool matched = false;
};

struct ScanRead {
    DeviceName scanner;
    std::string text;  // bytes until the ticket's signature says more
};
// What a turnstile's machine reports, word for word.
using TurnstileReport =
    std::variant<drivers::ReportOpened, drivers::ReportOpenFailed, drivers::ReportPassed, drivers::ReportInput,
                 drivers::ReportHeld, drivers::ReportOnline, drivers::ReportFault>;
struct TurnstileReported {
    DeviceName turnstile;
    TurnstileReport report;
};
// Likewise a printer's about a job. `job` is PrintTickets'.
using PrintReport = std::variant<drivers::ReportPrinted, drivers::ReportNotPrinted, drivers::ReportPrintUnknown>;
struct PrintEnded {
    RecordRef job;
    PrintReport report;
};
// A scanner or printer came, went or complains. Recorded on change; turnstiles are recorded from their own reports.
struct DeviceReported {
    DeviceName device;
    DeviceState state{};
    std::string reason;
};

// The own journal is open (again): its head, whether the former run stopped in order, and the database reads from here.
struct JournalOpened {
    Seq head;
    Hash hash{};
    bool clean = false;
};
// All own records up to `up_to` are on disk.
struct RecordsSynced {
    Seq up_to;
};
// Nothing that was appended and is not synced yet will ever be; the journal is closed until JournalOpened.
struct AppendFailed {
    std::string reason;
};

// A record of another journal, verified (hash, and reached by a signed head) by the replication's receiver.
struct ForeignRecord {
    Header header;
    Body body;
    Bytes stored;
    Hash hash{};
};
struct ForeignRecordsReceived {
    std::vector<std::shared_ptr<const ForeignRecord>> records;  // of one journal, ascending
    std::uint64_t batch = 0;                                    // comes back with AppendForeign
};
// The journal thread is done with them, whatever their verdicts: the database answers for them now.
struct ForeignRecordsSynced {
    JournalId journal;
    Seq up_to;
};

// Peers that this node hears now, and how far each machine has this node's journal.
struct PeersChanged {
    std::vector<NodeId> heard;
};
struct CopyAcknowledged {  // a peer's cursor
    NodeId peer;
    Seq seq;
};
struct ReceiptReceived {  // central's, verified
    Seq seq;
};

// Trusted time, from central or the kernel, against this machine's wall clock. See edge/desk/clock_floor.hpp.
struct TrustedTimeLearned {
    std::int64_t offset_ms = 0;  // true = wall + offset
};

// The latch file was found set at start. Fire inputs come as TurnstileReported.
struct LatchFound {};

struct Ticked {};       // the deadline has come, or just so
struct StopOrdered {};  // the process ends in order: closing records are written

using Event =
    std::variant<CommandReceived, PinChecked, ScanRead, TurnstileReported, PrintEnded, DeviceReported, JournalOpened,
                 RecordsSynced, AppendFailed, ForeignRecordsReceived, ForeignRecordsSynced, PeersChanged,
                 CopyAcknowledged, ReceiptReceived, TrustedTimeLearned, LatchFound, Ticked, StopOrdered>;

}  // namespace gatehouse::edge
