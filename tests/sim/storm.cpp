#include "tests/sim/storm.hpp"

namespace gatehouse::sim {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Each seed has its own kinds of faults: those left out leave room for what only happens without them.
Storm::Storm(World& world, Network& network, CentralMachine& central, std::vector<NodeMachine*> nodes,
             std::vector<Devices*> devices, Mutant mutant)
    : world_(world),
      network_(network),
      central_(central),
      nodes_(std::move(nodes)),
      devices_(std::move(devices)),
      mutant_(mutant),
      chance_(world.chance.fork("storm")) {
    const std::array all{
        Weather{6, "kill process", &Storm::kill_process},
        Weather{6, "kill in commit", &Storm::kill_in_commit},
        Weather{4, "kill before answer", &Storm::kill_before_answer},
        Weather{6, "cut power", &Storm::cut_power},
        Weather{6, "cut power in commit", &Storm::cut_power_in_commit},
        Weather{2, "stop in order", &Storm::stop_in_order},
        Weather{3, "fail flush", &Storm::fail_flush},
        Weather{3, "fill disk", &Storm::fill_disk},
        Weather{3, "slow disk", &Storm::slow_disk},
        Weather{5, "lose link", &Storm::lose_link},
        Weather{6, "partition", &Storm::partition},
        Weather{4, "partition one way", &Storm::partition_one_way},
        Weather{3, "tamper", &Storm::tamper},
        Weather{4, "step clock", &Storm::step_clock},
        Weather{5, "hit central", &Storm::hit_central},
        Weather{2, "delay central", &Storm::delay_central},
        Weather{4, "lose device", &Storm::lose_device},
        Weather{2, "resync", &Storm::resync},
        Weather{2, "lose database", &Storm::lose_database},
    };
    for (const auto& weather : all) {
        if (!chance_.happens(0.6)) continue;
        weather_.push_back(weather);
        total_weight_ += weather.weight;
    }
}

void Storm::start() {
    if (!weather_.empty()) world_.after(chance_.between(seconds{5}, seconds{60}), [this] { next(); });
}

void Storm::next() {
    if (calm_) return;
    auto draw = static_cast<int>(chance_.below(static_cast<std::uint64_t>(total_weight_)));
    for (const auto& weather : weather_) {
        if (draw < weather.weight) {
            world_.trace(weather.name);
            (this->*weather.strike)();
            break;
        }
        draw -= weather.weight;
    }
    world_.after(chance_.between(seconds{2}, seconds{25}), [this] { next(); });
}

void Storm::kill_process() {
    NodeMachine& node = some_node();
    if (!node.is_running()) return;
    world_.faults.fired(Fault::process_killed);
    node.die(Death::killed);
}

void Storm::kill_in_commit() { some_node().die_at_operation(Death::killed, chance_.between(1, 14)); }
void Storm::kill_before_answer() { some_node().die_before_answer(); }
void Storm::cut_power_in_commit() { some_node().die_at_operation(Death::power_cut, chance_.between(1, 14)); }

void Storm::cut_power() { cut_power_of(some_node()); }

void Storm::cut_power_of(NodeMachine& node) {
    if (!node.is_running()) return;
    world_.faults.fired(Fault::power_cut);
    node.die(Death::power_cut);
}

void Storm::stop_in_order() { some_node().stop(); }
// A disk whose supply fails: the flush that it could not do is often followed by the power.
void Storm::fail_flush() {
    NodeMachine& node = some_node();
    node.machine().disk.fail_flush_at(chance_.between(1, 4));
    if (!chance_.happens(0.5)) return;
    world_.after(chance_.between(seconds{1}, seconds{20}), [this, &node] {
        if (!calm_) cut_power_of(node);
    });
}

void Storm::fill_disk() {
    auto& disk = some_node().machine().disk;
    disk.limit_size(disk.size() + chance_.below(40'000));
    world_.after(chance_.between(seconds{3}, seconds{30}), [&disk] { disk.limit_size({}); });
}

void Storm::slow_disk() {
    auto& speed = some_node().machine().speed;
    world_.faults.fired(Fault::disk_slow);
    speed.slow(true);
    world_.after(chance_.between(seconds{3}, seconds{30}), [&speed] { speed.slow(false); });
}

void Storm::lose_link() {
    world_.faults.fired(Fault::link_lost, network_.lose_connections(some_machine(), some_machine()));
}

void Storm::partition() {
    const NodeId lonely = some_machine();
    const bool from_all = chance_.happens(0.5);
    const NodeId other = some_machine();
    std::vector<NodeId> cut;
    for (std::uint16_t id = 0; id <= nodes_.size(); ++id)
        if (NodeId{id} != lonely && (from_all || NodeId{id} == other)) cut.push_back(NodeId{id});
    if (cut.empty()) return;
    world_.faults.fired(Fault::partition);
    for (const NodeId id : cut) {
        network_.block(lonely, id);
        network_.block(id, lonely);
    }
    world_.after(chance_.between(seconds{2}, minutes{3}), [this, lonely, cut] {
        for (const NodeId id : cut) {
            network_.unblock(lonely, id);
            network_.unblock(id, lonely);
        }
    });
}

void Storm::partition_one_way() {
    const NodeId from = some_machine();
    const NodeId to = some_machine();
    if (from == to) return;
    world_.faults.fired(Fault::one_way_partition);
    network_.block(from, to);
    world_.after(chance_.between(seconds{2}, minutes{1}), [this, from, to] { network_.unblock(from, to); });
}

void Storm::tamper() {
    network_.tamper({0.03, 0.03, 0.02});
    world_.after(chance_.between(seconds{3}, seconds{20}), [this] { network_.tamper({}); });
}

void Storm::step_clock() {
    NodeMachine& node = some_node();
    constexpr std::array steps{seconds{1},      seconds{30},          seconds{3'600},
                               seconds{86'400}, seconds{30 * 86'400}, seconds{10 * 365 * 86'400}};
    const auto most = steps[chance_.below(steps.size())];
    const auto ms = std::chrono::duration_cast<milliseconds>(chance_.between(seconds{1}, most)).count();
    world_.faults.fired(Fault::clock_stepped);
    node.machine().clock.step(chance_.happens(0.5) ? ms : -ms);
    node.tell(edge::Ticked{});
    if (chance_.happens(0.7))
        world_.after(chance_.between(seconds{5}, minutes{4}), [&node] { node.discipline_clock(); });
}

void Storm::hit_central() {
    if (!central_.is_running()) return;
    switch (chance_.below(4)) {
        case 0: return central_.die_before_answer();
        case 1:
            return central_.die_at_operation(chance_.happens(0.5) ? Death::killed : Death::power_cut,
                                             chance_.between(1, 20));
        case 2: world_.faults.fired(Fault::central_restarted); return central_.die(Death::power_cut);
        default: world_.faults.fired(Fault::central_restarted); return central_.die(Death::killed);
    }
}

void Storm::delay_central() {
    world_.faults.fired(Fault::central_late);
    network_.slow_down(central_node, chance_.between(milliseconds{100}, seconds{3}));
    central_.machine().speed.slow(true);
    world_.after(chance_.between(seconds{5}, seconds{60}), [this] {
        network_.slow_down(central_node, {});
        central_.machine().speed.slow(false);
    });
}

void Storm::lose_device() {
    Devices& devices = *devices_[chance_.below(devices_.size())];
    if (chance_.happens(0.7))
        devices.lose_turnstile(chance_.between(milliseconds{200}, seconds{20}));
    else
        devices.lose_printer(chance_.between(seconds{1}, seconds{20}));
}

void Storm::resync() {
    if (some_node().resync_to(some_machine())) world_.faults.fired(Fault::resync);
}

void Storm::lose_database() { lose_database_of(some_node(), 200); }

void Storm::lose_database_of(NodeMachine& node, int tries) {
    if (calm_ || tries == 0) return;
    if (!is_held_elsewhere(node)) {
        world_.after(milliseconds{100}, [this, &node, tries] { lose_database_of(node, tries - 1); });
        return;
    }
    world_.faults.fired(Fault::database_lost);
    node.lose_database();
}

bool Storm::is_held_elsewhere(NodeMachine& node) {
    if (!node.is_running() || node.has_work() || !central_.is_running()) return false;
    for (const auto& state : node.reader().journals()) {
        const auto holds = [&](ledger::LedgerReader& reader) {
            const auto held = reader.journal(state.journal);
            return held && held->head >= state.head;
        };
        if (!holds(central_.reader())) return false;
        for (NodeMachine* other : nodes_)
            if (other != &node && (!other->is_running() || !holds(other->reader()))) return false;
    }
    return true;
}

void Storm::lose_power(Machine& machine) {
    const auto report = machine.disk.cut_power();
    world_.faults.fired(Fault::sectors_dropped, report.dropped);
    world_.faults.fired(Fault::sectors_torn, report.torn);
}

void Storm::node_died(NodeMachine& node, Death how) {
    if (node.machine().disk.operations_cut() > 0) {
        world_.faults.fired(how == Death::power_cut ? Fault::power_cut_in_commit : Fault::killed_in_commit);
        node.machine().disk.forget_cut();
    }
    world_.after(calm_ ? Duration{seconds{1}} : chance_.between(milliseconds{200}, seconds{25}),
                 [this, &node, how] { restart(node, how); });
}

void Storm::restart(NodeMachine& node, Death how) {
    auto& disk = node.machine().disk;
    if (how != Death::power_cut) {
        disk.revive();
        if (how == Death::disk_failed) disk.drop_cache();
        return node.start();
    }
    lose_power(node.machine());
    if (mutant_ == Mutant::reuse_seq_after_crash) {
        if (old_copy_) disk.put_back(*old_copy_);
        if (&node == nodes_.front()) old_copy_ = disk.image();
    }
    const bool battery = !chance_.happens(0.3);
    if (!battery) world_.faults.fired(Fault::clock_lost);
    node.boot(battery);
    if (calm_ || chance_.happens(0.7))
        world_.after(calm_ ? Duration{seconds{1}} : chance_.between(seconds{1}, minutes{3}),
                     [&node] { node.discipline_clock(); });
}

void Storm::central_died(Death how) {
    world_.after(calm_ ? Duration{seconds{1}} : chance_.between(milliseconds{200}, seconds{40}), [this, how] {
        auto& disk = central_.machine().disk;
        if (how == Death::power_cut)
            lose_power(central_.machine());
        else
            disk.revive();
        if (how == Death::disk_failed) disk.drop_cache();
        central_.start();
    });
}

void Storm::calm() {
    calm_ = true;
    network_.heal();
    for (NodeMachine* node : nodes_) {
        node->machine().disk.limit_size({});
        node->machine().disk.die_at_operation(0);
        node->die_before_answer(false);
        node->machine().disk.fail_flush_at(0);
        node->machine().speed.slow(false);
        node->discipline_clock();
    }
    central_.machine().disk.die_at_operation(0);
    central_.machine().speed.slow(false);
    for (Devices* devices : devices_) devices->behave();
}

void Storm::count_disks() {
    for (NodeMachine* node : nodes_) {
        world_.faults.fired(Fault::sync_failed, node->machine().disk.failed_flushes());
        world_.faults.fired(Fault::disk_full, node->machine().disk.refused_for_size());
    }
}

}  // namespace gatehouse::sim
