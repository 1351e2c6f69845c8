// Records that already count but are not in the database yet: own ones on their way to the disk, and those of other
// journals on receipt. Facts are sets keyed by record, so it does no harm when the database has one of them too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/ledger/facts.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::edge {

using SharedRecord = std::shared_ptr<const ledger::Record>;

class Overlay {
public:
    // `passage_of`: the ticket of a passage's verdict, when the caller knows it; looked up among held verdicts else.
    void add(SharedRecord record, std::optional<TicketId> passage_of = std::nullopt);
    void remove(const RecordRef& ref);

    // Applies everything held that concerns the ticket.
    void apply_to(ledger::TicketFacts& facts) const;
    [[nodiscard]] std::optional<TicketId> order_by_code(const std::string& code) const;
    [[nodiscard]] SharedRecord find(const RecordRef& ref) const;  // null when it is not held
    [[nodiscard]] std::vector<SharedRecord> refunds_of(const RecordRef& sale) const;
    [[nodiscard]] std::size_t size() const { return records_.size(); }

private:
    struct Held {
        SharedRecord record;
        std::vector<TicketId> tickets;  // it is listed under
    };
    std::map<RecordRef, Held> records_;
    std::map<TicketId, std::map<RecordRef, SharedRecord>> by_ticket_;
    std::map<std::string, RecordRef, std::less<>> orders_;
};

}  // namespace gatehouse::edge
