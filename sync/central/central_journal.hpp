// Node 0's own journal: what central decides, one record each, within the transaction that is open.
#pragma once

#include <optional>

#include "schemas/calendar/calendar.hpp"
#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/ledger.hpp"

namespace gatehouse::central {

class CentralJournal {
public:
    // Continues `epoch`. `signing` must outlive this.
    CentralJournal(Epoch epoch, const SigningKey& signing, const VenueCalendar& calendar)
        : epoch_(epoch), signing_(signing), calendar_(calendar) {}

    // Appends and folds; the caller commits. A record of our own that does not fold is a fault of ours: internal.
    // Errors: storage_unavailable.
    [[nodiscard]] Result<ledger::Record> append(ledger::Ledger& ledger, Body body, OperatorName actor,
                                                const Clock& clock);
    // With what a record of that kind may say behind its body, see schemas/records/FORMAT.md.
    [[nodiscard]] Result<ledger::Record> append(ledger::Ledger& ledger, Body body, OperatorName actor,
                                                const Clock& clock, ByteView extension);
    // Signs the head, if anything was appended since the last time. Call before the commit.
    [[nodiscard]] Result<void> sign(ledger::Ledger& ledger);
    // After a commit (true: there is something new to tell) or a rollback.
    [[nodiscard]] bool settled();

    [[nodiscard]] JournalId id() const { return {central_node, epoch_}; }

private:
    Epoch epoch_;
    const SigningKey& signing_;
    VenueCalendar calendar_;
    bool unsigned_ = false;
    bool changed_ = false;
};

}  // namespace gatehouse::central
