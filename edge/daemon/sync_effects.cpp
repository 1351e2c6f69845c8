// What the replicator asks of the shell, carried out: frames, batches read, batches handed to the journal.
#include <algorithm>

#include "edge/daemon/machine_clock.hpp"
#include "edge/daemon/sync_loop.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/log.hpp"
#include "sync/replication/batch_loading.hpp"

namespace gatehouse::edge {

void SyncPump::Loop::carry_out(sync::LinkEffects effects) {
    for (auto& effect : effects) effects_.push_back(std::move(effect));
    if (carrying_) return;
    carrying_ = true;
    while (!effects_.empty()) {
        sync::LinkEffect next = std::move(effects_.front());
        effects_.pop_front();
        carry_out(next.link, next.effect);
    }
    carrying_ = false;
}

void SyncPump::Loop::carry_out(sync::LinkId link, sync::Effect& effect) {
    std::visit(
        Match{[&](sync::SendFrame& send) { links_.send(link, std::move(send.frame)); },
              [&](sync::HangUp& hang_up) {
                  endings_[link] = {hang_up.reason, hang_up.retry_after_s};
                  links_.close(link, std::string{to_string(hang_up.reason)} + ": " + hang_up.detail);
              },
              [&](sync::LoadBatch& wanted) { load(link, wanted); }, [&](sync::StoreBatch& batch) { take(link, batch); },
              [&](sync::StoreReceipt& store) { take_receipt(store.receipt); },
              [&](sync::ReportPeer& peer) { report_peer(link, peer); },
              [&](sync::ReportCopied& copied) { report_copied(link, copied); },
              [&](sync::ReportFork& fork) {
                  log::error("journal {}-{}: two histories from {} on: its owner's key or disk was copied",
                             fork.head.journal.node.value, fork.head.journal.epoch.value, fork.head.seq.value);
              },
              [&](sync::CompareHead& told) {
                  // Others' are compared by central, which keeps what it finds.
                  if (told.head.journal == options_.own)
                      static_cast<void>(is_ours(told.head.journal, told.head.seq, told.head.hash));
              },
              [&](sync::ReportOwnHead& told) {
                  outlets_.own_elsewhere({told.journal, told.seq, told.seq <= held(told.journal).seq});
              },
              [](sync::TellTime&) {},  // only central's time counts
              [&](sync::ReportTime& time) { report_time(time); },
              [&](sync::ReportResync& report) { report_resync(report); }},
        effect);
}

void SyncPump::Loop::take_receipt(const Receipt& receipt) {
    const bool own = receipt.journal == options_.own;
    if (own && !is_ours(receipt.journal, receipt.seq, receipt.hash)) return;
    outlets_.receipt(receipt, own);
    auto journal = held(receipt.journal);
    journal.receipt = receipt;
    carry_out(replicator_.journals_grown({journal}, boot_now()));
    if (!own) return;
    central_.acked = receipt.seq;
    show_central("");
}

// Whether our record there has that hash; if not, it is told.
bool SyncPump::Loop::is_ours(JournalId journal, Seq seq, const Hash& hash) {
    const auto record = reader_.record({journal.node, journal.epoch, seq});
    if (reader_.fault() != ledger::Fault::none) {
        outlets_.read_failed(reader_.fault());
        return false;
    }
    if (!record || record->hash == hash) return true;
    outlets_.own_elsewhere({journal, seq, true});
    return false;
}

void SyncPump::Loop::load(sync::LinkId link, const sync::LoadBatch& wanted) {
    const SigningKey* const owner = wanted.journal == options_.own ? options_.key.get() : nullptr;
    auto loaded = sync::load_batch(reader_, options_.venue, wanted, owner);
    if (reader_.fault() != ledger::Fault::none) return outlets_.read_failed(reader_.fault());
    carry_out(replicator_.step(link, std::move(loaded), boot_now()));
}

void SyncPump::Loop::take(sync::LinkId link, sync::StoreBatch& batch) {
    auto records = std::make_shared<std::vector<ledger::Record>>();
    records->reserve(batch.records.size());
    std::size_t octets = 0;
    for (Bytes& stored : batch.records) {
        auto record = ledger::read_record(std::move(stored));
        if (!record) {
            log::warning("journal {}-{}: a record that cannot be read was refused: {}", batch.journal.node.value,
                         batch.journal.epoch.value, record.error().detail);
            carry_out(replicator_.step(
                link, sync::BatchRefused{batch.generation, batch.journal, sync::Refusal::chain_broken}, boot_now()));
            return;
        }
        octets += record->stored.size();
        records->push_back(std::move(*record));
    }
    const std::uint64_t token = next_batch_++;
    taken_[token] = {link, batch.generation, batch.head, std::move(batch.certificate), octets};
    waiting_ += octets;
    outlets_.received(token, std::move(records), batch.head, batch.live);
}

void SyncPump::Loop::foreign_stored(std::uint64_t batch, const std::optional<ForeignResult>& result) {
    const auto found = taken_.extract(batch);
    if (found.empty()) return;
    const Taken& taken = found.mapped();
    waiting_ -= taken.octets;
    const JournalId journal = taken.head.journal;
    const auto refuse = [&](sync::Refusal why) {
        carry_out(replicator_.step(taken.link, sync::BatchRefused{taken.generation, journal, why}, boot_now()));
        arm_timer();
    };
    if (!result || result->failed) return refuse(sync::Refusal::storage_unavailable);
    if (result->forked) {
        // Else each further connection asks for it again, and ends as this one does.
        auto forked = held(journal);
        forked.forked = true;
        carry_out(replicator_.journals_grown({forked}, boot_now()));
        return refuse(sync::Refusal::journal_fork);
    }
    if (result->gap) return refuse(sync::Refusal::chain_broken);
    auto grown = held(journal);
    grown.seq = taken.head.seq;
    grown.hash = taken.head.hash;
    grown.head = taken.head;
    if (grown.certificate.empty()) grown.certificate = taken.certificate;
    const Instant now = boot_now();
    carry_out(replicator_.step(taken.link,
                               sync::BatchStored{taken.generation,
                                                 journal,
                                                 std::min(result->up_to, taken.head.seq),
                                                 result->stored,
                                                 result->duplicate,
                                                 result->parked,
                                                 0,
                                                 {},
                                                 {}},
                               now));
    carry_out(replicator_.journals_grown({grown}, now));
    if (journal.node == central_node && result->stored > 0)
        carry_out(replicator_.revocations_changed(load_revocations(), now));
    arm_timer();
}

void SyncPump::Loop::head_signed(const SignedHead& head) {
    auto grown = held(head.journal);
    grown.seq = head.seq;
    grown.hash = head.hash;
    grown.head = head;
    carry_out(replicator_.journals_grown({grown}, boot_now()));
    arm_timer();
}

void SyncPump::Loop::report_peer(sync::LinkId link, const sync::ReportPeer& peer) {
    if (Dialled* dialled = dialled_over(link); dialled != nullptr) {
        dialled->accepted = true;
        dial_step(*dialled, sync::DialConnected{});
    }
    const bool central = peer.certificate.node == central_node;
    log::info("{} {}: connected, {}", central ? "central" : "peer", peer.certificate.name.value, peer.software);
    if (!central) peers_[peer.certificate.node].name = peer.certificate.name.value;
    if (central) central_.last_contact = MachineClock{}.read().wall;
    show_central("");
    show_peers();
    ask_resyncs();
}

void SyncPump::Loop::report_copied(sync::LinkId link, const sync::ReportCopied& copied) {
    if (copied.journal != options_.own) return;
    const auto* session = replicator_.session(link);
    if (session == nullptr || !session->peer()) return;
    const NodeId node = session->peer()->node;
    for (const auto& parked : copied.parked)
        log::warning("{} parked our record {}: {}", session->peer()->name.value, parked.seq.value, parked.reason);
    outlets_.copied(node, copied.seq);
    if (node == central_node) return;
    PeerView& view = peers_[node];
    view.copied = std::max(view.copied, copied.seq);
    show_peers();
}

void SyncPump::Loop::report_time(const sync::ReportTime& time) {
    const std::int64_t offset_ms = time.wall.value - MachineClock{}.read().wall.value;
    central_.offset_ms = offset_ms;
    central_.rtt_ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.round).count();
    outlets_.time_told(offset_ms);
    show_central("");
}

void SyncPump::Loop::resync(const StartResync& order) {
    JobView job;
    if (order.order) job.id = *order.order;
    job.from = order.from;
    job.to = order.to;
    outlets_.board(job);
    orders_[next_order_++] = {order, job, std::nullopt};
    ask_resyncs();
    arm_timer();
}

void SyncPump::Loop::ask_resyncs() {
    const auto link = replicator_.link_to(central_node);
    if (!link) return;
    for (auto& [id, order] : orders_) {
        if (order.link) continue;
        order.link = *link;
        order.job.state = "running";
        outlets_.board(order.job);
        carry_out(replicator_.step(*link, sync::ResyncAsked{id, order.order.journal, order.order.from, order.order.to},
                                   boot_now()));
    }
}

void SyncPump::Loop::report_resync(const sync::ReportResync& report) {
    const auto found = orders_.find(report.id);
    if (found == orders_.end()) return;
    Order& order = found->second;
    if (report.failed) {  // asked again over the next connection, from the beginning: duplicates change nothing
        order.link.reset();
        order.job.state = "waiting";
        outlets_.board(order.job);
        return;
    }
    order.job.up_to = report.up_to;
    order.job.sent = report.sent;
    order.job.accepted = report.accepted;
    order.job.duplicate = report.duplicate;
    order.job.parked = report.parked;
    order.job.conflicts = report.conflicts;
    if (report.done) order.job.state = "done";
    outlets_.board(order.job);
    if (!report.done) return;
    orders_.erase(found);
    ask_resyncs();  // only so many are under way at once
}

}  // namespace gatehouse::edge
