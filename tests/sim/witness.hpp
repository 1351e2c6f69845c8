// What people and the other machines were told, written down outside of every machine: the run is judged by it.
#pragma once

#include <memory>
#include <string>

#include "edge/desk/effects.hpp"
#include "edge/desk/events.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/replication/replication_events.hpp"

namespace gatehouse::sim {

// Called by the machines' shells. One real implementation: the checker; machines are tested without one.
class Witness {
public:
    Witness() = default;
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;
    virtual ~Witness() = default;

    // A machine's desk decided this; it may yet be lost.
    virtual void appended(const std::shared_ptr<const ledger::Record>& record) = 0;
    // A machine has this on its disk; what decides there is told next, on a slow disk later.
    virtual void synced(const std::shared_ptr<const ledger::Record>& record) = 0;
    // A command was answered, or a verdict shown.
    virtual void told(NodeId node, const edge::Reply& reply) = 0;
    virtual void barrier_opened(NodeId node, const DeviceName& turnstile) = 0;
    virtual void printed(NodeId node, const RecordRef& job) = 0;
    // Central signed for this journal up to here.
    virtual void receipted(const Receipt& receipt) = 0;
    // A machine's database was opened again and answers for `journal`.
    virtual void reopened(NodeId machine, ledger::LedgerReader& reader) = 0;
    // What this node had on its disk is gone, all of which every other machine holds; its next epoch begins.
    virtual void database_lost(NodeId node) = 0;
    virtual void resynced(NodeId machine, const sync::ReportResync& report) = 0;
    virtual void fork_seen(NodeId machine, JournalId journal) = 0;
};

}  // namespace gatehouse::sim
