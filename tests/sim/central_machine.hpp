// Central: the real ingest, journal of node 0, venue desk and Replicator. This is sync/central/venue_store's writing
// thread in virtual time: whatever waits goes into one transaction, and nothing is answered before its commit.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "sync/central/central_journal.hpp"
#include "sync/central/ingest.hpp"
#include "sync/central/venue_desk.hpp"
#include "tests/sim/link_pump.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/witness.hpp"

namespace gatehouse::sim {

class CentralMachine {
public:
    CentralMachine(World& world, Network& network, const Venue& venue, Mutant mutant, Witness& witness);
    ~CentralMachine();

    void on_death(std::function<void(Death)> died) { died_ = std::move(died); }
    // What `gatehouse-central init` and the enrolments leave behind: catalogue, certificates. Once, before `start`.
    void initialise();
    void start();
    void die(Death how);
    void die_at_operation(Death how, std::uint64_t n);
    // Dies after the next commit, before it is answered.
    void die_before_answer() { dies_before_answer_ = true; }
    [[nodiscard]] bool is_running() const { return process_ != nullptr; }
    [[nodiscard]] Machine& machine() { return machine_; }

    // What people do at central. Lost when it is down; nothing is answered, the facts show what became of it.
    void grant(NodeId node, SessionId session, std::uint32_t units);
    void write(Body body);

    [[nodiscard]] ledger::LedgerReader& reader();
    [[nodiscard]] ledger::Ledger& ledger();
    [[nodiscard]] const LinkPump& links() const;

private:
    struct Process;
    using Job = std::function<Result<void>(Process&)>;
    struct Waiting {
        sync::LinkId link;
        sync::StoreBatch batch;
    };
    [[nodiscard]] Result<std::unique_ptr<Process>> open_process();
    [[nodiscard]] LinkPumpHandlers link_handlers();
    void submit(Job job);
    void wake();
    void commit();
    [[nodiscard]] Result<std::vector<central::Ingested>> perform(std::vector<Job>& jobs, std::vector<Waiting>& batches);
    void complete(const std::vector<Waiting>& batches, const std::vector<central::Ingested>& taken);
    void refuse(const std::vector<Waiting>& batches);
    void answer(const Waiting& waiting, const central::Ingested& ingested);
    void grown(const std::set<JournalId>& journals);
    void end_process(Death how);

    World& world_;
    Network& network_;
    const Venue& venue_;
    Mutant mutant_;
    Witness& witness_;
    Machine machine_;
    std::unique_ptr<Process> process_;
    std::function<void(Death)> died_;
    Death doom_ = Death::killed;
    bool dies_before_answer_ = false;
};

}  // namespace gatehouse::sim
