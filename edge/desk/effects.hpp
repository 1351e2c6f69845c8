// What the deciding thread wants done. Imperatives; the shell carries them out in order and decides nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "drivers/printer/ticket_paper.hpp"
#include "edge/desk/events.hpp"
#include "edge/station/lane_phase.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::edge {

// To the journal's live queue, in this order. Answered by RecordsSynced or AppendFailed.
struct AppendRecord {
    std::shared_ptr<const ledger::Record> record;
};
// To the journal: that batch. `live`: with the own records, not behind the backlog. Answered by ForeignRecordsStored.
struct AppendForeign {
    std::uint64_t batch = 0;
    bool live = false;
};

struct Answer {
    CommandToken token;
    Result<Reply> reply;
};
// Ed25519, which takes longer than all else about a scan: by whoever has nothing better to do. Answered once by
// SignatureChecked: whether one of `keys` signed `code` for this venue.
struct CheckSignature {
    std::uint64_t check = 0;
    std::shared_ptr<const ScannedCode> code;
    std::vector<PublicKey> keys;
};
// A scan is about to come: what stands between it and the open barrier should be awake.
struct StandReady {};

// Argon2 on another thread, one at a time; answered by PinChecked. An empty hash never matches, at the same cost.
struct CheckPin {
    CommandToken token;
    std::string pin_hash;
};

// One person's way through: drivers::OpenRequested.
struct OpenBarrier {
    DeviceName turnstile;
    Direction direction{};
    drivers::OpenId id;
};
// drivers::HoldOpenRequested and ReleaseRequested.
struct HoldOpen {
    DeviceName turnstile;
    drivers::Hold hold{};
    std::optional<Direction> direction;  // nothing: both ways
};
struct ReleaseBarrier {
    DeviceName turnstile;
    drivers::Hold hold{};
};
enum class Signal : std::uint8_t { welcome, attention, refused, busy, alarm };
// For the scanner's beeper, the lane's display and `GET events`; the words are schemas/words'.
struct ShowVerdict {
    LaneName lane;
    Signal signal{};
    ScanReply reply;
};

// A window's scanner read a ticket: for `GET events`, whoever stands there decides what is done with it.
struct ShowTicket {
    WindowName window;
    TicketReply reply;
    std::string text = {};  // what was read, where it is no ticket
};

// Once, and only after the job's record is synced. Answered by PrintEnded.
struct PrintTickets {
    DeviceName printer;
    RecordRef job;
    std::vector<drivers::TicketPaper> papers;
};

// Likewise after its record is synced, and never again: cash is handed back, paid in or out, and nothing is printed.
struct OpenDrawer {
    DeviceName printer;  // at which it is
};

// The plain file that the daemon applies before the journal opens at the next start: LatchFound. Closed, too: the
// record of it may never be written, and the one that is there says open.
struct StoreLatch {
    bool open = false;
};
// That the emergency has ended is on record: no file need say so.
struct ForgetLatch {};

// For `GET events`, besides ShowVerdict: a synced record that people watch, or a lane's state.
struct PublishRecord {
    std::shared_ptr<const ledger::Record> record;
};
struct PublishLane {
    LaneName lane;
    LaneMode mode{};
    LanePhase phase{};
    bool emergency = false;
    std::string trouble;  // its session's word; empty: none
};

// To the replication: offer own records again. `order` names the job; absent when the journal is closed.
struct StartResync {
    std::optional<RecordRef> order;
    JournalId journal;
    Seq from;
    Seq to;
};
// What an operator asks of a device. The shell answers `token` with what came of it. `paper` is what a printer prints
// to be tested.
struct InstructDevice {
    CommandToken token;
    DeviceName device;
    DeviceOrder order{};
    drivers::TicketPaper paper = {};
};
using Effect = std::variant<AppendRecord, AppendForeign, Answer, CheckPin, OpenBarrier, HoldOpen, ReleaseBarrier,
                            ShowVerdict, ShowTicket, PrintTickets, StoreLatch, PublishRecord, PublishLane, StartResync,
                            StandReady, CheckSignature, ForgetLatch, InstructDevice, OpenDrawer>;
using Effects = std::vector<Effect>;

}  // namespace gatehouse::edge
