// What a desk remembers between events, and its parts by area: each group of members has its own .cpp of that name.
// Private to edge/desk.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "edge/admission/judge.hpp"
#include "edge/admission/key_ring.hpp"
#include "edge/desk/clock_floor.hpp"
#include "edge/desk/code_issuer.hpp"
#include "edge/desk/desk.hpp"
#include "edge/desk/outbox.hpp"
#include "edge/desk/overlay.hpp"
#include "edge/station/lane_session.hpp"
#include "edge/station/repeat_filter.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::edge {

// Who may work at a window.
inline constexpr std::initializer_list<Role> window_roles{Role::clerk, Role::supervisor};

// One event on its way through the desk: when it happened, and what is wanted done so far.
struct Step {
    const Clock& clock;
    ClockQuality quality{};
    Date today;  // business date: of the last time that was believed while the clock is suspect
    Effects out;
};

// What was found out about a text before it was a scan. Good as long as no fact has changed since.
struct Foreseen {
    std::string text;
    std::uint64_t revision = 0;
    Presented presented;
    ledger::TicketFacts facts;
};

// A text between its scanner and its lane: its signature is being checked, or a text before it waits for that.
struct UncheckedScan {
    std::string text;
    Direction direction{};
    std::uint64_t check = 0;  // under way; 0: nothing is
    std::shared_ptr<const ScannedCode> code;
};

struct Lane {
    LaneOptions options;
    LaneSession session;
    RepeatFilter repeats;
    std::uint32_t admitted_today = 0;
    std::optional<RecordRef> granted;  // the verdict whose passage is under way
    std::optional<TicketId> ticket;    // and its ticket
    Direction direction{};             // and which way
    ScanReply shown;                   // and how it was answered
    std::optional<Foreseen> foreseen = std::nullopt;
    std::deque<UncheckedScan> unchecked = {};  // in the order of their reading
    std::uint32_t let_through_today = 0;       // beside the admitted
};

// A fact that the journal could not take: written as soon as it is open again.
struct Owed {
    Body body;
    OperatorName actor;
    Clock clock;  // when it happened, and how far that was believed
    ClockQuality quality{};
    Date today;
    Bytes extension = {};  // what a lost record said behind its body
};

// An operator's PIN on its way to Argon2 and back.
struct PinCheck {
    OperatorName name;
    bool known = false;
};

struct Desk::State {
    State(DeskOptions options_in, ledger::LedgerReader& reader_in);

    // desk.cpp
    void on(const CommandReceived& event, Step& step);
    void on(const Ticked& event, Step& step);
    void on(const StopOrdered& event, Step& step);
    void on(const PeersChanged& event, Step& step);
    void on(const CopyAcknowledged& event, Step& step);
    void on(const ReceiptReceived& event, Step& step);
    void on(const DeviceReported& event, Step& step);
    [[nodiscard]] bool isolated() const;
    [[nodiscard]] Date date_of(WallTime wall);
    [[nodiscard]] WallTime believed(const Clock& clock, ClockQuality quality) const;
    [[nodiscard]] Date today(const Clock& clock, ClockQuality quality);
    [[nodiscard]] Date selling_date(const Clock& clock, ClockQuality quality) const;
    void begin_day(Step& step);
    [[nodiscard]] Safety safety_of(RecordRef ref) const;

    // writing.cpp: own records
    SharedRecord write(Body body, const OperatorName& actor, Effects then, Step& step);
    SharedRecord write(Body body, ByteView extension, const OperatorName& actor, Effects then, Step& step);
    SharedRecord write_or_owe(Body body, const OperatorName& actor, Step& step);  // null where it is owed
    void owe(Owed debt);
    void write_owed(Step& step);
    void wait_for(RecordRef record, Effects effects, Step& step);
    void on(const RecordsSynced& event, Step& step);
    void on(const AppendFailed& event, Step& step);
    void on(const StorageChanged& event, Step& step);
    void reopen(const StorageChanged& event, Step& step);
    void on(const TrustedTimeLearned& event, Step& step);
    void take_back(Waiting lost, Step& step);
    void after_sync(const ledger::Record& record, Step& step);
    void correct_clock(Step& step);

    // opening.cpp: what a start finds
    void on(const JournalOpened& event, Step& step);
    void load_venue();
    void load_station(Step& step);
    void agree_on_emergency(Step& step);
    void resolve_passages(Step& step);
    void resolve_prints(Step& step);
    void forget_cached();

    // venue.cpp: other journals
    void on(const ForeignRecordsReceived& event, Step& step);
    void on(const ForeignRecordsStored& event, Step& step);
    void learn(const ledger::Record& record, Step& step);
    void take_lease(RecordRef grant, const LeaseGranted& lease, Epoch epoch, Step& step);
    void recount(Step& step);
    void settle(const TenderSettled& settled);
    [[nodiscard]] std::optional<TicketId> ticket_of_passage(const ledger::Record& record);

    // scanners.cpp
    void on(const ScanRead& event, Step& step);
    void on(const ScanForeseen& event, Step& step);
    void on(const SignatureChecked& event, Step& step);
    [[nodiscard]] UncheckedScan to_check(Lane& lane, const std::string& text, Step& step);
    [[nodiscard]] bool find_issued(Lane& lane, const std::string& text, const ScannedCode& code);
    void arrive(Lane& lane, const std::string& text, Direction direction, Step& step);

    // gate.cpp
    void scan(const Scan& command, const CommandReceived& from, Step& step);
    void run(Lane& lane, const LaneEvent& event, Step& step);
    void judge_scan(Lane& lane, const ScanRequest& scan, Step& step);
    void decided(Lane& lane, const ScanRequest& scan, Verdict verdict, ScanReply reply, Step& step);
    void complete(TicketPayload& order) const;
    [[nodiscard]] Presented present(const std::string& text, ledger::TicketFacts& facts);
    [[nodiscard]] Presented present(Lane& lane, const std::string& text, ledger::TicketFacts& facts);
    void passed(ScanStage stage) const;
    [[nodiscard]] ledger::TicketFacts facts_of(const TicketId& id);
    [[nodiscard]] ScanReply reply_of(const Judgement& judgement, const ledger::TicketFacts& facts) const;
    [[nodiscard]] ScanReply reply_again(RecordRef ref, const Verdict& verdict);
    void attach(Lane& lane, const AttachScan& attached, Step& step);
    void reject_busy(const Lane& lane, const ScanRequest& scan, Step& step) const;
    void answer_scan(const Lane& lane, const ScanRequest& scan, const ScanReply& reply, Effects& out) const;
    void record_repeats(Lane& lane, Step& step);

    // station.cpp: turnstiles, modes, emergency, passages
    void on(const TurnstileReported& event, Step& step);
    void on(const LatchFound& event, Step& step);
    void let_through(const LetThrough& command, const CommandReceived& from, Step& step);
    void set_mode(const SetLaneMode& command, const CommandReceived& from, Step& step);
    void fire_input(const DeviceName& turnstile, bool active, Step& step);
    void set_emergency(bool open, const std::string& cause, const OperatorName& actor,
                       std::optional<CommandToken> token, Step& step);
    void resolve(const ResolvePassage& command, const CommandReceived& from, Step& step);
    void note_turnstile(const DeviceName& turnstile, const LaneSession& lane, Step& step);
    void note_device(const DeviceName& device, DeviceState state, const std::string& reason, Step& step);
    void passage_ended(Lane& lane, const Passage& passage, Step& step);
    void publish(const Lane& lane, Step& step) const;
    [[nodiscard]] static std::string_view alarm_word(std::optional<CountCause> cause);
    [[nodiscard]] Lane* lane_named(const LaneName& name);

    // ticket_look.cpp: tickets in somebody's hand
    void find_ticket(const FindTicket& command, const CommandReceived& from, Step& step);
    void read_at_window(const ScanRead& scan, Step& step);
    [[nodiscard]] TicketReply look_at(const Presented& presented, const ledger::TicketFacts& facts);
    [[nodiscard]] FirstAdmission admission_of(const ledger::TicketFacts& facts, RecordRef verdict) const;

    // window.cpp: sales, refunds, reprints, reissues; replies.cpp: their answers
    void sell(const Sell& command, const CommandReceived& from, Step& step);
    void find_sale(const FindSale& command, const CommandReceived& from, Step& step);
    void refund(const MakeRefund& command, const CommandReceived& from, Step& step);
    void reprint(const MakeReprint& command, const CommandReceived& from, Step& step);
    void reissue(const MakeReissue& command, const CommandReceived& from, Step& step);
    [[nodiscard]] std::optional<ledger::SaleFacts> sale_facts(RecordRef ref);
    [[nodiscard]] std::vector<Refund> refunds_of(const ledger::SaleFacts& sale);
    [[nodiscard]] SharedRecord record_by_client(const ClientId& id);
    [[nodiscard]] SharedRecord record_at(RecordRef ref);
    // A read failed: what seems not to be there may be. Answers storage_unavailable then, and says true.
    bool unreadable(const CommandReceived& from, Step& step) const;
    // Answers a command that was carried out before, or says id_reused, or that nobody can tell; false when it is new.
    bool answered_before(const ClientId& id, const CommandReceived& from, Step& step);
    void carry_out(Body body, const CommandReceived& from, Step& step);
    [[nodiscard]] Result<Reply> reply_for(const ledger::Record& record, const OperatorName& asker);
    void show_settled(RecordRef ref, Sale& sale);
    [[nodiscard]] TicketView view_of(const Bytes& payload);
    [[nodiscard]] std::uint32_t units_left(const SessionId& session);
    [[nodiscard]] ledger::SessionUnits& units_of(const SessionId& session);

    // prints.cpp
    void start_print(RecordRef job, Step& step);
    void on(const PrintEnded& event, Step& step);
    void resolve(const ResolvePrint& command, const CommandReceived& from, Step& step);
    void open_drawer(const WindowName& window, Step& step) const;
    [[nodiscard]] std::vector<drivers::TicketPaper> papers_of(const ledger::Record& job);
    [[nodiscard]] const WindowOptions* window_named(const WindowName& name) const;

    // shifts.cpp
    void open_shift(const OpenShift& command, const CommandReceived& from, Step& step);
    void move_cash(const MoveCash& command, const CommandReceived& from, Step& step);
    void close_shift(const CloseShift& command, const CommandReceived& from, Step& step);
    void find_shift(const FindShift& command, const CommandReceived& from, Step& step);
    [[nodiscard]] ledger::ShiftFacts* shift_at(RecordRef ref);
    [[nodiscard]] ledger::ShiftFacts* open_shift_at(const WindowName& window);
    [[nodiscard]] ledger::ShiftFacts* own_shift(const WindowName& window, const OperatorName& clerk);
    [[nodiscard]] Result<Reply> shift_reply(RecordRef ref, const OperatorName& asker);
    void book(const ledger::Record& record);

    // people.cpp
    void log_in(const Login& command, const CommandReceived& from, Step& step);
    void on(const PinChecked& event, Step& step);
    void resync(const OrderResync& command, const CommandReceived& from, Step& step);
    void order_device(const OrderDevice& command, const CommandReceived& from, Step& step);
    [[nodiscard]] ledger::LoginFacts& login_of(const OperatorName& name);
    void add_login_failures();
    [[nodiscard]] bool may(const OperatorName& name, std::initializer_list<Role> roles) const;
    // Answers forbidden and says false unless the actor has one of the roles.
    bool allowed(const CommandReceived& from, std::initializer_list<Role> roles, Step& step) const;
    void answer(const CommandReceived& from, Result<Reply> reply, Step& step) const;
    void answer(CommandToken token, Result<Reply> reply, Step& step) const;

    DeskOptions options;
    ledger::LedgerReader& reader;
    Outbox outbox;
    Overlay overlay;
    ClockFloor floor;
    KeyRing keys;
    CodeIssuer codes;
    Catalogue catalogue;
    std::uint64_t published = 0;  // its version, once it came from a journal
    std::vector<Lane> lanes;

    std::uint64_t revision = 0;  // of what is known of tickets and keys
    std::uint64_t last_check = 0;
    bool started = false;
    bool room_for_sales = true;
    std::string closed_why = "not_opened";
    std::vector<Owed> owed;
    std::optional<Instant> owed_again;   // when to try to write them, while the journal is open
    std::optional<EpochOpened> opening;  // the epoch's first record, as long as nothing is on the disk
    Hash genesis{};                      // and the hash it continues
    bool emergency = false;
    bool emergency_told = false;             // in this run, by the latch or a person: newer than what is recorded
    std::set<DeviceName> burning;            // turnstiles whose fire input is active
    std::optional<OperatorName> release_by;  // who has ended the emergency while one was
    std::optional<Date> last_today;
    std::optional<Date> first_suspect_today;  // the day that went on when the clock was first not believed
    WallTime last_believed;  // of the own journal's last record before this run, unless its clock was suspect
    Date day;                // the business date of `day_span`: looked up once a day, asked for with every event
    WallSpan day_span{};

    std::set<NodeId> known_nodes;  // besides this one and central; the revoked, too
    std::set<NodeId> heard;        // central among them
    std::map<NodeId, Seq> copied;
    Seq acknowledged;  // by central

    std::map<std::uint64_t, std::vector<RecordRef>> foreign_batches;
    std::set<RecordRef> grants_received;
    std::map<RecordRef, PrintStatus> prints;
    std::map<RecordRef, PrintStatus> prints_answered;  // by a person, as long as that is not on the disk
    std::map<DeviceName, std::pair<DeviceState, std::string>> devices;

    // Sums over the own journal, loaded when first asked for and then kept up as records are written. They must be
    // loaded before the first such record of this run, which the code that writes them does.
    std::map<SessionId, ledger::SessionUnits> units;
    std::map<RecordRef, ledger::ShiftFacts> shifts;
    std::map<WindowName, std::optional<RecordRef>> open_shifts;
    std::optional<Minor> unverified;
    // Of an earlier own epoch records came, a transaction failed, or a correction of the clock moved dates: the sums
    // may lack what is on the disk, or will be.
    bool sums_behind = false;
    // Tenders, by records that came in this run: as settled last.
    std::map<std::pair<RecordRef, std::uint16_t>, TenderState> settled;
    std::map<OperatorName, ledger::LoginFacts> logins;
    std::map<CommandToken, PinCheck> pin_checks;
};

}  // namespace gatehouse::edge
