// edge::JournalThread in virtual time: takes whatever waits, live work first, commits it, and tells the desk after the
// time that the flush took.
#pragma once

#include <deque>
#include <memory>

#include "edge/journal/journal_thread.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/mutants.hpp"
#include "tests/sim/world.hpp"
#include "tests/support/crash_vfs.hpp"

namespace gatehouse::sim {

struct JournalPumpOptions {
    Mutant mutant = Mutant::none;
    std::function<Duration()> flush_time;
    std::function<void(Seq up_to)> committed;  // own records; before the desk hears of it
    std::function<void()> disk_died;           // in the middle of a commit
    std::function<void(const Receipt&)> receipt_stored;
};

class JournalPump {
public:
    JournalPump(World& world, const Life& life, test::CrashDisk& disk, edge::Journal journal, const SigningKey& key,
                JournalPumpOptions options, edge::JournalEvents events);

    void append(std::shared_ptr<const ledger::Record> own);
    void store(edge::ForeignBatch batch, bool live);
    void store(Receipt receipt);
    void note_announced(SignedHead head);

    [[nodiscard]] edge::Journal& journal() { return journal_; }

private:
    struct Outcome {
        edge::Work work;
        Result<edge::Done> result;
    };
    void wake();
    void look_again();
    void tell_storage(const edge::StorageState& storage);
    void commit();
    [[nodiscard]] edge::Work take();
    void complete(const Outcome& outcome);
    void refuse(const Outcome& outcome);
    void later(Duration wait, std::function<void()> what);

    World& world_;
    const Life& life_;
    test::CrashDisk& disk_;
    edge::Journal journal_;
    const SigningKey& key_;
    JournalPumpOptions options_;
    edge::JournalEvents events_;
    edge::Work live_;
    std::deque<edge::ForeignBatch> bulk_;
    edge::StorageState storage_;
    bool busy_ = false;
    bool look_waits_ = false;  // until the next look at the storage
    bool owed_due_ = false;
};

}  // namespace gatehouse::sim
