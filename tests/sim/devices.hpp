// Turnstiles and printers of one node, at the level of their reports: people walk, stay, walk late; cables come off.
#pragma once

#include <deque>
#include <map>

#include "tests/sim/node_machine.hpp"

namespace gatehouse::sim {

class Devices {
public:
    Devices(World& world, NodeMachine& node);

    [[nodiscard]] DeviceHandlers handlers(std::function<void(const LaneName&, const edge::ScanReply&)> show);
    // A cable comes off for a while.
    void lose_turnstile(Duration how_long);
    void lose_printer(Duration how_long);
    [[nodiscard]] bool works(const DeviceName& turnstile) const { return turnstiles_.at(turnstile).online; }
    // Everybody walks, nothing breaks: for the settling at the end.
    void behave() { behave_ = true; }

    [[nodiscard]] std::uint64_t turned() const { return turned_; }

private:
    struct Turnstile {
        bool online = true;
        bool held_entry = false;
        bool held_exit = false;
    };
    void open(const DeviceName& turnstile, Direction direction, drivers::OpenId id);
    void walk(const DeviceName& turnstile, Direction direction);
    void print(const DeviceName& printer, RecordRef job, std::size_t papers);
    void report(const DeviceName& turnstile, edge::TurnstileReport report);

    World& world_;
    NodeMachine& node_;
    Chance chance_;
    std::map<DeviceName, Turnstile> turnstiles_;
    bool printer_online_ = true;
    bool behave_ = false;
    std::uint64_t turned_ = 0;
};

}  // namespace gatehouse::sim
