// What Ledger's functions share. Internal to sync/ledger.
#pragma once

#include <map>
#include <utility>

#include "sync/ledger/fold.hpp"
#include "sync/ledger/ledger.hpp"

namespace gatehouse::ledger {

// A journal as of now; written back once a transaction.
struct Stream {
    Seq seq;
    Hash hash{};
    Seq verified;
    WallTime wall;
    WallTime trusted;
    bool forked = false;
    bool changed = false;
};

struct Ledger::Inner {
    Inner(Database opened, VenueSettings settings, VenueCalendar days)
        : database(std::move(opened)), venue(std::move(settings)), calendar(days) {}

    Database database;
    VenueSettings venue;
    VenueCalendar calendar;
    CatalogueCache catalogues;
    LaneDays lane_days;
    std::map<JournalId, Stream> streams;
    Fault constraint = Fault::none;
    bool saves_all = false;  // every fold behind a savepoint: one had to be taken back and could not

    Result<Stream*> stream(JournalId id);
    [[nodiscard]] bool is_evidence(const Stream& stream, RecordRef ref, const Hash& hash);
    Result<Appended> contradicted(Stream& stream, const Record& record);
    Result<Appended> repeated(Stream& stream, const Record& record);
    Result<Appended> project(const Record& record);
    Result<void> run(Statement statement);
    Result<void> write_streams();
    Error give_up(Error error);
    Result<void> fold_some(std::int64_t after, std::int64_t& last, std::uint32_t& count);
    Result<void> fold_anew(const std::function<void(std::uint64_t)>& progress);
    Result<void> fold_again(const std::function<void(std::uint64_t)>& progress);
    Result<void> judge_again();
    Result<void> go_on();  // with what `progress` says is unfinished
};

}  // namespace gatehouse::ledger
