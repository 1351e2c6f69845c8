// The real journal on a disk that loses what disks lose: every acknowledged record is there afterwards.
#include <doctest/doctest.h>

#include <random>

#include "edge/journal/journal.hpp"
#include "sync/ledger/verifier.hpp"
#include "tests/support/chain.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

struct Outcome {
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;     // acknowledged, and not there after a cut
    std::uint64_t corrupt = 0;  // the database could not be opened or verified
    std::uint64_t cuts = 0;
    std::uint64_t dropped = 0;  // sectors
    std::uint64_t torn = 0;
    std::uint64_t unacknowledged = 0;  // found though nobody was told: allowed
};

struct Faults {
    ledger::Synchronous synchronous = ledger::Synchronous::full;
    bool lying = false;
};

JournalOptions crash_options(const CrashDisk& disk, ledger::Synchronous synchronous) {
    JournalOptions options;
    options.ledger = test_ledger_options();
    options.ledger.database.vfs = disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.ledger.database.synchronous = synchronous;
    options.node = NodeId{1};
    options.files = false;
    options.checkpoint_pages = 12;
    options.forced_checkpoint_pages = 40;
    return options;
}

// Commits records, a few at a time, until the disk dies under it. Answers how many were acknowledged.
std::size_t run_until_death(Journal& journal, Chain& booth, std::mt19937_64& random) {
    std::size_t acknowledged = journal.own_head().seq.value;
    while (true) {
        Work work;
        for (auto n = 1 + random() % 4; n > 0; --n) {
            if (booth.records.empty()) {
                booth.open_epoch();
            } else if (random() % 3 == 0) {
                booth.sell(static_cast<std::uint16_t>(1 + random() % 3));
            } else {
                booth.admit({{NodeId{1}, Epoch{1}, Seq{1 + random() % booth.records.size()}}, 1});
            }
            work.own.push_back(std::make_shared<const ledger::Record>(booth.last()));
        }
        if (!journal.commit(work)) return acknowledged;
        acknowledged = booth.records.size();
        static_cast<void>(journal.sign_head(test_key(NodeId{1})));
        journal.checkpoint(random() % 2 == 0);
    }
}

// Whether the journal's records are those of `booth`, from the first on, and how many there are.
std::optional<std::size_t> count_records(Journal& journal, const Chain& booth) {
    ledger::LedgerReader reader{journal.ledger().database()};
    const auto state = reader.journal({NodeId{1}, Epoch{1}});
    if (!state) return 0;
    ledger::Verifier verifier{reader, test_venue(), *state, Seq{0},
                              [](NodeId node) { return test_key(node).public_key(); }};
    while (verifier.step(100)) {
    }
    if (verifier.fault() || state->head.value > booth.records.size()) return std::nullopt;
    if (state->head.value > 0 && booth.records[state->head.value - 1].hash != state->hash) return std::nullopt;
    return state->head.value;
}

void play(std::uint64_t seed, const Faults& faults, Outcome& outcome) {
    std::mt19937_64 random{seed};
    CrashDisk disk{"journal-crash", seed};
    disk.ignore_flushes(faults.lying);
    Chain booth{NodeId{1}};
    for (int cut = 0; cut < 3; ++cut) {
        disk.die_at_operation(1 + random() % 300);
        std::size_t acknowledged = booth.records.size();
        if (auto journal = Journal::open("j", crash_options(disk, faults.synchronous)))
            acknowledged = run_until_death(*journal, booth, random);
        disk.keep_unflushed(random() % 8 == 0);  // also a commit that nobody was told of
        const auto report = disk.cut_power();
        ++outcome.cuts;
        outcome.dropped += report.dropped;
        outcome.torn += report.torn;
        outcome.acknowledged += acknowledged;
        auto journal = Journal::open("j", crash_options(disk, faults.synchronous));
        const auto found = journal ? count_records(*journal, booth) : std::nullopt;
        if (!found) {
            ++outcome.corrupt;
            return;
        }
        if (*found < acknowledged) outcome.lost += acknowledged - *found;
        if (*found > acknowledged) outcome.unacknowledged += *found - acknowledged;
        // The node goes on from what it found.
        booth.records.resize(*found);
        Chain rest{NodeId{1}};
        if (*found > 0) {
            const auto& last = booth.records.back();
            rest.now = last.header;
            rest.now.seq.value += 1;
            rest.now.prev = last.hash;
        }
        booth.now = rest.now;
        // Folding again gives the tables that the crash left.
        const auto before = ledger::state_hash(journal->ledger().database());
        if (seed % 10 == 0 && faults.synchronous == ledger::Synchronous::full && !faults.lying) {
            REQUIRE(journal->ledger().rebuild());
            CHECK(before.value() == ledger::state_hash(journal->ledger().database()).value());
        }
    }
}

Outcome play_all(std::uint64_t seeds, const Faults& faults) {
    Outcome outcome;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) play(seed, faults, outcome);
    return outcome;
}

}  // namespace

TEST_CASE("the journal loses nothing acknowledged over 400 seeds of power cuts") {
    const auto outcome = play_all(400, {});
    CHECK(outcome.lost == 0);
    CHECK(outcome.corrupt == 0);
    CHECK(outcome.acknowledged > 10'000);
    CHECK(outcome.cuts == 1200);
    CHECK(outcome.dropped > 1000);
    CHECK(outcome.torn > 100);
    CHECK(outcome.unacknowledged > 0);
    MESSAGE("acknowledged ", outcome.acknowledged, ", sectors dropped ", outcome.dropped, ", torn ", outcome.torn);
}

TEST_CASE("a journal with synchronous=NORMAL is caught") {
    CHECK(play_all(60, {ledger::Synchronous::normal, false}).lost > 0);
}

TEST_CASE("a journal with synchronous=OFF is caught") {
    const auto outcome = play_all(60, {ledger::Synchronous::off, false});
    CHECK(outcome.lost + outcome.corrupt > 0);
}

TEST_CASE("a disk that lies about its flushes is caught") {
    const auto outcome = play_all(60, {ledger::Synchronous::full, true});
    CHECK(outcome.lost + outcome.corrupt > 0);
}
