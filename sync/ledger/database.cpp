#include "sync/ledger/database.hpp"

#include <sqlite3.h>

#include <unordered_map>
#include <utility>
#include <vector>

#include "schemas/base/check.hpp"

namespace gatehouse::ledger {

// The idle statements of one literal: several when one is used within itself.
struct PreparedText {
    std::vector<sqlite3_stmt*> idle;
};

struct Connection {
    sqlite3* handle = nullptr;
    std::unordered_map<const char*, PreparedText> prepared;  // by the literal's address; what it holds stays in place
    std::vector<sqlite3_stmt*> statements;                   // all of them
    Fault fault = Fault::none;
    std::uint32_t log_pages = 0;

    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        for (auto* statement : statements) sqlite3_finalize(statement);
        if (handle != nullptr) sqlite3_close(handle);
    }

    // What the last failed call means; keeps the fault.
    Error failed(int code);
};

std::string_view to_string(Fault fault) {
    switch (fault) {
        case Fault::none: return "none";
        case Fault::space: return "space";
        case Fault::broken: return "broken";
        case Fault::corrupt: return "corrupt";
        case Fault::constraint: return "constraint";
        case Fault::misused: return "misused";
    }
    return "";
}

namespace {

Fault fault_of(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL: return Fault::space;
        case SQLITE_ERROR:  // our statements are right: tables are missing, or columns
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Fault::corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL: return Fault::misused;
        case SQLITE_CONSTRAINT: return Fault::constraint;
        default: return Fault::broken;
    }
}

int on_commit(void* context, sqlite3* /*handle*/, const char* /*name*/, int pages) {
    *static_cast<std::uint32_t*>(context) = static_cast<std::uint32_t>(pages);
    return SQLITE_OK;
}

std::string settings_of(const DatabaseOptions& options) {
    std::string sql;
    if (options.exclusive) sql += "PRAGMA locking_mode=EXCLUSIVE;";
    if (!options.read_only) sql += "PRAGMA journal_mode=WAL;";
    switch (options.synchronous) {
        case Synchronous::off: sql += "PRAGMA synchronous=OFF;"; break;
        case Synchronous::normal: sql += "PRAGMA synchronous=NORMAL;"; break;
        case Synchronous::full: sql += "PRAGMA synchronous=FULL;"; break;
    }
    sql += "PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;";
    sql += "PRAGMA cell_size_check=ON; PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
    return sql;
}

}  // namespace

Error Connection::failed(int code) {
    check((code & 0xff) != SQLITE_NOMEM, "memory is left");
    check((code & 0xff) != SQLITE_MISUSE, sqlite3_errmsg(handle));
    const Fault now = fault_of(code);
    // A constraint is judged by who wrote: a projection is parked, a record number stops the machine.
    if (now != Fault::constraint && (fault == Fault::none || fault == Fault::space)) fault = now;
    const auto detail = std::string{sqlite3_errmsg(handle)} + " (" + std::to_string(code) + ")";
    return fail(now == Fault::constraint ? ErrorCode::internal : ErrorCode::storage_unavailable, detail);
}

Statement::Statement(Connection& connection, PreparedText& text, sqlite3_stmt* handle)
    : connection_(&connection), text_(&text), handle_(handle) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      text_(other.text_),
      handle_(std::exchange(other.handle_, nullptr)),
      bound_(other.bound_),
      texts_stay_(other.texts_stay_) {}

Statement::~Statement() {
    if (handle_ == nullptr) return;
    sqlite3_reset(handle_);
    text_->idle.push_back(handle_);
}

Statement& Statement::texts_stay() {
    texts_stay_ = true;
    return *this;
}

Statement& Statement::bind(std::int64_t value) {
    if (handle_ == nullptr) return *this;
    check(sqlite3_bind_int64(handle_, ++bound_, value) == SQLITE_OK, "a statement has this parameter");
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    if (handle_ == nullptr) return *this;
    const char* data = text.data() == nullptr ? "" : text.data();
    auto* const keep = texts_stay_ ? SQLITE_STATIC : SQLITE_TRANSIENT;
    check(sqlite3_bind_text64(handle_, ++bound_, data, text.size(), keep, SQLITE_UTF8) == SQLITE_OK,
          "a statement has this parameter");
    return *this;
}

Statement& Statement::bind(ByteView blob) {
    if (handle_ == nullptr) return *this;
    static constexpr std::uint8_t nothing = 0;
    const auto* data = blob.empty() ? &nothing : blob.data();
    check(sqlite3_bind_blob64(handle_, ++bound_, data, blob.size(), SQLITE_STATIC) == SQLITE_OK,
          "a statement has this parameter");
    return *this;
}

Statement& Statement::bind_null() {
    if (handle_ == nullptr) return *this;
    check(sqlite3_bind_null(handle_, ++bound_) == SQLITE_OK, "a statement has this parameter");
    return *this;
}

Result<bool> Statement::step() {
    if (handle_ == nullptr) return fail(ErrorCode::storage_unavailable, "the schema could not be read");
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return connection_->failed(code);
}

Result<void> Statement::run() {
    const auto row = step();
    if (!row) return row.error();
    return {};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

ByteView Statement::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

int Statement::columns() const { return sqlite3_column_count(handle_); }

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& path, const DatabaseOptions& options, Fault* fault_out) {
    // Nobody reads SQLite's count of the memory it holds, and keeping it takes a lock with every allocation.
    static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(uncounted);
    auto made = std::make_unique<Connection>();
    const int mode = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &made->handle, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (code != SQLITE_OK) {
        check(made->handle != nullptr, "memory is left");
        auto error = made->failed(code == SQLITE_ERROR ? SQLITE_CANTOPEN : code);
        if (fault_out != nullptr) *fault_out = made->fault;
        return error;
    }
    Database database{std::move(made)};
    auto& opened = *database.connection_;
    // A reader may find the log being recovered by the writer that starts beside it.
    if (options.read_only) sqlite3_busy_timeout(opened.handle, 2000);
    sqlite3_db_config(opened.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (const auto set = database.execute(settings_of(options)); !set) {
        if (fault_out != nullptr) *fault_out = opened.fault;
        return set.error();
    }
    sqlite3_wal_hook(opened.handle, on_commit, &opened.log_pages);  // after wal_autocheckpoint, which takes its place
    return database;
}

Statement Database::prepare(const char* sql) {
    auto& text = connection_->prepared[sql];
    if (!text.idle.empty()) {
        sqlite3_stmt* handle = text.idle.back();
        text.idle.pop_back();
        return Statement{*connection_, text, handle};
    }
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(connection_->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) {
        // Compiling reads the schema, so the disk can fail here too: a statement that only fails stands in.
        static_cast<void>(connection_->failed(code));
        return Statement{*connection_, text, nullptr};
    }
    connection_->statements.push_back(handle);
    return Statement{*connection_, text, handle};
}

Result<void> Database::execute(std::string_view sql) {
    const int code = sqlite3_exec(connection_->handle, std::string{sql}.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return connection_->failed(code);
    return {};
}

Fault Database::fault() const { return connection_->fault; }

void Database::space_made() {
    if (connection_->fault == Fault::space) connection_->fault = Fault::none;
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_->handle) == 0; }

Result<Database::Checkpoint> Database::checkpoint(bool truncate) {
    int log = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        connection_->handle, nullptr, truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &log, &moved);
    // Busy only says that a reader still needs the log's tail.
    if (code != SQLITE_OK && code != SQLITE_BUSY) return connection_->failed(code);
    if (code == SQLITE_OK && log == moved) connection_->log_pages = 0;  // the next commit begins the log anew
    return Checkpoint{static_cast<std::uint32_t>(std::max(log, 0)), static_cast<std::uint32_t>(std::max(moved, 0))};
}

std::uint32_t Database::log_pages() const { return connection_->log_pages; }

}  // namespace gatehouse::ledger
