// ReplicationSession: the journals that are pulled from the peer.
#include <algorithm>
#include <utility>

#include "schemas/records/codec.hpp"
#include "sync/replication/packing.hpp"
#include "sync/replication/replication_session.hpp"

namespace gatehouse::sync {

void ReplicationSession::on(const InterestChanged& event, Effects& out) {
    interest_ = event.interest;
    if (phase_ == Phase::open) update_pulls(out);
}

// Wanted: what is named, if the peer has more than is held here, or is about to have: its own newest journal.
bool ReplicationSession::is_wanted(JournalId journal, const Announcement& announced) const {
    if (options_.writes(journal) || announced.forked) return false;
    if (!interest_.everything && !interest_.journals.contains(journal)) return false;
    const auto held = held_.find(journal);
    if (held != held_.end() && held->second.forked) return false;
    if (is_beyond_revocation(journal, Seq{held == held_.end() ? 1 : held->second.seq.value + 1})) return false;
    if (held == held_.end() || held->second.seq < announced.head.seq) return true;
    if (peer_node() != journal.node) return false;
    const auto newer = announced_.upper_bound(journal);
    return newer == announced_.end() || newer->first.node != journal.node;
}

void ReplicationSession::update_pulls(Effects& out) {
    std::set<JournalId> pulled;
    for (auto& [generation, pull] : pulls_) {
        if (pull.withdrawn || pull.to) continue;
        const auto announced = announced_.find(pull.journal);
        const auto held = held_.find(pull.journal);
        const bool interesting = interest_.everything || interest_.journals.contains(pull.journal);
        const bool forked =
            (announced != announced_.end() && announced->second.forked) || (held != held_.end() && held->second.forked);
        const bool ended = pull.storing.empty() && is_beyond_revocation(pull.journal, pull.next);
        if (interesting && !forked && !ended) {
            pulled.insert(pull.journal);
            continue;
        }
        pull.withdrawn = true;
        send(Unwant{generation}, out);
    }
    std::erase_if(pulls_, [](const auto& p) { return p.second.withdrawn && p.second.storing.empty(); });
    for (const auto& [journal, announced] : announced_) {
        if (pulled.contains(journal) || !is_wanted(journal, announced)) continue;
        if (pulls_.size() >= options_.largest_wants) return;
        Pull pull{.journal = journal,
                  .next = Seq{1},
                  .last = genesis_hash(options_.venue, journal),
                  .to = {},
                  .credit = 0,
                  .storing = {},
                  .withdrawn = false};
        const auto held = held_.find(journal);
        if (held != held_.end() && held->second.seq > Seq{0}) {
            pull.next = Seq{held->second.seq.value + 1};
            pull.last = held->second.hash;
        }
        start_pull(std::move(pull), 0, out);
    }
}

void ReplicationSession::start_pull(Pull pull, std::uint64_t offer, Effects& out) {
    pull.credit = options_.credit;
    send(Want{++last_generation_, pull.journal, pull.next, pull.to, options_.credit, offer}, out);
    pulls_.emplace(last_generation_, std::move(pull));
}

void ReplicationSession::take(const Offer& offer, Effects& out) {
    const auto held = held_.find(offer.journal);
    const bool sensible = offer.id != 0 && offer.from > Seq{0} && offer.from <= offer.to;
    if (!sensible || !announced_.contains(offer.journal) || options_.writes(offer.journal))
        return hang_up(HangUpReason::protocol, "an offer of nothing", out);
    // Each of its batches would be evidence once more, and nothing else.
    if (announced_.at(offer.journal).forked || (held != held_.end() && held->second.forked))
        return hang_up(HangUpReason::fork, "an offer of a journal whose owner signed two histories", out);
    if (pulls_.size() >= options_.largest_wants)
        return hang_up(HangUpReason::protocol, "more offers than may stand", out);
    const Seq next{held == held_.end() ? 1 : held->second.seq.value + 1};
    start_pull(Pull{.journal = offer.journal,
                    .next = std::min(offer.from, next),
                    .last = {},
                    .to = offer.to,
                    .credit = 0,
                    .storing = {},
                    .withdrawn = false},
               offer.id, out);
}

// What is wrong with a batch before it is unpacked.
std::optional<HangUpReason> ReplicationSession::fault_of(const Pull& pull, const Batch& batch) const {
    if (pull.credit == 0) return HangUpReason::protocol;
    if (batch.head.journal != pull.journal || batch.first != pull.next) return HangUpReason::out_of_order;
    if (batch.head.seq < batch.first || batch.head.seq.value - batch.first.value >= largest_batch_records)
        return HangUpReason::out_of_order;
    const auto owner = announced_.find(pull.journal);
    if (owner == announced_.end() || !verify_head(owner->second.owner.signing_key, options_.venue, batch.head))
        return HangUpReason::forged;
    return std::nullopt;
}

// Each record has its number and carries the hash of the one before it; the last one's is the signed head's.
bool ReplicationSession::is_chained(const Pull& pull, const Batch& batch, const std::vector<Bytes>& records) const {
    if (records.size() != batch.head.seq.value - batch.first.value + 1) return false;
    Seq seq = batch.first;
    std::optional<Hash> before;
    for (const auto& stored : records) {
        const auto record = parse_record(stored);
        if (!record || record->header.ref() != RecordRef{pull.journal.node, pull.journal.epoch, seq}) return false;
        if (before && record->header.prev != *before) return false;
        before = record_hash(stored);
        ++seq.value;
    }
    return before == batch.head.hash;
}

void ReplicationSession::take(const Batch& batch, Effects& out) {
    const auto found = pulls_.find(batch.generation);
    if (found == pulls_.end() || found->second.withdrawn) {
        if (batch.generation > last_generation_) hang_up(HangUpReason::protocol, "a batch that nobody wanted", out);
        return;
    }
    Pull& pull = found->second;
    if (const auto fault = fault_of(pull, batch)) return hang_up(*fault, "a batch that does not fit its Want", out);
    if (is_beyond_revocation(pull.journal, batch.first)) {
        pull.withdrawn = true;
        return send(Unwant{batch.generation}, out);
    }
    auto records = unpack_records(batch);
    if (!records) {
        const bool large = records.error().code == ErrorCode::too_large;
        return hang_up(large ? HangUpReason::too_large : HangUpReason::protocol, records.error().detail, out);
    }
    if (!is_chained(pull, batch, *records))
        return hang_up(HangUpReason::forged, "a batch's records do not lead to its head", out);
    const auto owner = announced_.find(pull.journal);
    if (pull.last && parse_record(records->front())->header.prev != *pull.last)
        out.push_back(ReportFork{batch.head, records->front()});
    pending_ += batch.unpacked;
    if (pending_ > options_.largest_pending)
        return hang_up(HangUpReason::too_large, "more received than can be stored", out);
    --pull.credit;
    pull.next = Seq{batch.head.seq.value + 1};
    pull.last = batch.head.hash;
    auto& newest = owner->second.head;
    // Behind a batch that waits among the bulk it would be a gap if it went first.
    const bool live =
        !pull.to && records->size() < options_.live_tail &&
        newest.seq.value < batch.head.seq.value + options_.live_tail &&
        std::all_of(pull.storing.begin(), pull.storing.end(), [](const Storing& before) { return before.live; });
    pull.storing.push_back({batch.unpacked, live});
    if (batch.head.seq > newest.seq) {
        newest = batch.head;
        ++news_;
    }
    auto& copied = copied_[pull.journal];
    copied = std::max(copied, batch.head.seq);
    const auto certificate = issued_.find(pull.journal);
    out.push_back(StoreBatch{batch.generation, pull.journal, batch.first, std::move(*records), batch.head,
                             certificate == issued_.end() ? Bytes{} : certificate->second, live});
}

void ReplicationSession::finish_storing(std::map<std::uint32_t, Pull>::iterator pull) {
    pending_ -= pull->second.storing.front().octets;
    pull->second.storing.pop_front();
    if (pull->second.withdrawn && pull->second.storing.empty()) pulls_.erase(pull);
}

void ReplicationSession::on(const BatchStored& event, Effects& out) {
    const auto found = pulls_.find(event.generation);
    if (found == pulls_.end() || found->second.storing.empty()) return;
    Pull& pull = found->second;
    const bool over = pull.withdrawn || (pull.to && event.up_to >= *pull.to);
    if (phase_ == Phase::open && !pull.withdrawn) {
        Stored stored{event.generation, event.journal,        event.up_to,
                      event.accepted,   event.duplicate,      event.parked,
                      event.conflicts,  event.parked_records, static_cast<std::uint16_t>(over ? 0 : 1),
                      event.receipt};
        if (stored.parked_records.size() > largest_parked) stored.parked_records.resize(largest_parked);
        if (event.receipt) {
            auto& known = receipts_[event.journal];
            known = std::max(known, event.receipt->seq);
        }
        send(stored, out);
        if (!over) ++pull.credit;
    }
    if (over) pull.withdrawn = true;
    finish_storing(found);
}

void ReplicationSession::on(const BatchRefused& event, Effects& out) {
    const auto found = pulls_.find(event.generation);
    if (found == pulls_.end() || found->second.storing.empty()) return;
    finish_storing(found);
    if (phase_ != Phase::open) return;
    switch (event.why) {
        case Refusal::storage_unavailable:
            send(Busy{options_.storage_retry_s}, out);
            return hang_up(HangUpReason::storage_unavailable, "a batch could not be stored", out);
        case Refusal::chain_broken:
            return hang_up(HangUpReason::out_of_order, "a batch does not continue what is held", out);
        case Refusal::journal_fork: {
            const auto announced = announced_.find(event.journal);
            if (announced != announced_.end()) out.push_back(ReportFork{announced->second.head, std::nullopt});
            return hang_up(HangUpReason::fork, "the owner signed two histories", out);
        }
    }
}

}  // namespace gatehouse::sync
