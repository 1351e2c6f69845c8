#include "tests/sim/central_machine.hpp"

#include <fmt/core.h>

#include "schemas/base/check.hpp"
#include "schemas/records/lease_extension.hpp"

#include "tests/sim/serving.hpp"

namespace gatehouse::sim {

using std::chrono::microseconds;

struct CentralMachine::Process {
    Process(World& world, Network& network, const Venue& venue, Machine& machine, ledger::Ledger opened,
            LinkPumpHandlers handlers)
        : ledger(std::move(opened)),
          reader(ledger.database()),
          journal(Epoch{1}, *machine.plan.key, *VenueCalendar::make(venue.settings.time_zone, venue.settings.cutover)),
          links(world, network, life, machine.clock, venue, {central_node, Epoch{1}}, {}, std::move(handlers)) {}

    // Appends to the own journal; known to the witness once it is committed.
    [[nodiscard]] Result<void> write(Body body, const Clock& clock, Witness& witness, ByteView extension = {}) {
        auto record = journal.append(ledger, std::move(body), {}, clock, extension);
        if (!record) return record.error();
        written.push_back(std::make_shared<const ledger::Record>(std::move(*record)));
        witness.appended(written.back());
        return {};
    }

    Life life;
    ledger::Ledger ledger;
    ledger::LedgerReader reader;
    central::CentralJournal journal;
    LinkPump links;
    std::vector<Job> jobs;
    std::vector<std::shared_ptr<const ledger::Record>> written;  // in the transaction under way
    std::deque<Waiting> live;
    std::deque<Waiting> backlog;
    bool busy = false;
};

CentralMachine::CentralMachine(World& world, Network& network, const Venue& venue, Mutant mutant, Witness& witness)
    : world_(world),
      network_(network),
      venue_(venue),
      mutant_(mutant),
      witness_(witness),
      machine_(world, venue, central_node) {
    machine_.clock.boot(true);
    machine_.clock.discipline();
}

CentralMachine::~CentralMachine() = default;

ledger::LedgerReader& CentralMachine::reader() { return process_->reader; }
ledger::Ledger& CentralMachine::ledger() { return process_->ledger; }
const LinkPump& CentralMachine::links() const { return process_->links; }

Result<std::unique_ptr<CentralMachine::Process>> CentralMachine::open_process() {
    ledger::LedgerOptions options;
    options.database.vfs = machine_.disk.vfs_name();
    options.database.exclusive = true;
    options.database.cache_kib = 512;
    if (mutant_ == Mutant::sync_normal) options.database.synchronous = ledger::Synchronous::normal;
    options.venue = venue_.settings;
    auto opened = ledger::Ledger::open("/central", options);
    if (!opened) return opened.error();
    return std::make_unique<Process>(world_, network_, venue_, machine_, std::move(*opened), link_handlers());
}

void CentralMachine::initialise() {
    auto opened = open_process();
    check(opened.has_value(), "an empty disk takes a database");
    Process& process = **opened;
    const auto append = [&](Body body) {
        const auto record = process.journal.append(process.ledger, std::move(body), {}, machine_.clock.read());
        check(record.has_value(), "central's first records are good");
    };
    check(process.ledger.begin().has_value(), "a transaction begins");
    append(EpochOpened{machine_.plan.certificate, Epoch{0}, Seq{0}, {}, "sim"});
    append(CataloguePublished{venue_.catalogue});
    for (const NodeId id : venue_.members())
        append(NodeEnrolled{id, venue_.plan(id).name, venue_.plan(id).certificate});
    check(process.journal.sign(process.ledger).has_value() && process.ledger.commit().has_value(), "it is committed");
}

void CentralMachine::start() {
    auto opened = open_process();
    if (!opened) {
        if (machine_.disk.dead()) return end_process(doom_);
        return world_.fail("central does not start: " + opened.error().detail);
    }
    process_ = std::move(*opened);
    world_.trace("central up");
    witness_.reopened(central_node, process_->reader);
    process_->links.grown(held_journals(process_->reader));
    process_->links.revoked(revocations(process_->reader));
    process_->links.start();
}

LinkPumpHandlers CentralMachine::link_handlers() {
    LinkPumpHandlers handlers;
    handlers.load = [this](sync::LinkId link, const sync::LoadBatch& wanted) {
        world_.after(microseconds{50}, process_->life.while_it_lasts([this, link, wanted] {
            process_->links.answer(link, sync::load_batch(process_->reader, venue_.id, wanted, nullptr));
        }));
    };
    handlers.store = [this](sync::LinkId link, const sync::StoreBatch& batch) {
        (batch.live ? process_->live : process_->backlog).push_back({link, batch});
        wake();
    };
    handlers.store_receipt = [](const Receipt&) {};
    handlers.copied = [](NodeId, JournalId, Seq) {};
    handlers.fork = [this](const SignedHead& head) { witness_.fork_seen(central_node, head.journal); };
    handlers.own_head = [this](JournalId journal) { witness_.fork_seen(central_node, journal); };
    handlers.peers_changed = [](const std::vector<NodeId>&) {};
    handlers.resync = [](const sync::ReportResync&) {};
    return handlers;
}

void CentralMachine::submit(Job job) {
    if (!process_) return;
    process_->jobs.push_back(std::move(job));
    wake();
}

void CentralMachine::grant(NodeId node, SessionId session, std::uint32_t units) {
    submit([this, wanted = LeaseGranted{node, session, units}](Process& process) -> Result<void> {
        central::PoolFacts pool;
        for (const auto& grant : process.reader.grants(std::nullopt))
            if (grant.body.session == wanted.session) pool.granted += grant.body.units;
        std::vector<central::KnownNode> nodes;
        for (const NodeId id : venue_.nodes()) nodes.push_back({id, venue_.plan(id).name, false});
        if (mutant_ == Mutant::lease_double) pool.granted = 0;
        auto granted = central::grant_lease(venue_.catalogue, nodes, pool, wanted);
        if (!granted) return {};  // refused: nothing to write
        const auto writes = process.reader.latest_journal(wanted.node);
        const auto extension = lease_extension(writes ? writes->journal.epoch : Epoch{1});
        return process.write(*granted, machine_.clock.read(), witness_, extension);
    });
}

void CentralMachine::write(Body body) {
    submit([this, body = std::move(body)](Process& process) -> Result<void> {
        return process.write(body, machine_.clock.read(), witness_);
    });
}

void CentralMachine::wake() {
    Process& process = *process_;
    if (process.busy || (process.jobs.empty() && process.live.empty() && process.backlog.empty())) return;
    process.busy = true;
    world_.after(microseconds{50}, process.life.while_it_lasts([this] { commit(); }));
}

Result<std::vector<central::Ingested>> CentralMachine::perform(std::vector<Job>& jobs, std::vector<Waiting>& batches) {
    Process& process = *process_;
    std::vector<central::Ingested> taken;
    if (auto begun = process.ledger.begin(); !begun) return begun.error();
    for (const auto& job : jobs)
        if (auto done = job(process); !done) return done.error();
    for (const auto& waiting : batches) {
        auto ingested = central::ingest(process.ledger, *machine_.plan.key, waiting.batch);
        if (!ingested) return ingested.error();
        taken.push_back(std::move(*ingested));
    }
    if (auto is_signed = process.journal.sign(process.ledger); !is_signed) return is_signed.error();
    if (mutant_ == Mutant::receipt_before_commit)
        for (std::size_t i = 0; i < taken.size(); ++i) answer(batches[i], taken[i]);
    if (auto committed = process.ledger.commit(); !committed) return committed.error();
    return taken;
}

void CentralMachine::commit() {
    Process& process = *process_;
    auto jobs = std::exchange(process.jobs, {});
    std::vector<Waiting> batches;
    std::size_t records = 0;
    const auto take = [&](std::deque<Waiting>& queue) {
        for (; !queue.empty() && records < 256; queue.pop_front()) {
            records += queue.front().batch.records.size();
            batches.push_back(std::move(queue.front()));
        }
    };
    take(process.live);
    take(process.backlog);
    const auto taken = perform(jobs, batches);
    if (machine_.disk.dead()) return end_process(doom_);
    if (!taken) process.ledger.rollback();
    if (std::exchange(dies_before_answer_, false)) {
        world_.faults.fired(Fault::central_died_before_answer);
        return end_process(Death::killed);
    }
    const auto after = machine_.speed.flush_time();
    auto told = std::make_shared<std::pair<std::vector<Waiting>, Result<std::vector<central::Ingested>>>>(
        std::move(batches), taken);
    world_.after(after, process.life.while_it_lasts([this, told] {
        process_->busy = false;
        if (told->second)
            complete(told->first, *told->second);
        else
            refuse(told->first);
    }));
}

void CentralMachine::complete(const std::vector<Waiting>& batches, const std::vector<central::Ingested>& taken) {
    Process& process = *process_;
    for (const auto& record : std::exchange(process.written, {})) witness_.synced(record);
    std::set<JournalId> changed;
    if (process.journal.settled()) changed.insert(process.journal.id());
    for (const auto& one : taken) changed.insert(one.journal);
    if (mutant_ != Mutant::receipt_before_commit)
        for (std::size_t i = 0; i < taken.size() && process.life.goes_on(); ++i) answer(batches[i], taken[i]);
    if (process.life.goes_on()) grown(changed);
    if (!process.life.goes_on()) return;
    if (process.ledger.database().log_pages() > 100) static_cast<void>(process.ledger.database().checkpoint(false));
    if (machine_.disk.dead()) return end_process(doom_);
    wake();
}

void CentralMachine::refuse(const std::vector<Waiting>& batches) {
    Process& process = *process_;
    process.written.clear();
    static_cast<void>(process.journal.settled());
    const auto fault = process.ledger.fault();
    world_.trace(fmt::format("central wrote nothing: {}", to_string(fault)));
    if (fault == ledger::Fault::space) process.ledger.database().space_made();
    if (fault != ledger::Fault::none && fault != ledger::Fault::space) return end_process(Death::disk_failed);
    for (const auto& waiting : batches)
        if (process.life.goes_on())
            process.links.answer(waiting.link, sync::BatchRefused{waiting.batch.generation, waiting.batch.journal,
                                                                  sync::Refusal::storage_unavailable});
    if (process.life.goes_on()) wake();
}

void CentralMachine::answer(const Waiting& waiting, const central::Ingested& ingested) {
    std::visit(
        [&](const auto& told) {
            if constexpr (std::is_same_v<std::decay_t<decltype(told)>, sync::BatchStored>) {
                if (told.receipt) witness_.receipted(*told.receipt);
            } else if (told.why == sync::Refusal::journal_fork) {
                witness_.fork_seen(central_node, told.journal);
            }
            process_->links.answer(waiting.link, told);
        },
        ingested.answer);
}

void CentralMachine::grown(const std::set<JournalId>& journals) {
    std::vector<sync::HeldJournal> held;
    for (const auto id : journals)
        if (const auto state = process_->reader.journal(id)) held.push_back(held_journal(process_->reader, *state));
    if (!held.empty()) process_->links.grown(held);
    if (journals.contains({central_node, Epoch{1}}) && process_->life.goes_on())
        process_->links.revoked(revocations(process_->reader));
}

void CentralMachine::die(Death how) {
    if (process_) end_process(how);
}

void CentralMachine::die_at_operation(Death how, std::uint64_t n) {
    doom_ = how;
    machine_.disk.die_at_operation(n);
}

void CentralMachine::end_process(Death how) {
    world_.trace(fmt::format("central dies: {}", static_cast<int>(how)));
    network_.detach(central_node, how == Death::power_cut);
    if (process_) {
        process_->life.end();
        if (how != Death::stopped) machine_.disk.die();
        world_.after({}, [body = std::shared_ptr<Process>(std::move(process_))] {});
    }
    died_(how);
}

}  // namespace gatehouse::sim
