// What dies with a node's process. Included by node_machine's sources only.
#pragma once

#include <deque>
#include <map>

#include "tests/sim/node_machine.hpp"
#include "tests/sim/serving.hpp"

namespace gatehouse::sim {

struct NodeMachine::Process {
    struct Foreign {
        sync::LinkId link;
        std::uint32_t generation = 0;
        std::shared_ptr<const std::vector<ledger::Record>> records;
        SignedHead head;
    };

    Process(World& world, Network& network, const Venue& venue, Machine& machine, edge::Journal journal,
            JournalPumpOptions pump_options, edge::JournalEvents events, LinkPumpHandlers handlers,
            edge::DeskOptions desk_options, JournalId journal_id, std::function<void()> ring)
        : writing(journal_id),
          pump(world, life, machine.disk, std::move(journal), *machine.plan.key, std::move(pump_options),
               std::move(events)),
          reader(pump.journal().ledger().database()),
          desk(std::move(desk_options), reader),
          links(world, network, life, machine.clock, venue, journal_id, others(venue, machine.plan.id),
                std::move(handlers)),
          bell(world, life, machine.clock, std::move(ring)) {}

    // Everybody dials everybody: which connection remains is the replicator's affair.
    static std::vector<NodeId> others(const Venue& venue, NodeId self) {
        std::vector<NodeId> all;
        for (const auto& plan : venue.machines)
            if (plan.id != self) all.push_back(plan.id);
        return all;
    }

    Life life;
    JournalId writing;
    JournalPump pump;
    ledger::LedgerReader reader;
    edge::Desk desk;
    LinkPump links;
    AlarmBell bell;
    std::deque<std::shared_ptr<const ledger::Record>> unsynced;
    Seq witnessed;  // own records up to here are the witness' too
    std::map<edge::CommandToken, Answered> clients;
    std::map<std::uint64_t, Foreign> foreign;
    std::optional<SignedHead> signed_head;  // of the own journal, newest
};

}  // namespace gatehouse::sim
