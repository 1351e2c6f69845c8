// How a journal is opened: locked, verified, and if it cannot be trusted, put aside.
#include <algorithm>
#include <limits>

#include "edge/journal/journal_inner.hpp"
#include "sync/ledger/verifier.hpp"

namespace gatehouse::edge {

namespace {

struct Found {
    OwnHead own;
    bool clean = false;
    std::uint64_t verified = 0;
    std::optional<ledger::VerifyFault> fault;
};

// The own journal as it stands, read back from its last mark on, or all of it.
Found look(ledger::Ledger& ledger, const JournalOptions& options, Epoch last_epoch, bool all) {
    Found found;
    found.own.journal = {options.node, Epoch{0}};
    ledger::LedgerReader reader{ledger.database()};
    if (const auto state = reader.latest_journal(options.node)) {
        found.own.journal = state->journal;
        found.own.seq = state->head;
        found.own.hash = state->hash;
        const Seq mark = all ? Seq{0} : state->verified;
        ledger::Verifier verifier{reader, options.ledger.venue.id, *state, mark, {}};
        while (verifier.step(1000)) {
        }
        found.verified = verifier.position().value - mark.value;
        found.fault = verifier.fault();
        const auto last = reader.record({state->journal.node, state->journal.epoch, state->head});
        if (last)
            if (const auto* closed = std::get_if<StorageClosed>(&last->body)) found.clean = closed->reason == "stop";
    }
    found.own.next_epoch = Epoch{std::max(found.own.journal.epoch.value, last_epoch.value) + 1};
    return found;
}

Result<void> prepare(const std::filesystem::path& directory) {
    std::error_code error;
    if (std::filesystem::create_directories(directory, error))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    if (error) return fail(ErrorCode::io, directory.string() + ": " + error.message());
    return {};
}

}  // namespace

Result<Journal> Journal::open(const std::filesystem::path& directory, JournalOptions options) {
    const JournalFiles files{directory};
    OpenReport report;
    std::optional<ledger::LockFile> lock;
    if (options.files) {
        if (const auto ready = prepare(directory); !ready) return ready.error();
        auto locked = ledger::LockFile::acquire(files.lock());
        if (!locked) return locked.error();
        lock = std::move(*locked);
        const auto failure = files.failure();
        report.after_failure = failure.has_failed();
        // Also where it is not opened: who relays it must not hand on what was never on the disk.
        if (report.after_failure) failure.drop_page_cache();
        if (failure.failed_again())
            return fail(ErrorCode::io,
                        "the disk failed twice within ten minutes, so nothing is written to it any more; "
                        "replace it, or remove " +
                            failure.mark().string());
    }
    const Epoch last_epoch = options.files ? files.last_epoch() : Epoch{0};
    for (int attempt = 1;; ++attempt) {
        ledger::Fault fault = ledger::Fault::none;
        auto ledger = ledger::Ledger::open(files.database(), options.ledger, &fault);
        if (!ledger && fault != ledger::Fault::corrupt) return ledger.error();
        Found found;
        if (ledger) {
            found = look(*ledger, options, last_epoch, report.after_failure);
            if (!found.fault && ledger->fault() == ledger::Fault::none) {
                auto inner = std::make_unique<Inner>(std::move(options), files, std::move(lock), std::move(*ledger));
                inner->own = found.own;
                inner->report = report;
                inner->report.clean = found.clean;
                inner->report.verified = found.verified;
                if (inner->options.files) {
                    if (report.after_failure) files.failure().set_aside();
                    inner->tight = !take_ballast(files.ballast(), inner->options.ballast_octets);
                }
                return Journal{std::move(inner)};
            }
        }
        const auto why = found.fault ? found.fault->what : std::string{"the database cannot be read"};
        if (!options.files || attempt > 1) return fail(ErrorCode::chain_broken, why);
        ledger = fail(ErrorCode::chain_broken, why);  // closed before its files are moved
        auto moved = files.quarantine();
        if (!moved) return moved.error();
        report.quarantined = std::move(*moved);
    }
}

}  // namespace gatehouse::edge
