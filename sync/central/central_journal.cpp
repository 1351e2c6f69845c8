#include "sync/central/central_journal.hpp"

#include <utility>

namespace gatehouse::central {

Result<ledger::Record> CentralJournal::append(ledger::Ledger& ledger, Body body, OperatorName actor,
                                              const Clock& clock) {
    return append(ledger, std::move(body), std::move(actor), clock, {});
}

Result<ledger::Record> CentralJournal::append(ledger::Ledger& ledger, Body body, OperatorName actor, const Clock& clock,
                                              ByteView extension) {
    const auto head = ledger.head(id());
    if (!head) return head.error();
    Header header;
    header.node = central_node;
    header.epoch = epoch_;
    header.seq = Seq{head->seq.value + 1};
    header.prev = head->hash;
    header.wall = clock.wall;
    header.boot = clock.boot;
    header.boot_ns = static_cast<std::uint64_t>(clock.now.time_since_epoch().count());
    header.clock = clock.quality;
    header.business_date = calendar_.business_date(clock.wall);
    header.actor = std::move(actor);
    auto record = ledger::make_record(std::move(header), std::move(body), extension);
    if (record.stored.size() > largest_record) return fail(ErrorCode::too_large, "the record passes 512 KiB");
    const auto appended = ledger.append(record);
    if (!appended) return appended.error();
    if (appended->kind != ledger::AppendKind::stored)
        return fail(ErrorCode::storage_unavailable, "central's own journal does not take its next record");
    if (appended->parked) return fail(ErrorCode::internal, "central's own record was parked: " + *appended->parked);
    unsigned_ = true;
    changed_ = true;
    return record;
}

Result<void> CentralJournal::sign(ledger::Ledger& ledger) {
    if (!std::exchange(unsigned_, false)) return {};
    const auto head = ledger.head(id());
    if (!head) return head.error();
    return ledger.store_head(sign_head(signing_, ledger.venue().id, id(), head->seq, head->hash));
}

bool CentralJournal::settled() {
    unsigned_ = false;
    return std::exchange(changed_, false);
}

}  // namespace gatehouse::central
