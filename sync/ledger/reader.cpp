#include "sync/ledger/reader.hpp"

#include <algorithm>

#include "sync/ledger/reader_inner.hpp"

namespace gatehouse::ledger {

LedgerReader::LedgerReader(Database& writer) : inner_(std::make_unique<Inner>()) { inner_->database = &writer; }
LedgerReader::LedgerReader(LedgerReader&&) noexcept = default;
LedgerReader& LedgerReader::operator=(LedgerReader&&) noexcept = default;
LedgerReader::~LedgerReader() = default;

Result<LedgerReader> LedgerReader::open(const std::filesystem::path& path, DatabaseOptions options) {
    options.read_only = true;
    auto database = Database::open(path, options);
    if (!database) return database.error();
    LedgerReader reader{*database};
    reader.inner_->database = &reader.inner_->own.emplace(std::move(*database));
    return reader;
}

Fault LedgerReader::fault() const { return inner_->database->fault(); }
Database& LedgerReader::database() { return *inner_->database; }

std::optional<Record> LedgerReader::record(RecordRef ref) { return load_record(*inner_->database, ref); }

namespace {

constexpr const char* one_stream =
    "SELECT s.id, s.seq, s.hash, s.wall, s.forked, s.verified, r.seq, r.hash, r.signature, a.seq, a.hash, a.signature, "
    "s.trusted "
    "FROM stream s LEFT JOIN receipt r ON r.journal = s.id LEFT JOIN announced a ON a.journal = s.id WHERE s.id = ?";
constexpr const char* node_streams =
    "SELECT id FROM stream WHERE id BETWEEN ? AND ? "
    "UNION SELECT journal FROM announced WHERE journal BETWEEN ? AND ? ORDER BY 1";

Seq seq_at(const Statement& row, int column) { return Seq{static_cast<std::uint64_t>(row.number(column))}; }

std::optional<SignedHead> head_of(Statement row) {
    if (!next(row)) return std::nullopt;
    const auto ref = ref_at(row, 0);
    return SignedHead{ref.journal(), ref.seq, octets_at<32>(row, 1), octets_at<64>(row, 2)};
}

}  // namespace

std::optional<JournalState> LedgerReader::journal(JournalId id) {
    if (id.epoch.value > largest_epoch) return std::nullopt;
    auto& database = *inner_->database;
    JournalState state;
    state.journal = id;
    auto row = ask(database, one_stream, id);
    if (next(row)) {
        state.head = seq_at(row, 1);
        state.hash = octets_at<32>(row, 2);
        state.last_wall = WallTime{row.number(3)};
        state.last_trusted = WallTime{row.number(12)};
        state.forked = row.number(4) != 0;
        state.verified = seq_at(row, 5);
        if (!row.is_null(6)) state.receipt = Receipt{id, seq_at(row, 6), octets_at<32>(row, 7), octets_at<64>(row, 8)};
    }
    auto announced = ask(database, "SELECT seq, hash, signature FROM announced WHERE journal = ?", id);
    if (next(announced) && seq_at(announced, 0) > state.head)
        state.announced =
            SignedHead{id, seq_at(announced, 0), octets_at<32>(announced, 1), octets_at<64>(announced, 2)};
    if (state.head.value == 0 && !state.announced) return std::nullopt;
    const auto range = keys_of(id);
    state.signed_head = head_of(ask(database,
                                    "SELECT ref, hash, signature FROM signed_head WHERE ref BETWEEN ? AND ? "
                                    "ORDER BY ref DESC LIMIT 1",
                                    range.first, range.last));
    return state;
}

std::vector<JournalState> LedgerReader::journals() {
    std::vector<std::int64_t> ids;
    {
        auto rows = ask(*inner_->database, node_streams, 0, INT64_MAX, 0, INT64_MAX);
        while (next(rows)) ids.push_back(rows.number(0));
    }
    std::vector<JournalState> states;
    for (const auto id : ids)
        if (auto state = journal(journal_of(id))) states.push_back(*state);
    return states;
}

std::optional<JournalState> LedgerReader::latest_journal(NodeId node) {
    const auto first = journal_key({node, Epoch{0}});
    const auto last = journal_key({node, Epoch{largest_epoch}});
    auto row = ask(*inner_->database, "SELECT max(id) FROM stream WHERE id BETWEEN ? AND ? AND seq > 0", first, last);
    if (!next(row) || row.is_null(0)) return std::nullopt;
    return journal(journal_of(row.number(0)));
}

BatchRecords LedgerReader::records(JournalId id, Seq from, Seq until, std::size_t count, std::size_t octets) {
    BatchRecords batch;
    batch.last = Seq{from.value == 0 ? 0 : from.value - 1};
    if (id.epoch.value > largest_epoch || from.value > largest_seq || from > until) return batch;
    const RecordRef first{id.node, id.epoch, from};
    const RecordRef last{id.node, id.epoch, Seq{std::min(until.value, largest_seq)}};
    auto rows =
        ask(*inner_->database, "SELECT ref, stored FROM journal WHERE ref BETWEEN ? AND ? ORDER BY ref", first, last);
    std::size_t taken = 0;
    while (batch.stored.size() < count && (batch.stored.empty() || taken < octets) && next(rows)) {
        const auto seq = ref_at(rows, 0).seq;
        if (seq.value != batch.last.value + 1) break;
        const auto stored = rows.blob(1);
        batch.stored.emplace_back(stored.begin(), stored.end());
        batch.last = seq;
        taken += stored.size();
    }
    return batch;
}

std::optional<SignedHead> LedgerReader::head_for_batch(JournalId id, Seq from, std::size_t count) {
    if (id.epoch.value > largest_epoch || from.value > largest_seq) return std::nullopt;
    auto& database = *inner_->database;
    const auto range = keys_of(id);
    const auto first = range.first + static_cast<std::int64_t>(from.value);
    const auto within = std::min(range.last, first + static_cast<std::int64_t>(std::max<std::size_t>(count, 1)) - 1);
    if (auto head = head_of(ask(database,
                                "SELECT ref, hash, signature FROM signed_head WHERE ref BETWEEN ? AND ? "
                                "ORDER BY ref DESC LIMIT 1",
                                first, within)))
        return head;
    return head_of(ask(database,
                       "SELECT ref, hash, signature FROM signed_head WHERE ref BETWEEN ? AND ? ORDER BY ref LIMIT 1",
                       first, range.last));
}

}  // namespace gatehouse::ledger
