// A node: the real Desk, Journal and Replicator on a disk that crashes, with simulated turnstiles and printers. This is
// edge/daemon's loop in virtual time: it carries effects out and decides nothing.
#pragma once

#include <map>
#include <optional>

#include "edge/desk/desk.hpp"
#include "tests/sim/journal_pump.hpp"
#include "tests/sim/link_pump.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/witness.hpp"

namespace gatehouse::sim {

// The answer to a command; nothing when the process died or was not there: the client cannot know what became of it.
using Answered = std::function<void(const std::optional<Result<edge::Reply>>&)>;

// What stands at a lane or window, outside of the process.
struct DeviceHandlers {
    std::function<void(const DeviceName& turnstile, Direction, drivers::OpenId)> open;
    std::function<void(const DeviceName& turnstile, bool held_entry, bool held_exit)> hold;
    std::function<void(const DeviceName& printer, RecordRef job, std::size_t papers)> print;
    std::function<void(const LaneName& lane, const edge::ScanReply& reply)> show;
};

class NodeMachine {
public:
    NodeMachine(World& world, Network& network, const Venue& venue, NodeId id, Mutant mutant, Witness& witness);
    ~NodeMachine();

    void connect(DeviceHandlers devices, std::function<void(Death)> died) {
        devices_ = std::move(devices);
        died_ = std::move(died);
    }
    // Power on: a new boot. Precondition: not running.
    void boot(bool battery);
    // The process starts (again) within the same boot.
    void start();
    void die(Death how);
    // Dies in the middle of the n-th write, flush or truncation from now.
    void die_at_operation(Death how, std::uint64_t n);
    // Dies after its next own commit, before anybody hears of it; `false`: not any more.
    void die_before_answer(bool dies = true) { dies_before_answer_ = dies; }
    // Dies, and its database is gone. Its keys and the number of its epoch, files beside it, are not.
    // Precondition: running.
    void lose_database();
    // Stops in order: closing records, checkpoint.
    void stop();

    [[nodiscard]] bool is_running() const { return process_ != nullptr; }
    // Records are written as they come: the disk is neither slow nor full.
    [[nodiscard]] bool is_well() const;
    // Records wait for the disk.
    [[nodiscard]] bool has_work() const;
    // Counts processes: a device tells the one that asked, not the next.
    [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
    [[nodiscard]] NodeId id() const { return machine_.plan.id; }
    [[nodiscard]] Machine& machine() { return machine_; }
    [[nodiscard]] const MachinePlan& plan() const { return machine_.plan; }

    void ask(const edge::Actor& actor, edge::Command command, Answered answered);
    // Anything else that reaches the desk. Nothing when the process is down.
    void tell(const edge::Event& event);
    // The kernel found the true time.
    void discipline_clock();
    bool resync_to(NodeId peer);

    // Only while running.
    [[nodiscard]] edge::Desk& desk();
    [[nodiscard]] ledger::LedgerReader& reader();
    [[nodiscard]] edge::Journal& journal();
    [[nodiscard]] const LinkPump& links() const;

private:
    struct Process;
    void step(const edge::Event& event);
    void carry_out(const edge::Effect& effect);
    void append(const std::shared_ptr<const ledger::Record>& record);
    void committed(Seq up_to);
    void closing_records(const edge::OwnHead& head);
    void answer(const edge::Answer& answer);
    void end_process(Death how);
    void died_in_commit();
    [[nodiscard]] Result<std::unique_ptr<Process>> open_process();
    [[nodiscard]] edge::JournalEvents journal_events();
    [[nodiscard]] LinkPumpHandlers link_handlers();
    void take_batch(sync::LinkId link, const sync::StoreBatch& batch);
    void batch_stored(const edge::ForeignResult& result);
    void grown(JournalId journal);
    [[nodiscard]] edge::DeskOptions desk_options(JournalId journal) const;

    World& world_;
    Network& network_;
    const Venue& venue_;
    Mutant mutant_;
    Witness& witness_;
    Machine machine_;
    DeviceHandlers devices_;
    std::unique_ptr<Process> process_;
    std::function<void(Death)> died_;
    Death doom_ = Death::killed;
    std::optional<bool> latch_;
    bool dies_before_answer_ = false;
    bool database_lost_ = false;
    Epoch last_epoch_;  // what edge/journal keeps in a file of its own
    std::uint64_t incarnation_ = 0;
    std::uint64_t tokens_ = 0;
    std::uint64_t batches_ = 0;
};

}  // namespace gatehouse::sim
