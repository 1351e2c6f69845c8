#include "tests/sim/scenario.hpp"

#include <fmt/core.h>

#include "tests/sim/checker.hpp"
#include "tests/sim/guests.hpp"
#include "tests/sim/storm.hpp"
#include "tests/sim/stranger.hpp"

namespace gatehouse::sim {

using std::chrono::minutes;
using std::chrono::seconds;

namespace {

class Stage {
public:
    explicit Stage(const ScenarioOptions& options)
        : options_(options),
          world_(options.seed, options.verbose),
          venue_(make_venue(world_)),
          network_(world_),
          checker_(world_, venue_),
          central_(world_, network_, venue_, options.mutant, checker_),
          stranger_(world_, network_, venue_, checker_) {
        std::vector<NodeMachine*> nodes;
        std::vector<Devices*> devices;
        for (const NodeId id : venue_.nodes()) {
            nodes_.push_back(std::make_unique<NodeMachine>(world_, network_, venue_, id, options.mutant, checker_));
            devices_.push_back(std::make_unique<Devices>(world_, *nodes_.back()));
            nodes.push_back(nodes_.back().get());
            devices.push_back(devices_.back().get());
        }
        guests_.emplace(world_, venue_, central_, nodes);
        storm_.emplace(world_, network_, central_, nodes, devices, options.mutant);
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            nodes_[i]->connect(devices_[i]->handlers([](const LaneName&, const edge::ScanReply&) {}),
                               [this, node = nodes_[i].get()](Death how) { storm_->node_died(*node, how); });
        central_.on_death([this](Death how) { storm_->central_died(how); });
    }

    ScenarioOutcome play() {
        central_.initialise();
        central_.start();
        stranger_.start();
        for (const auto& node : nodes_) {
            node->machine().clock.discipline();
            node->boot(true);
        }
        guests_->start();
        if (options_.faults) storm_->start();
        auto chance = world_.chance.fork("length");
        const Duration length = options_.length.value_or(chance.between(minutes{2}, minutes{6}));
        world_.run_until(Instant{length}, [this] { look(); });
        settle();
        storm_->count_disks();
        ScenarioOutcome outcome;
        outcome.failure = world_.failure();
        outcome.trace_hash = world_.trace_hash();
        outcome.events = world_.events();
        outcome.records = checker_.records().size();
        outcome.sales = guests_->bought();
        outcome.scans = guests_->scanned();
        outcome.admissions = checker_.admissions();
        outcome.refusals = checker_.refusals();
        outcome.doubles = checker_.doubles();
        outcome.comparisons = checker_.comparisons();
        outcome.faults = world_.faults;
        return outcome;
    }

private:
    // Who hears whom, as the checker needs to know it.
    void look() {
        const bool tampered = network_.is_tampered();
        look_at_contacts();
        if (++looked_ % compared_every == 0) compare_next();
        for (std::size_t a = 0; a < nodes_.size(); ++a) {
            checker_.hearing(central_node, nodes_[a]->id(), hears_central(*nodes_[a]), tampered);
            for (std::size_t b = a + 1; b < nodes_.size(); ++b)
                checker_.hearing(nodes_[a]->id(), nodes_[b]->id(), hear(*nodes_[a], *nodes_[b]), tampered);
        }
    }
    // In turn, as long as it runs.
    void compare_next() {
        const std::size_t which = looked_ / compared_every % (nodes_.size() + 1);
        if (which == nodes_.size()) {
            if (central_.is_running()) checker_.compare_tables(central_node, central_.reader());
        } else if (NodeMachine& node = *nodes_[which]; node.is_running()) {
            checker_.compare_tables(node.id(), node.reader());
        }
    }
    void look_at_contacts() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const auto& node = nodes_[i];
            checker_.in_order(node->id(), node->is_running() && node->is_well());
            for (const auto& lane : node->plan().lanes)
                if (lane.turnstile) checker_.barrier(node->id(), *lane.turnstile, devices_[i]->works(*lane.turnstile));
            const auto contact = [&](NodeId other) {
                checker_.connected(node->id(), other, node->is_running() && node->links().is_linked(other));
            };
            contact(central_node);
            for (const auto& other : nodes_)
                if (other != node) contact(other->id());
        }
    }
    bool hears_central(NodeMachine& node) {
        return central_.is_running() && node.is_running() && network_.hears(central_node, node.id()) &&
               central_.links().is_linked(node.id()) && node.links().is_linked(central_node) && node.is_well() &&
               !central_.machine().speed.is_slow();
    }
    bool hear(NodeMachine& a, NodeMachine& b) {
        return a.is_running() && b.is_running() && network_.hears(a.id(), b.id()) && a.links().is_linked(b.id()) &&
               b.links().is_linked(a.id()) && a.is_well() && b.is_well();
    }

    [[nodiscard]] bool drained() {
        if (!central_.is_running()) return false;
        for (const auto& node : nodes_)
            if (!node->is_running() || node->has_work()) return false;
        for (const NodeId id : venue_.members())
            if (checker_.head_of({id, Epoch{1}}) == Seq{0}) return false;
        for (const auto journal : checker_.journals()) {
            const Seq head = checker_.head_of(journal);
            const auto at_central = central_.reader().journal(journal);
            if (!at_central || at_central->head != head) return false;
            for (const auto& node : nodes_) {
                const auto state = node->reader().journal(journal);
                if (!state || state->head != head) return false;
                if (node->id() == journal.node && !checker_.is_former(journal) && state->backlog() > 0) return false;
            }
        }
        return true;
    }

    // The venue heals; within bounded time nothing is left to send, and everything agrees.
    void settle() {
        guests_->stop();
        stranger_.stop();
        storm_->calm();
        const Instant deadline = world_.now() + Duration{minutes{6}};
        world_.run_until(world_.now() + Duration{seconds{40}}, [this] { look(); });
        while (!world_.failure() && world_.now() < deadline && !drained())
            world_.run_until(world_.now() + Duration{seconds{5}}, [this] { look(); });
        if (world_.failure()) return;
        if (!drained()) return world_.fail("the healed venue does not drain: " + missing());
        compare_machines();
    }

    std::string missing() {
        std::string text;
        if (!central_.is_running()) text += "central is down; ";
        for (const auto& node : nodes_)
            if (!node->is_running())
                text += fmt::format("node {} is down; ", node->id().value);
            else if (node->has_work())
                text += fmt::format("node {} has work; ", node->id().value);
        for (const auto journal : checker_.journals()) {
            text += fmt::format("journal {}-{}: {}", journal.node.value, journal.epoch.value,
                                checker_.head_of(journal).value);
            if (central_.is_running()) {
                const auto state = central_.reader().journal(journal);
                text += fmt::format(" central {}", state ? state->head.value : 0);
            }
            for (const auto& node : nodes_) {
                if (!node->is_running()) continue;
                const auto state = node->reader().journal(journal);
                text += fmt::format(" at{} {}", node->id().value, state ? state->head.value : 0);
                if (state && node->id() == journal.node) text += fmt::format("(backlog {})", state->backlog());
            }
            text += "; ";
        }
        return text;
    }

    void compare_machines() {
        checker_.settle(central_node, central_.reader());
        const auto wanted = ledger::state_hash(central_.reader().database());
        for (const auto& node : nodes_) {
            if (world_.failure()) return;
            checker_.settle(node->id(), node->reader());
            const auto state = ledger::state_hash(node->reader().database());
            if (!wanted || !state || *wanted != *state)
                world_.fail(
                    fmt::format("node {} and central hold the same records and other tables", node->id().value));
        }
        if (world_.failure()) return;
        if (!central_.ledger().rebuild()) return world_.fail("central does not rebuild");
        const auto rebuilt = ledger::state_hash(central_.reader().database());
        if (!rebuilt || *rebuilt != *wanted) world_.fail("rebuilt from the records, the tables are others");
    }

    // A seed compares some eighty times so, which takes a quarter of its time.
    static constexpr std::uint64_t compared_every = 250;
    std::uint64_t looked_ = 0;
    ScenarioOptions options_;
    World world_;
    Venue venue_;
    Network network_;
    Checker checker_;
    CentralMachine central_;
    Stranger stranger_;
    std::vector<std::unique_ptr<NodeMachine>> nodes_;
    std::vector<std::unique_ptr<Devices>> devices_;
    std::optional<Guests> guests_;
    std::optional<Storm> storm_;
};

}  // namespace

ScenarioOutcome play(const ScenarioOptions& options) {
    Stage stage(options);
    return stage.play();
}

}  // namespace gatehouse::sim
