#include "sync/ledger/ledger.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/check.hpp"
#include "sync/ledger/ledger_inner.hpp"
#include "sync/ledger/migrations.hpp"

namespace gatehouse::ledger {

std::int64_t to_key(const RecordRef& ref) {
    check(has_key(ref), "a record's epoch and number are within their limits");
    return (journal_key(ref.journal()) << 32) | static_cast<std::int64_t>(ref.seq.value);
}

RecordRef from_key(std::int64_t key) {
    const auto journal = journal_of(key >> 32);
    return {journal.node, journal.epoch, Seq{static_cast<std::uint64_t>(key & 0xffffffff)}};
}

// After a storage error the transaction is gone, and with it what was remembered of it.
Error Ledger::Inner::give_up(Error error) {
    if (database.in_transaction()) static_cast<void>(database.execute("ROLLBACK"));
    streams.clear();
    catalogues.forget();
    lane_days.forget();
    return error;
}

Result<void> Ledger::Inner::run(Statement statement) {
    const auto done = statement.run();
    if (done) return {};
    // No projection is written here: a number was given twice.
    if (done.error().code == ErrorCode::internal) constraint = Fault::constraint;
    return done.error();
}

Result<Stream*> Ledger::Inner::stream(JournalId id) {
    if (const auto found = streams.find(id); found != streams.end()) return &found->second;
    Stream loaded;
    auto row = ask(database, "SELECT seq, hash, verified, wall, trusted, forked FROM stream WHERE id = ?", id);
    const auto there = row.step();
    if (!there) return there.error();
    if (*there) {
        loaded = {Seq{static_cast<std::uint64_t>(row.number(0))},
                  octets_at<32>(row, 1),
                  Seq{static_cast<std::uint64_t>(row.number(2))},
                  WallTime{row.number(3)},
                  WallTime{row.number(4)},
                  row.number(5) != 0,
                  false};
    } else {
        loaded.hash = genesis_hash(venue.id, id);
    }
    return &streams.emplace(id, loaded).first->second;
}

Result<void> Ledger::Inner::write_streams() {
    for (auto& [id, stream] : streams) {
        if (!stream.changed) continue;
        const auto done =
            run(ask(database,
                    "INSERT INTO stream VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO "
                    "UPDATE SET seq = ?2, hash = ?3, applied = ?2, verified = ?4, wall = ?5, "
                    "trusted = ?6, forked = ?7",
                    id, stream.seq, stream.hash, stream.verified, stream.wall, stream.trusted, stream.forked));
        if (!done) return done.error();
        stream.changed = false;
    }
    return {};
}

// A record with a number that is held: the same one, or evidence against its writer.
Result<Appended> Ledger::Inner::repeated(Stream& stream, const Record& record) {
    auto row = ask(database, "SELECT stored FROM journal WHERE ref = ?", record.ref());
    const auto there = row.step();
    if (!there) return there.error();
    if (*there && record_hash(row.blob(0)) == record.hash) return Appended{AppendKind::duplicate, std::nullopt};
    return contradicted(stream, record);
}

// Who signed two histories can sign any number of them, and more of them prove no more: one for each record, and so
// many in all.
constexpr std::int64_t largest_evidence = 4;

// Whether a record of that number and hash would be news of a fork.
bool Ledger::Inner::is_evidence(const Stream& stream, RecordRef ref, const Hash& hash) {
    if (!stream.forked) return true;
    const auto range = keys_of(ref.journal());
    auto row = ask(database,
                   "SELECT count(*), ifnull(max(ref = ?3), 0), ifnull(max(ref = ?3 AND hash = ?4), 0) "
                   "FROM fork WHERE ref BETWEEN ?1 AND ?2",
                   range.first, range.last, ref, hash);
    if (!next(row)) return true;
    return row.number(2) != 0 || (row.number(1) == 0 && row.number(0) < largest_evidence);
}

Result<Appended> Ledger::Inner::contradicted(Stream& stream, const Record& record) {
    if (!is_evidence(stream, record.ref(), record.hash)) return Appended{AppendKind::forked, std::nullopt};
    // Its owner's signature may have been heard before it, and stands in its place until then.
    const auto kept = run(ask(database,
                              "INSERT INTO fork VALUES (?, ?, ?) ON CONFLICT (ref, hash) DO UPDATE SET "
                              "stored = excluded.stored WHERE length(stored) = ?",
                              record.ref(), record.hash, record.stored, std::int64_t{sizeof(Signature)}));
    if (!kept) return kept.error();
    stream.forked = true;
    stream.changed = true;
    return Appended{AppendKind::forked, std::nullopt};
}

namespace {

// Whether its fold says what it refuses before it writes anything: no savepoint is needed to take that back, which
// costs as much as the fold of such a record itself.
bool refuses_first(const Header& header) {
    return (header.kind == Kind::verdict || header.kind == Kind::passage) && header.clock != ClockQuality::suspect;
}

}  // namespace

Result<Appended> Ledger::Inner::project(const Record& record) {
    const bool saves = saves_all || !refuses_first(record.header);
    if (saves)
        if (const auto saved = run(database.prepare("SAVEPOINT fold")); !saved) return saved.error();
    Fold fold{database, calendar, catalogues, record.header};
    fold.boot_began = boot_began(record);
    if (record.undecodable) fold.park("the body does not decode: " + *record.undecodable);
    if (!fold.stopped()) fold_body(fold, record.body);
    if (const auto& error = fold.error()) return *error;
    if (const auto& why = fold.parked()) {
        catalogues.forget();
        if (!saves && fold.wrote()) {
            // Its rows are keyed by a number that was free a moment ago: what stands there follows from no record. Only
            // the whole transaction can be taken back; when it is tried again, this record is parked as any other.
            saves_all = true;
            return fail(ErrorCode::internal, *why);
        }
        if (saves)
            if (const auto undone = run(database.prepare("ROLLBACK TO fold")); !undone) return undone.error();
        const auto parked = run(ask(database, "INSERT INTO parked VALUES (?, ?)", record.ref(), *why));
        if (!parked) return parked.error();
    }
    if (saves)
        if (const auto released = run(database.prepare("RELEASE fold")); !released) return released.error();
    if (!fold.parked()) lane_days.add(fold.entered);
    return Appended{AppendKind::stored, fold.parked()};
}

Ledger::Ledger(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const std::filesystem::path& path, LedgerOptions options, Fault* fault_out) {
    const auto calendar = VenueCalendar::make(options.venue.time_zone, options.venue.cutover);
    if (!calendar) return calendar.error();
    auto database = Database::open(path, options.database, fault_out);
    if (!database) return database.error();
    auto migrated = migrate(*database);
    if (migrated) {
        Ledger ledger{std::make_unique<Inner>(std::move(*database), std::move(options.venue), *calendar)};
        migrated = ledger.inner_->go_on();
        if (migrated) return ledger;
        if (fault_out != nullptr) *fault_out = ledger.fault();
        return migrated.error();
    }
    if (fault_out != nullptr) *fault_out = database->fault();
    return migrated.error();
}

Result<void> Ledger::begin() {
    const auto begun = inner_->run(inner_->database.prepare("BEGIN IMMEDIATE"));
    if (!begun) return inner_->give_up(begun.error());
    return {};
}

Result<Appended> Ledger::append(const Record& record) {
    const RecordRef ref = record.ref();
    if (!has_key(ref) || ref.epoch.value == 0 || ref.seq.value == 0) return Appended{AppendKind::refused, std::nullopt};
    const auto found = inner_->stream(ref.journal());
    if (!found) return inner_->give_up(found.error());
    Stream& stream = **found;
    if (ref.seq <= stream.seq) {
        auto judged = inner_->repeated(stream, record);
        if (!judged) return inner_->give_up(judged.error());
        return judged;
    }
    if (stream.forked) return Appended{AppendKind::forked, std::nullopt};
    if (ref.seq.value > stream.seq.value + 1) return Appended{AppendKind::gap, std::nullopt};
    if (record.header.prev != stream.hash) {
        auto judged = inner_->contradicted(stream, record);
        if (!judged) return inner_->give_up(judged.error());
        return judged;
    }
    const auto stored = inner_->run(ask(inner_->database, "INSERT INTO journal VALUES (?, ?)", ref, record.stored));
    if (!stored) return inner_->give_up(stored.error());
    auto projected = inner_->project(record);
    if (!projected) return inner_->give_up(projected.error());
    // A read that failed inside a fold may have said "nothing there".
    if (inner_->database.fault() != Fault::none)
        return inner_->give_up(fail(ErrorCode::storage_unavailable, "reading failed"));
    stream.seq = ref.seq;
    stream.hash = record.hash;
    stream.wall = record.header.wall;
    if (record.header.clock == ClockQuality::synced) stream.trusted = std::max(stream.trusted, record.header.wall);
    stream.changed = true;
    return projected;
}

Result<void> Ledger::set_verified(JournalId journal, Seq seq) {
    const auto found = inner_->stream(journal);
    if (!found) return inner_->give_up(found.error());
    Stream& stream = **found;
    if (seq > stream.verified && seq <= stream.seq) {
        stream.verified = seq;
        stream.changed = true;
    }
    return {};
}

Result<void> Ledger::commit() {
    auto done = inner_->write_streams();
    if (done) done = inner_->lane_days.write(inner_->database);
    if (done) done = inner_->run(inner_->database.prepare("COMMIT"));
    if (!done) return inner_->give_up(done.error());
    return {};
}

void Ledger::rollback() { static_cast<void>(inner_->give_up({})); }

Result<Ledger::Head> Ledger::head(JournalId journal) {
    const auto found = inner_->stream(journal);
    if (!found) return found.error();
    return Head{(*found)->seq, (*found)->hash};
}

Fault Ledger::fault() const {
    return inner_->constraint != Fault::none ? inner_->constraint : inner_->database.fault();
}
Database& Ledger::database() { return inner_->database; }
const VenueSettings& Ledger::venue() const { return inner_->venue; }

}  // namespace gatehouse::ledger
