// ReplicationSession: the journals that the peer pulls from here.
#include <algorithm>
#include <utility>

#include "sync/replication/packing.hpp"
#include "sync/replication/replication_session.hpp"

namespace gatehouse::sync {

Seq ReplicationSession::servable(JournalId journal) const {
    const auto held = held_.find(journal);
    return held == held_.end() || !held->second.head ? Seq{0} : held->second.head->seq;
}

bool ReplicationSession::is_ready(const Serve& serve) const {
    return !serve.loading && !serve.dry && serve.credit > 0 && serve.next <= servable(serve.journal);
}

bool ReplicationSession::is_live(const Serve& serve) const {
    return !serve.to && servable(serve.journal).value < serve.next.value + options_.live_tail;
}

void ReplicationSession::load(std::uint32_t generation, Serve& serve, bool bulk, Effects& out) {
    serve.loading = true;
    serve.bulk = bulk;
    if (bulk) ++bulk_loading_;
    out.push_back(LoadBatch{generation, serve.journal, serve.next, serve.to, options_.batch_records,
                            options_.batch_octets, *held_.at(serve.journal).head});
}

// Live journals at once; of backlogs one after the other, as long as little of them waits in the transport.
void ReplicationSession::serve_more(Effects& out) {
    for (auto& [generation, serve] : serves_)
        if (is_ready(serve) && is_live(serve)) load(generation, serve, false, out);
    for (std::size_t i = 0; i < serves_.size(); ++i) {
        const bool room = bulk_loading_ < options_.backlog_in_flight &&
                          unsent_ < options_.backlog_in_flight * std::size_t{options_.batch_octets};
        if (!room) return;
        auto next = serves_.upper_bound(last_bulk_);
        if (next == serves_.end()) next = serves_.begin();
        last_bulk_ = next->first;
        if (is_ready(next->second)) load(next->first, next->second, true, out);
    }
}

void ReplicationSession::on(const FrameSent& event, Effects& out) {
    unsent_ -= std::min(unsent_, event.octets);
    if (phase_ == Phase::open) serve_more(out);
}

void ReplicationSession::take(const Want& want, Effects& out) {
    const auto held = held_.find(want.journal);
    if (want.generation <= last_wanted_ || want.from == Seq{0} || want.credit == 0 || (want.to && *want.to < want.from))
        return hang_up(HangUpReason::protocol, "a want of nothing", out);
    if (held == held_.end() || !told_certificates_.contains(want.journal))
        return hang_up(HangUpReason::protocol, "a want of what was not announced", out);
    if (serves_.size() >= options_.largest_wants)
        return hang_up(HangUpReason::protocol, "more wants than may stand", out);
    const auto offer = resyncs_.find(want.offer);
    if (want.offer != 0 &&
        (offer == resyncs_.end() || !want.to || *want.to != offer->second.to || want.journal != offer->second.journal))
        return hang_up(HangUpReason::protocol, "a want of what was not offered", out);
    last_wanted_ = want.generation;
    if (!want.to) {
        auto& copied = copied_[want.journal];
        copied = std::max(copied, Seq{want.from.value - 1});
        out.push_back(ReportCopied{want.journal, copied, {}});
    }
    serves_.emplace(want.generation, Serve{.journal = want.journal,
                                           .next = want.from,
                                           .stored = Seq{want.from.value - 1},
                                           .to = want.to,
                                           .offer = want.offer,
                                           .credit = want.credit});
    serve_more(out);
}

void ReplicationSession::take(const Unwant& unwant, Effects& out) {
    const auto found = serves_.find(unwant.generation);
    if (found == serves_.end()) return;  // ended while the message was under way
    const auto journal = found->second.journal;
    if (found->second.loading && found->second.bulk) --bulk_loading_;
    serves_.erase(found);
    announce({journal}, out);
    serve_more(out);
}

void ReplicationSession::on(const BatchLoaded& event, Effects& out) {
    const auto found = serves_.find(event.generation);
    if (phase_ != Phase::open || found == serves_.end() || !found->second.loading) return;
    Serve& serve = found->second;
    serve.loading = false;
    if (std::exchange(serve.bulk, false)) --bulk_loading_;
    std::size_t octets = 0;
    for (const auto& record : event.records) octets += record.size() + 4;
    const bool usable = !event.records.empty() && event.from == serve.next && event.head.journal == serve.journal &&
                        event.head.seq.value - event.from.value + 1 == event.records.size() &&
                        event.head.seq <= servable(serve.journal) && octets <= largest_batch - 1024 &&
                        event.records.size() <= largest_batch_records;
    if (!usable) {
        serve.dry = true;
        return serve_more(out);
    }
    auto packed = pack_records(event.records);
    send(Batch{event.generation, event.from, event.head, packed.packing, packed.unpacked, std::move(packed.packed)},
         out);
    unsent_ += std::get<SendFrame>(out.back()).frame.size();
    --serve.credit;
    serve.next = Seq{event.head.seq.value + 1};
    if (const auto resync = resyncs_.find(serve.offer); resync != resyncs_.end())
        resync->second.report.sent += event.records.size();
    if (serve.to && serve.next > *serve.to) serve.dry = true;
    serve_more(out);
}

void ReplicationSession::take(const Stored& stored, Effects& out) {
    const auto found = serves_.find(stored.generation);
    if (found == serves_.end()) {
        if (stored.generation > last_wanted_) hang_up(HangUpReason::protocol, "stored what was never sent", out);
        return;
    }
    Serve& serve = found->second;
    if (stored.journal != serve.journal || stored.up_to >= serve.next || serve.credit + stored.credit > largest_credit)
        return hang_up(HangUpReason::protocol, "stored what was never sent", out);
    // Operators read the sums of a resync as what was missing.
    const auto covered = stored.up_to > serve.stored ? stored.up_to.value - serve.stored.value : 0;
    if (std::uint64_t{stored.accepted} + stored.duplicate > covered || stored.parked > covered)
        return hang_up(HangUpReason::protocol, "counted more records than were sent", out);
    serve.stored = std::max(serve.stored, stored.up_to);
    serve.credit += stored.credit;
    if (stored.receipt) {
        const auto key = central_key();
        if (!key || peer_node() != central_node || stored.receipt->journal != stored.journal)
            return hang_up(HangUpReason::protocol, "a receipt that is not central's", out);
        take_receipt(*stored.receipt, *key, out);
        if (phase_ != Phase::open) return;
    }
    auto& copied = copied_[stored.journal];
    copied = std::max(copied, stored.up_to);
    out.push_back(ReportCopied{stored.journal, copied, stored.parked_records});
    if (serve.offer != 0) account_resync(serve, stored, out);
    if (serve.to && stored.up_to >= *serve.to) serves_.erase(found);
    serve_more(out);
}

void ReplicationSession::account_resync(Serve& serve, const Stored& stored, Effects& out) {
    const auto found = resyncs_.find(serve.offer);
    if (found == resyncs_.end()) return;
    auto& report = found->second.report;
    report.up_to = stored.up_to;
    report.accepted += stored.accepted;
    report.duplicate += stored.duplicate;
    report.parked += stored.parked;
    report.conflicts += stored.conflicts;
    report.done = stored.up_to >= found->second.to;
    out.push_back(report);
    if (report.done) resyncs_.erase(found);
}

void ReplicationSession::on(const ResyncAsked& event, Effects& out) {
    ReportResync report;
    report.id = event.id;
    const Seq to = std::min(event.to, servable(event.journal));
    if (phase_ != Phase::open || event.id == 0 || resyncs_.contains(event.id) ||
        resyncs_.size() >= options_.largest_resyncs) {
        report.failed = true;
        out.push_back(report);
        return;
    }
    if (event.from > to || event.from == Seq{0}) {
        report.done = true;
        out.push_back(report);
        return;
    }
    if (!told_certificates_.contains(event.journal)) {
        send(Heads{{{*held_.at(event.journal).head, held_.at(event.journal).certificate}}}, out);
        told_certificates_.insert(event.journal);
    }
    resyncs_.emplace(event.id, Resync{event.journal, event.from, to, report});
    send(Offer{event.id, event.journal, event.from, to}, out);
}

}  // namespace gatehouse::sync
