// NodeMachine: what comes from other machines and goes to them.
#include <fmt/core.h>

#include "schemas/base/check.hpp"

#include "tests/sim/node_process.hpp"

namespace gatehouse::sim {

using std::chrono::microseconds;

LinkPumpHandlers NodeMachine::link_handlers() {
    LinkPumpHandlers handlers;
    handlers.load = [this](sync::LinkId link, const sync::LoadBatch& wanted) {
        world_.after(microseconds{50}, process_->life.while_it_lasts([this, link, wanted] {
            const SigningKey* key = wanted.journal == process_->writing ? plan().key.get() : nullptr;
            process_->links.answer(link, sync::load_batch(process_->reader, venue_.id, wanted, key));
        }));
    };
    handlers.store = [this](sync::LinkId link, const sync::StoreBatch& batch) {
        if (mutant_ != Mutant::late_peers || batch.journal.node == central_node) return take_batch(link, batch);
        world_.after(std::chrono::seconds{1},
                     process_->life.while_it_lasts([this, link, batch] { take_batch(link, batch); }));
    };
    handlers.store_receipt = [this](const Receipt& receipt) { process_->pump.store(receipt); };
    handlers.copied = [this](NodeId peer, JournalId journal, Seq seq) {
        if (journal == process_->writing && peer != central_node) step(edge::CopyAcknowledged{peer, seq});
    };
    handlers.fork = [this](const SignedHead& head) { witness_.fork_seen(id(), head.journal); };
    handlers.own_head = [this](JournalId journal) { witness_.fork_seen(id(), journal); };
    handlers.peers_changed = [this](std::vector<NodeId> heard) { step(edge::PeersChanged{std::move(heard)}); };
    handlers.resync = [this](const sync::ReportResync& report) { witness_.resynced(id(), report); };
    return handlers;
}

void NodeMachine::take_batch(sync::LinkId link, const sync::StoreBatch& batch) {
    if (mutant_ == Mutant::deaf_peers && batch.journal.node != central_node) return;
    auto records = std::make_shared<std::vector<ledger::Record>>();
    for (const auto& stored : batch.records) {
        auto record = ledger::read_record(stored);
        if (!record)
            return process_->links.answer(
                link, sync::BatchRefused{batch.generation, batch.journal, sync::Refusal::chain_broken});
        records->push_back(std::move(*record));
    }
    const std::uint64_t token = ++batches_;
    process_->foreign.emplace(token, Process::Foreign{link, batch.generation, records, batch.head});
    step(edge::ForeignRecordsReceived{token, records, batch.live});
}

void NodeMachine::batch_stored(const edge::ForeignResult& result) {
    const auto found = process_->foreign.extract(result.token);
    check(!found.empty(), "a batch is stored once");
    const auto& batch = found.mapped();
    const JournalId journal = batch.head.journal;
    step(edge::ForeignRecordsStored{result.token});
    if (!process_ || !process_->life.goes_on()) return;
    if (!result.failed && (result.stored > 0 || result.forked)) grown(journal);
    if (!process_->life.goes_on()) return;
    if (result.failed || result.gap || result.forked) {
        const auto why = result.failed   ? sync::Refusal::storage_unavailable
                         : result.forked ? sync::Refusal::journal_fork
                                         : sync::Refusal::chain_broken;
        if (result.forked) witness_.fork_seen(id(), journal);
        return process_->links.answer(batch.link, sync::BatchRefused{batch.generation, journal, why});
    }
    sync::BatchStored stored;
    stored.generation = batch.generation;
    stored.journal = journal;
    stored.up_to = batch.head.seq;
    stored.accepted = result.stored;
    stored.duplicate = result.duplicate;
    stored.parked = result.parked;
    process_->links.answer(batch.link, stored);
}

void NodeMachine::grown(JournalId journal) {
    const auto state = process_->reader.journal(journal);
    if (!state) return;
    auto held = held_journal(process_->reader, *state);
    if (journal == process_->writing) {
        if (!process_->signed_head) return;
        // Another commit may have gone further already: what is announced is what was signed.
        held.head = process_->signed_head;
        held.seq = held.head->seq;
        held.hash = held.head->hash;
        held.certificate = plan().certificate;
    }
    process_->links.grown({held});
    if (journal.node == central_node && process_->life.goes_on())
        process_->links.revoked(revocations(process_->reader));
}

bool NodeMachine::is_well() const { return !machine_.speed.is_slow() && !machine_.disk.is_limited(); }

bool NodeMachine::has_work() const { return process_ && (!process_->unsynced.empty() || !process_->foreign.empty()); }

void NodeMachine::died_in_commit() { end_process(doom_); }

void NodeMachine::die_at_operation(Death how, std::uint64_t n) {
    doom_ = how;
    machine_.disk.die_at_operation(n);
}

void NodeMachine::stop() {
    if (!process_) return;
    step(edge::StopOrdered{});
    world_.after(std::chrono::seconds{2}, process_->life.while_it_lasts([this] { end_process(Death::stopped); }));
}

void NodeMachine::die(Death how) {
    if (process_) end_process(how);
}

void NodeMachine::lose_database() {
    database_lost_ = true;
    witness_.database_lost(id());
    end_process(Death::killed);
}

void NodeMachine::end_process(Death how) {
    world_.trace(fmt::format("{} dies: {}", id().value, static_cast<int>(how)));
    network_.detach(id(), how == Death::power_cut);
    auto clients = process_ ? std::move(process_->clients) : decltype(Process::clients){};
    if (process_) {
        process_->life.end();
        // Nothing that closing its files does may reach them, unless it stops in order.
        if (how != Death::stopped) machine_.disk.die();
        // Destroyed when nothing of it is on the stack any more.
        world_.after({}, [body = std::shared_ptr<Process>(std::move(process_))] {});
    }
    for (auto& [token, answered] : clients) answered(std::nullopt);
    died_(how);
}

}  // namespace gatehouse::sim
