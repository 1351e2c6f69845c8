// Records of central's journal, node 0: what it decides for the whole venue.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schemas/catalogue/catalogue.hpp"
#include "schemas/records/header.hpp"
#include "schemas/records/selling.hpp"

namespace gatehouse {

struct CataloguePublished {
    static constexpr Kind kind = Kind::catalogue_published;
    Catalogue catalogue;
    friend bool operator==(const CataloguePublished&, const CataloguePublished&) = default;
    template <class A>
    void serialize(A& a) {
        a(catalogue);
    }
};

struct NodeEnrolled {
    static constexpr Kind kind = Kind::node_enrolled;
    NodeId node;
    NodeName name;
    Bytes certificate;
    friend bool operator==(const NodeEnrolled&, const NodeEnrolled&) = default;
    template <class A>
    void serialize(A& a) {
        a(node, name, certificate);
    }
};

// Records and tickets of (node, epoch) after `last` are no longer trusted; up to it they pass where their
// sale's record is held.
struct NodeRevoked {
    static constexpr Kind kind = Kind::node_revoked;
    NodeId node;
    Epoch epoch;
    Seq last;
    std::string reason;
    friend bool operator==(const NodeRevoked&, const NodeRevoked&) = default;
    template <class A>
    void serialize(A& a) {
        a(node, epoch, last, reason);
    }
};

struct TicketRevoked {
    static constexpr Kind kind = Kind::ticket_revoked;
    TicketId ticket;
    std::string reason;
    friend bool operator==(const TicketRevoked&, const TicketRevoked&) = default;
    template <class A>
    void serialize(A& a) {
        a(ticket, reason);
    }
};

struct LeaseGranted {
    static constexpr Kind kind = Kind::lease_granted;
    NodeId node;
    SessionId session;
    std::uint32_t units = 0;
    friend bool operator==(const LeaseGranted&, const LeaseGranted&) = default;
    template <class A>
    void serialize(A& a) {
        a(node, session, units);
    }
};

// The command behind `grant`, written with it: the same id again grants nothing more.
struct LeaseOrdered {
    static constexpr Kind kind = Kind::lease_ordered;
    ClientId id;
    RecordRef grant;
    friend bool operator==(const LeaseOrdered&, const LeaseOrdered&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, grant);
    }
};

// An order of another seller (外部订单). Its ticket's id is this record's, ordinal 1.
struct OrderImported {
    static constexpr Kind kind = Kind::order_imported;
    std::string code;  // what the other seller's QR says; 1..128 octets, printable ASCII
    std::string order;
    std::string channel;
    ProductId product;
    std::uint16_t persons = 1;
    std::uint16_t entries = 1;
    Date valid_from;
    Date valid_to;
    friend bool operator==(const OrderImported&, const OrderImported&) = default;
    template <class A>
    void serialize(A& a) {
        a(code, order, channel, product, persons, entries, valid_from, valid_to);
    }
};

struct ConflictResolved {
    static constexpr Kind kind = Kind::conflict_resolved;
    std::string conflict;  // its id, see sync/ledger
    std::string outcome;
    std::string note;
    friend bool operator==(const ConflictResolved&, const ConflictResolved&) = default;
    template <class A>
    void serialize(A& a) {
        a(conflict, outcome, note);
    }
};

struct EnrolmentTokenIssued {
    static constexpr Kind kind = Kind::enrolment_token_issued;
    NodeName name;
    Hash token_digest{};
    WallTime expires;
    friend bool operator==(const EnrolmentTokenIssued&, const EnrolmentTokenIssued&) = default;
    template <class A>
    void serialize(A& a) {
        a(name, token_digest, expires);
    }
};

struct CentralLogin {
    static constexpr Kind kind = Kind::central_login;
    OperatorName operator_name;
    bool succeeded = false;  // an attempt is recorded as false before the PIN is checked
    friend bool operator==(const CentralLogin&, const CentralLogin&) = default;
    template <class A>
    void serialize(A& a) {
        a(operator_name, succeeded);
    }
};

// An unverified tender was looked up with whoever pays it out: the money came, or it did not. The latest word holds;
// the seller's limit is free again with either.
struct TenderSettled {
    static constexpr Kind kind = Kind::tender_settled;
    RecordRef sale;
    std::uint16_t line = 0;  // among the sale's tenders, from 0
    TenderState state{};     // confirmed or failed
    std::string reference;   // the platform's; never card data
    friend bool operator==(const TenderSettled&, const TenderSettled&) = default;
    template <class A>
    void serialize(A& a) {
        a(sale, line, state, reference);
    }
};

// Central asks a node to replay again; the node answers over the sync protocol.
struct ResyncRequested {
    static constexpr Kind kind = Kind::resync_requested;
    NodeId node;
    Epoch epoch;
    Seq from;
    Seq to;
    friend bool operator==(const ResyncRequested&, const ResyncRequested&) = default;
    template <class A>
    void serialize(A& a) {
        a(node, epoch, from, to);
    }
};

}  // namespace gatehouse
