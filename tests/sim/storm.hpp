// Everything that goes wrong in a run, when, and for how long: chosen by the seed, counted when it happened.
#pragma once

#include <vector>

#include "tests/sim/central_machine.hpp"
#include "tests/sim/devices.hpp"
#include "tests/sim/node_machine.hpp"

namespace gatehouse::sim {

class Storm {
public:
    Storm(World& world, Network& network, CentralMachine& central, std::vector<NodeMachine*> nodes,
          std::vector<Devices*> devices, Mutant mutant);

    void start();
    // No more faults; machines that are down come up, clocks are right, all is connected.
    void calm();
    // Whoever died comes back.
    void node_died(NodeMachine& node, Death how);
    void central_died(Death how);
    // Counts what the disks did.
    void count_disks();

private:
    struct Weather {
        int weight;
        const char* name;
        void (Storm::*strike)();
    };
    void next();
    void kill_process();
    void kill_in_commit();
    void kill_before_answer();
    void cut_power();
    void cut_power_in_commit();
    void stop_in_order();
    void fail_flush();
    void fill_disk();
    void slow_disk();
    void lose_link();
    void partition();
    void partition_one_way();
    void tamper();
    void step_clock();
    void hit_central();
    void delay_central();
    void lose_device();
    void resync();
    void lose_database();
    // As soon as all that it holds is held by everybody else; not at all if that takes longer than `tries`.
    void lose_database_of(NodeMachine& node, int tries);
    [[nodiscard]] bool is_held_elsewhere(NodeMachine& node);
    void cut_power_of(NodeMachine& node);
    void lose_power(Machine& machine);
    void restart(NodeMachine& node, Death how);
    [[nodiscard]] NodeMachine& some_node() { return *nodes_[chance_.below(nodes_.size())]; }
    [[nodiscard]] NodeId some_machine() { return NodeId{static_cast<std::uint16_t>(chance_.below(nodes_.size() + 1))}; }

    World& world_;
    Network& network_;
    CentralMachine& central_;
    std::vector<NodeMachine*> nodes_;
    std::vector<Devices*> devices_;
    Mutant mutant_;
    Chance chance_;
    std::vector<Weather> weather_;
    int total_weight_ = 0;
    bool calm_ = false;
    std::optional<test::CrashDisk::Image> old_copy_;
};

}  // namespace gatehouse::sim
