#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <variant>

#include "schemas/base/bytes.hpp"
#include "tests/bench/bare_limits.hpp"

namespace gatehouse::bench {

namespace {

using Handle = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Query = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
struct Null {
    friend auto operator<=>(const Null&, const Null&) = default;
};
using Value = std::variant<Null, sqlite3_int64, double, std::string, Bytes>;
using Row = std::vector<Value>;

struct Table {
    std::string name;
    std::vector<Row> earlier;  // there before the clock starts
    std::vector<Row> rows;
    std::size_t written = 0;
    Query insert{nullptr, &sqlite3_finalize};
};

Handle open_database(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    return Handle{raw, &sqlite3_close};
}

Query prepare(const Handle& db, const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &raw, nullptr);
    return Query{raw, &sqlite3_finalize};
}

bool execute(const Handle& db, const std::string& sql) {
    return sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

Value column(sqlite3_stmt* query, int i) {
    switch (sqlite3_column_type(query, i)) {
        case SQLITE_INTEGER: return sqlite3_column_int64(query, i);
        case SQLITE_FLOAT: return sqlite3_column_double(query, i);
        case SQLITE_TEXT: return std::string{reinterpret_cast<const char*>(sqlite3_column_text(query, i))};
        case SQLITE_BLOB: {
            const auto* first = static_cast<const std::uint8_t*>(sqlite3_column_blob(query, i));
            return Bytes{first, first + sqlite3_column_bytes(query, i)};
        }
        default: return Null{};
    }
}

void bind(sqlite3_stmt* query, int i, const Value& value) {
    if (const auto* number = std::get_if<sqlite3_int64>(&value)) {
        sqlite3_bind_int64(query, i, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_bind_double(query, i, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        sqlite3_bind_text(query, i, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
    } else if (const auto* blob = std::get_if<Bytes>(&value)) {
        sqlite3_bind_blob(query, i, blob->data(), static_cast<int>(blob->size()), SQLITE_STATIC);
    } else {
        sqlite3_bind_null(query, i);
    }
}

std::vector<std::string> texts(const Handle& db, const std::string& sql) {
    std::vector<std::string> found;
    for (const auto query = prepare(db, sql); sqlite3_step(query.get()) == SQLITE_ROW;)
        found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query.get(), 0)));
    return found;
}

std::vector<Table> load(const Handle& source) {
    std::vector<Table> tables;
    for (const auto& name :
         texts(source, "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")) {
        Table table;
        table.name = name;
        const auto query = prepare(source, "SELECT * FROM \"" + name + "\"");
        const int columns = sqlite3_column_count(query.get());
        while (sqlite3_step(query.get()) == SQLITE_ROW) {
            Row row;
            for (int i = 0; i < columns; ++i) row.push_back(column(query.get(), i));
            table.rows.push_back(std::move(row));
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

bool insert_row(Table& table, const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) bind(table.insert.get(), static_cast<int>(i) + 1, row[i]);
    const bool done = sqlite3_step(table.insert.get()) == SQLITE_DONE;
    sqlite3_reset(table.insert.get());
    return done;
}

bool insert_up_to(Table& table, std::size_t count) {
    for (; table.written < count; ++table.written)
        if (!insert_row(table, table.rows[table.written])) return false;
    return true;
}

bool insert_earlier(const Handle& target, std::vector<Table>& tables) {
    bool ok = execute(target, "BEGIN IMMEDIATE");
    for (auto& table : tables)
        for (const auto& row : table.earlier) ok = ok && insert_row(table, row);
    return ok && execute(target, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

// A row that has changed since is not one of the earlier ones: it was written again.
void set_earlier_apart(std::vector<Table>& tables, const Handle& before) {
    for (auto& known : load(before)) {
        const auto table = std::ranges::find(tables, known.name, &Table::name);
        if (table == tables.end()) continue;
        std::sort(known.rows.begin(), known.rows.end());
        const auto timed = std::stable_partition(table->rows.begin(), table->rows.end(), [&](const Row& row) {
            return std::binary_search(known.rows.begin(), known.rows.end(), row);
        });
        table->earlier.assign(std::make_move_iterator(table->rows.begin()), std::make_move_iterator(timed));
        table->rows.erase(table->rows.begin(), timed);
    }
}

std::string placeholders(const Row& row) {
    std::string marks = "?";
    for (std::size_t i = 1; i < row.size(); ++i) marks += ",?";
    return marks;
}

// The writer's own policy: PASSIVE from 1,000 pages on, see edge/journal.
constexpr int checkpoint_pages = 1000;
int note_pages(void* pages, sqlite3* /*db*/, const char* /*name*/, int wal_pages) {
    *static_cast<int*>(pages) = wal_pages;
    return SQLITE_OK;
}

}  // namespace

Result<RowsTimed> time_rows(const std::string& source_path, const std::string& folder, std::size_t batch,
                            const std::string& before) {
    const auto source = open_database(source_path, SQLITE_OPEN_READONLY);
    auto tables = load(source);
    if (!before.empty()) set_earlier_apart(tables, open_database(before, SQLITE_OPEN_READONLY));
    const auto journal = std::ranges::find(tables, std::string{"journal"}, &Table::name);
    if (journal == tables.end() || journal->rows.empty())
        return fail(ErrorCode::invalid_body, source_path + " has no journal rows");

    const auto path = folder + "/bare.db";
    for (const auto* suffix : {"", "-wal", "-shm"}) unlink((path + suffix).c_str());
    const auto target = open_database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!execute(target, "PRAGMA page_size=" + texts(source, "PRAGMA page_size").front()) ||
        !execute(target, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0"))
        return fail(ErrorCode::io, path + " cannot be set up");
    for (const auto& sql :
         texts(source, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"))
        if (!execute(target, sql)) return fail(ErrorCode::io, "schema: " + sql);
    for (auto& table : tables) {
        const auto& some = table.rows.empty() ? table.earlier : table.rows;
        if (!some.empty())
            table.insert =
                prepare(target, "INSERT INTO \"" + table.name + "\" VALUES(" + placeholders(some.front()) + ")");
    }
    if (!insert_earlier(target, tables)) return fail(ErrorCode::io, sqlite3_errmsg(target.get()));

    int wal_pages = 0;
    sqlite3_wal_hook(target.get(), &note_pages, &wal_pages);
    RowsTimed timed;
    timed.journal_rows = journal->rows.size();
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t done = 0; done < timed.journal_rows;) {
        done = std::min(done + batch, static_cast<std::size_t>(timed.journal_rows));
        bool ok = execute(target, "BEGIN IMMEDIATE");
        for (auto& table : tables) ok = ok && insert_up_to(table, table.rows.size() * done / timed.journal_rows);
        if (!ok || !execute(target, "COMMIT")) return fail(ErrorCode::io, sqlite3_errmsg(target.get()));
        if (wal_pages >= checkpoint_pages)
            sqlite3_wal_checkpoint_v2(target.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    timed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (const auto& table : tables) {
        const auto count = texts(target, "SELECT count(*) FROM \"" + table.name + "\"").front();
        const auto wanted = std::to_string(table.earlier.size() + table.rows.size());
        if (count != wanted) return fail(ErrorCode::internal, table.name + ": " + count + " rows instead of " + wanted);
        timed.all_rows += table.rows.size();
    }
    for (auto& table : tables) table.insert.reset();
    for (const auto* suffix : {"", "-wal", "-shm"}) unlink((path + suffix).c_str());
    return timed;
}

}  // namespace gatehouse::bench
