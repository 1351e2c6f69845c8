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
#include "sync/ledger/record.hpp"

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
    std::string text;   // bytes until the ticket's signature says more
    Instant read_at{};  // when its last octet came
};
// The same text may come as ScanRead in a moment: what can be known about it may be found out now.
struct ScanForeseen {
    DeviceName scanner;
    std::string text;
};
// The answer to CheckSignature.
struct SignatureChecked {
    std::uint64_t check = 0;
    bool good = false;
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

// The own journal is open: its head, and whether the former run stopped in order. The database answers from here on.
struct JournalOpened {
    Seq head;
    Hash hash{};  // of the record there; the genesis hash for 0
    bool clean = false;
    std::optional<EpochOpened> opening;  // the first record to write, when the epoch is new (head 0)
    std::optional<Epoch> epoch = {};     // the one that is written, where it turned out to be another than was expected
};
// All own records up to `up_to` are on disk.
struct RecordsSynced {
    Seq up_to;
};
// Own records after `head` will never be on disk; numbering goes on from there.
struct AppendFailed {
    std::string reason;
    Seq head;
    Hash hash{};
};
// `open` false: nothing can be recorded any more, until JournalOpened or `open` comes again: then the own journal goes
// on from `head`.
struct StorageChanged {
    bool open = true;
    bool room_for_sales = true;
    Seq head = {};
    Hash hash = {};  // of the record there
};

// Verified records of one other journal, ascending: they count from here on, before they are stored.
struct ForeignRecordsReceived {
    std::uint64_t batch = 0;  // comes back with AppendForeign; used once
    std::shared_ptr<const std::vector<ledger::Record>> records;
    bool live = false;  // may be stored before bulk work
};
// The journal thread is done with that batch, whatever its verdicts: the database answers for it now.
struct ForeignRecordsStored {
    std::uint64_t batch = 0;
};

// Machines that this node is connected to now, central among them; and how far each has this node's journal.
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

// The latch file was found at start: all lanes are open, or somebody has ended that, which may not be on record. Comes
// before JournalOpened. Fire inputs come as TurnstileReported.
struct LatchFound {
    bool open = true;
};

struct Ticked {};       // the deadline has come, or just so
struct StopOrdered {};  // the process ends in order: closing records are written

using Event = std::variant<CommandReceived, PinChecked, ScanRead, ScanForeseen, SignatureChecked, TurnstileReported,
                           PrintEnded, DeviceReported, JournalOpened, RecordsSynced, AppendFailed, StorageChanged,
                           ForeignRecordsReceived, ForeignRecordsStored, PeersChanged, CopyAcknowledged,
                           ReceiptReceived, TrustedTimeLearned, LatchFound, Ticked, StopOrdered>;

}  // namespace gatehouse::edge
