// What was found of a conflict, by kind: facts that whoever shows it puts into words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "schemas/base/ids.hpp"
#include "schemas/base/money.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::ledger {

// duplicate_admission: so many persons more than the ticket lets in.
struct PersonsBeyond {
    TicketId ticket;
    std::uint32_t persons = 0;
    RecordRef first_use;
    friend bool operator==(const PersonsBeyond&, const PersonsBeyond&) = default;
};
// duplicate_refund
struct RefundedAgain {
    TicketId ticket;
    RecordRef first_refund;
    friend bool operator==(const RefundedAgain&, const RefundedAgain&) = default;
};
// admitted_after_refund
struct AdmittedRefunded {
    TicketId ticket;
    friend bool operator==(const AdmittedRefunded&, const AdmittedRefunded&) = default;
};
// admitted_after_revocation: since `revoked_by`, which is a revocation of the ticket or its seller, or a reissue.
struct AdmittedRevoked {
    TicketId ticket;
    RecordRef revoked_by;
    friend bool operator==(const AdmittedRevoked&, const AdmittedRevoked&) = default;
};
// oversold: so many units more than the session's capacity, or than the leases of `lessee`.
struct UnitsBeyond {
    SessionId session;
    std::optional<NodeId> lessee;
    std::uint32_t units = 0;
    friend bool operator==(const UnitsBeyond&, const UnitsBeyond&) = default;
};
// unknown_product: the last such line of the sale.
struct ProductUnknown {
    RecordRef sale;
    ProductId product;
    friend bool operator==(const ProductUnknown&, const ProductUnknown&) = default;
};
// price_differs: the last such line of the sale, prices of one ticket.
struct PriceDiffers {
    RecordRef sale;
    ProductId product;
    Minor charged;
    Minor due;
    friend bool operator==(const PriceDiffers&, const PriceDiffers&) = default;
};
// clock_suspect: no trusted time was learned in this boot.
struct ClockUncorrected {
    NodeId node;
    BootId boot{};
    friend bool operator==(const ClockUncorrected&, const ClockUncorrected&) = default;
};
// journal_fork: others with the number of `record` are kept.
struct HistoryForked {
    RecordRef record;
    friend bool operator==(const HistoryForked&, const HistoryForked&) = default;
};
// parked_record: `reason` is for technicians, in English.
struct RecordParked {
    RecordRef record;
    std::string reason;
    friend bool operator==(const RecordParked&, const RecordParked&) = default;
};

using ConflictFacts = std::variant<PersonsBeyond, RefundedAgain, AdmittedRefunded, AdmittedRevoked, UnitsBeyond,
                                   ProductUnknown, PriceDiffers, ClockUncorrected, HistoryForked, RecordParked>;

// One line in English, for logs and for clients that show no words of their own; may be empty.
[[nodiscard]] std::string detail_of(const ConflictFacts& facts);

}  // namespace gatehouse::ledger
