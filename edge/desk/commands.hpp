// What people and programs ask of a node, and what they are answered: every HTTP call that changes something, or whose
// answer needs the records that are not synced yet. edge/api turns JSON into these and back; it decides nothing.
//
// Every command with a ClientId acts once: the same id and content again is answered from the record, another content
// is `id_reused`. Fields are bounded here (see `limits`), not trusted: the desk answers invalid_body with a field path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/base/result.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/records/admission.hpp"
#include "schemas/records/limits.hpp"
#include "schemas/records/node.hpp"
#include "schemas/records/selling.hpp"

namespace gatehouse::edge {

// Bounds of what a command may carry; one past it is invalid_body.
namespace limits {
using record_limits::lines;
using record_limits::tenders;
using record_limits::tickets;
constexpr std::size_t text = 200;        // a reason, a document, a reference
constexpr std::size_t code = 1024;       // octets of a scan; longer ones are cut off by the scanner's codec
constexpr std::uint16_t persons = 1000;  // of one ticket or scan
}  // namespace limits

// Who acts. The shell has checked the token; the desk looks up the roles that the name has by now.
struct Actor {
    OperatorName name;
    friend bool operator==(const Actor&, const Actor&) = default;
};

// --- people ---

// The PIN never comes to the desk: see CheckPin and PinChecked.
struct Login {
    OperatorName operator_name;
};
struct LoginReply {
    OperatorName operator_name;
    std::vector<Role> roles;
    std::uint64_t catalogue_version = 0;  // how old the list of operators is that this was judged by
};

// --- windows ---

struct SellLine {
    ProductId product;
    std::uint32_t quantity = 1;
    std::optional<std::uint16_t> persons;  // of each ticket; needed for a group product, else the product's own
    std::optional<SessionId> session;
    std::optional<Concession> concession;
    friend bool operator==(const SellLine&, const SellLine&) = default;
};
struct SellTender {
    TenderKind kind{};
    Minor amount;
    std::string reference;  // of a terminal or platform; see edge/ticketing/tenders.hpp for what counts as confirmed
    friend bool operator==(const SellTender&, const SellTender&) = default;
};
struct Sell {
    ClientId id;
    WindowName window;
    std::vector<SellLine> lines;
    std::vector<SellTender> tenders;
};

// How far a record has come: on this node's disk, on a peer's too, at central.
enum class Safety : std::uint8_t { disk, peer, central };
[[nodiscard]] std::string_view to_string(Safety safety);

struct TicketView {
    TicketId id;
    std::string code;  // only where this node's own key made it; empty for other sellers' tickets
    ProductId product;
    std::uint16_t persons = 1;
    std::uint16_t entries = 1;
    bool refunded = false;  // told where a sale or ticket is looked up, and
    bool replaced = false;  // that another ticket took its place
};
struct SaleReply {
    RecordRef sale;
    Sale body;
    Header header;
    Safety safety{};
    std::vector<TicketView> tickets;
};

struct FindSale {  // GET sales/ID, with the overlay
    RecordRef sale;
    std::optional<ClientId> id = std::nullopt;  // GET sales?id=: whatever sale that command became, `sale` aside
};

struct FirstAdmission {
    WallTime time;
    NodeId node;
    std::string node_name;  // empty when its certificate is not known here
    GateName gate;
    LaneName lane;
    friend bool operator==(const FirstAdmission&, const FirstAdmission&) = default;
};

struct FindTicket {
    std::optional<TicketId> ticket;  // else by `code`
    std::string code;                // a ticket's, or another seller's order's
};
// What a window shows of a ticket in somebody's hand.
struct TicketReply {
    Reason fault{};                    // none; else why no gate would take it, lanes and times aside
    std::optional<TicketView> ticket;  // absent when the code is none that can be believed
    bool sale_held = false;            // its sale can be looked up and refunded here
    std::uint32_t used = 0;            // persons admitted with it so far
    std::uint16_t copies = 0;          // reprints
    std::optional<FirstAdmission> first_admission;
};

struct MakeRefund {
    ClientId id;
    RecordRef sale;
    WindowName window;              // where the money is handed back; empty: the actor's open window
    std::vector<TicketId> tickets;  // empty: all of the sale that are not refunded yet
    std::string reason;
};
struct RefundReply {
    RecordRef refund;
    Refund body;
    Header header;
    Safety safety{};
};

struct MakeReprint {
    ClientId id;
    TicketId ticket;
    WindowName window;  // whose printer prints; empty: the window of the sale
    std::string reason;
};
struct ReprintReply {
    RecordRef reprint;
    Reprint body;
    TicketView ticket;
};

struct MakeReissue {
    ClientId id;
    TicketId ticket;
    WindowName window;
    std::string reason;
    std::optional<std::string> code;  // the old ticket's code, where its sale is not held here
};
struct ReissueReply {
    RecordRef reissue;
    Reissue body;
    TicketView ticket;  // the new one
};

struct OpenShift {
    ClientId id;
    WindowName window;
    Minor opening_float;
};
struct MoveCash {
    ClientId id;
    RecordRef shift;
    CashDirection direction{};
    Minor amount;
    std::string reason;  // needed
    bool large = false;  // said by who moves `large_cash_move` or more: the amount is meant
};
struct CloseShift {
    ClientId id;
    RecordRef shift;
    Minor counted;
};
struct FindShift {  // GET shifts/current; by window, or by the actor's own when empty
    WindowName window;
};
// What one kind of tender came to in a shift.
struct TenderSum {
    TenderKind kind{};
    Minor amount;      // sales less refunds; without what failed
    Minor refunded;    // handed back, as a positive amount
    Minor unverified;  // of what sales took: what nobody has confirmed yet
    friend bool operator==(const TenderSum&, const TenderSum&) = default;
};
// X report while it is open (班中小结), shift report once closed (交班表).
struct ShiftReply {
    RecordRef shift;
    WindowName window;
    OperatorName clerk;
    WallTime opened;
    bool open = true;
    Minor opening_float;
    Minor paid_in;
    Minor paid_out;
    // While the shift is open a clerk is told neither these nor `expected` nor the tenders in cash: the count is blind.
    std::optional<Minor> cash_sales;
    std::optional<Minor> cash_refunds;
    std::vector<TenderSum> tenders;  // ascending by kind
    std::uint32_t sales = 0;
    std::uint32_t refunds = 0;
    std::uint32_t tickets = 0;
    std::optional<Minor> expected;
    std::optional<Minor> counted;
    std::optional<Minor> difference;  // counted - expected
};

struct ReadCatalogue {};  // GET catalogue, with the units left on this node
struct CatalogueReply {
    Catalogue catalogue;
    struct Units {
        SessionId session;
        std::optional<std::uint32_t> received;  // of leases, in all: 0 is a node that was given no quota
        std::uint32_t left = 0;                 // of those, to sell; once the session is over only this is told, as 0
        friend bool operator==(const Units&, const Units&) = default;
    };
    std::vector<Units> units;  // every session of the catalogue
};

// --- gates ---

struct Scan {
    ClientId id;
    LaneName lane;
    std::string code;
    std::optional<std::uint16_t> persons;  // absent: all that the open entry has left
    std::optional<std::uint16_t> companions;
    std::optional<Direction> direction;  // of a lane for both; absent: entry
    bool let_through = false;            // an attendant admits by name what policy `ask` or an unknown seller left open
};
struct ScanReply {
    std::optional<RecordRef> verdict;  // absent when nothing was recorded: storage_unavailable, or the lane is busy
    Decision decision{};
    Reason reason{};
    std::vector<Note> notes;
    std::string hint;  // stable word with more about the reason: "unknown_seller", "ask"; else empty
    std::uint16_t persons = 0;
    std::uint16_t companions = 0;
    std::optional<TicketId> ticket;
    ProductId product;
    std::optional<std::uint32_t> left;  // persons that the ticket still lets in after this
    std::optional<FirstAdmission> first_admission;
    bool busy = false;  // another passage is under way and one is waiting already: nothing was used, scan again
    friend bool operator==(const ScanReply&, const ScanReply&) = default;
};

// Persons without a ticket walk through because an attendant says so: recorded with the name and the reason first.
struct LetThrough {
    std::optional<ClientId> id;  // absent: asked twice, it lets through twice
    LaneName lane;
    std::uint16_t persons = 1;
    std::string reason;
    std::optional<Direction> direction;  // of a lane for both; absent: entry
};
struct ResolvePassage {
    ClientId id;
    RecordRef verdict;
    PassageOutcome outcome{};  // turned or abandoned
};
struct ResolvePrint {
    RecordRef job;
    bool printed = false;
};
struct SetLaneMode {
    LaneName lane;
    LaneMode mode{};
    std::string reason;
};
struct SetEmergency {
    bool open = false;
};
// `recorded` is false when the journal is closed: it acted all the same and is recorded as soon as possible.
struct DoneReply {
    std::optional<RecordRef> record;
    bool recorded = true;
    Safety safety{};
};

// --- operators ---

struct OrderResync {
    std::optional<Seq> from;  // absent: from 1
    std::optional<Seq> to;    // absent: to the head
};

struct OrderDevice {
    DeviceName device;
    DeviceOrder order{};
};
// What a test has shown. None says that a device works where nothing was exercised.
enum class TestOutcome : std::uint8_t {
    shown,          // a scanner was sent a sign: somebody looks and listens
    answered,       // a turnstile's board answered just now; nothing was moved
    connected,      // a turnstile's line is there, its protocol has no question to ask; nothing was moved
    printed,        // the printer says that the test paper is out
    not_printed,    // nothing of it was sent
    print_unknown,  // it was sent, and the printer has not said that it is out
};
struct DeviceReply {
    std::optional<TestOutcome> outcome;  // of a test
    std::string file;                    // of a recording that began, runs or was ended
    bool running = false;                // it had begun before, and goes on
};

using Command = std::variant<Login, Sell, FindSale, FindTicket, MakeRefund, MakeReprint, MakeReissue, OpenShift,
                             MoveCash, CloseShift, FindShift, ReadCatalogue, Scan, LetThrough, ResolvePassage,
                             ResolvePrint, SetLaneMode, SetEmergency, OrderResync, OrderDevice>;
using Reply = std::variant<LoginReply, SaleReply, TicketReply, RefundReply, ReprintReply, ReissueReply, ShiftReply,
                           CatalogueReply, ScanReply, DoneReply, DeviceReply>;

}  // namespace gatehouse::edge
