// Records of the window: shifts, sales, refunds, prints, and the units of sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/base/money.hpp"
#include "schemas/records/header.hpp"

namespace gatehouse {

struct ShiftOpened {
    static constexpr Kind kind = Kind::shift_opened;
    ClientId id;  // the shift is named by its record; `id` makes the command idempotent
    WindowName window;
    Minor opening_float;
    friend bool operator==(const ShiftOpened&, const ShiftOpened&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, window, opening_float);
    }
};

enum class CashDirection : std::uint8_t { pay_in = 0, pay_out = 1 };
constexpr unsigned enum_count(CashDirection) { return 2; }

struct CashMoved {
    static constexpr Kind kind = Kind::cash_moved;
    ClientId id;
    RecordRef shift;
    CashDirection direction{};
    Minor amount;
    std::string reason;
    friend bool operator==(const CashMoved&, const CashMoved&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, shift, direction, amount, reason);
    }
};

// Blind close: the clerk counts before any expectation is shown.
struct ShiftClosed {
    static constexpr Kind kind = Kind::shift_closed;
    ClientId id;
    RecordRef shift;
    Minor counted;   // cash in the drawer, as counted
    Minor expected;  // float + cash sales - cash refunds + pay-ins - pay-outs, by this node's journal
    friend bool operator==(const ShiftClosed&, const ShiftClosed&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, shift, counted, expected);
    }
};

struct Concession {
    ConcessionClass concession_class;
    std::string document;  // kind of document seen ("student card"), never its number
    friend bool operator==(const Concession&, const Concession&) = default;
    template <class A>
    void serialize(A& a) {
        a(concession_class, document);
    }
};

struct SaleLine {
    ProductId product;
    std::uint32_t quantity = 0;  // tickets
    std::uint16_t persons = 0;   // a ticket, e.g. a group of n
    std::optional<SessionId> session;
    std::optional<Concession> concession;
    Minor unit_price;
    friend bool operator==(const SaleLine&, const SaleLine&) = default;
    template <class A>
    void serialize(A& a) {
        a(product, quantity, persons, session, concession, unit_price);
    }
};

enum class TenderKind : std::uint8_t { cash = 0, card = 1, wechat = 2, alipay = 3, agency = 4, voucher = 5, free = 6 };
constexpr unsigned enum_count(TenderKind) { return 7; }
enum class TenderState : std::uint8_t { confirmed = 0, unverified = 1, failed = 2 };
constexpr unsigned enum_count(TenderState) { return 3; }

struct Tender {
    TenderKind kind{};
    TenderState state{};
    Minor amount;           // as given by the guest; cash may exceed what is due
    std::string reference;  // a terminal's or platform's reference; never card data
    friend bool operator==(const Tender&, const Tender&) = default;
    template <class A>
    void serialize(A& a) {
        a(kind, state, amount, reference);
    }
};

// A sale, its tickets and its print job are one record: answered when it is synced, printed after that.
struct Sale {
    static constexpr Kind kind = Kind::sale;
    ClientId id;
    Hash request{};  // SHA-256 of the command's canonical form: the same id with another body is refused
    WindowName window;
    RecordRef shift;
    std::uint64_t catalogue_version = 0;
    std::vector<SaleLine> lines;
    std::vector<Tender> tenders;
    Minor total;
    Minor change;                       // cash handed back
    std::vector<Bytes> tickets;         // unsigned payloads, verbatim; ticket k has ordinal k+1
    std::optional<DeviceName> printer;  // a print job exists when there is one
    friend bool operator==(const Sale&, const Sale&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, request, window, shift, catalogue_version, lines, tenders, total, change, tickets, printer);
    }
};

struct RefundedTicket {
    TicketId ticket;
    Minor amount;
    bool was_admitted = false;  // by what this node knew
    friend bool operator==(const RefundedTicket&, const RefundedTicket&) = default;
    template <class A>
    void serialize(A& a) {
        a(ticket, amount, was_admitted);
    }
};

struct Refund {
    static constexpr Kind kind = Kind::refund;
    ClientId id;
    Hash request{};
    RecordRef sale;
    WindowName window;
    RecordRef shift;
    std::vector<RefundedTicket> tickets;
    std::vector<Tender> tenders;  // what was handed back, by kind
    Minor total;
    std::string reason;
    bool by_supervisor = false;
    friend bool operator==(const Refund&, const Refund&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, request, sale, window, shift, tickets, tenders, total, reason, by_supervisor);
    }
};

struct Reprint {
    static constexpr Kind kind = Kind::reprint;
    ClientId id;
    TicketId ticket;
    std::uint16_t copy = 0;  // 1 for the first reprint
    std::string reason;
    DeviceName printer;
    friend bool operator==(const Reprint&, const Reprint&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, ticket, copy, reason, printer);
    }
};

// A new ticket in place of another seller's or of a lost one; the old one is blocked everywhere (补票).
struct Reissue {
    static constexpr Kind kind = Kind::reissue;
    ClientId id;
    TicketId replaced;
    Bytes ticket;  // unsigned payload of the new one; its id is this record's, ordinal 1
    std::string reason;
    std::optional<DeviceName> printer;
    friend bool operator==(const Reissue&, const Reissue&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, replaced, ticket, reason, printer);
    }
};

enum class PrintOutcome : std::uint8_t { printed = 0, not_printed = 1, ask = 2 };
constexpr unsigned enum_count(PrintOutcome) { return 3; }

// How a print job ended. `ask`: power or device was lost while it ran, an operator looks at the paper.
struct PrintResolved {
    static constexpr Kind kind = Kind::print_resolved;
    RecordRef job;  // the sale, reprint or reissue
    PrintOutcome outcome{};
    std::string reason;
    friend bool operator==(const PrintResolved&, const PrintResolved&) = default;
    template <class A>
    void serialize(A& a) {
        a(job, outcome, reason);
    }
};

// Only this record, in the node's own journal, makes leased units spendable there. Idempotent by `grant`.
struct LeaseReceived {
    static constexpr Kind kind = Kind::lease_received;
    RecordRef grant;  // central's lease_granted
    SessionId session;
    std::uint32_t units = 0;
    friend bool operator==(const LeaseReceived&, const LeaseReceived&) = default;
    template <class A>
    void serialize(A& a) {
        a(grant, session, units);
    }
};

}  // namespace gatehouse
