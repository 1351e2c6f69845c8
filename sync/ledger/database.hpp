// SQLite behind values: this folder alone includes sqlite3.h. A connection belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::ledger {

struct Connection;  // of database.cpp
struct PreparedText;

// What a failed call means for the machine. Once set on a connection it stays.
enum class Fault : std::uint8_t {
    none,
    space,       // SQLITE_FULL: the transaction is rolled back; free some and go on
    broken,      // I/O failed, outcome unknown: acknowledge nothing more, never retry, stop (exit 74)
    corrupt,     // not to be trusted: move the files to quarantine
    constraint,  // a number was given twice: our bug, stop
    misused,     // busy or locked: somebody else opened the file, stop
};
[[nodiscard]] std::string_view to_string(Fault fault);

enum class Synchronous : std::uint8_t { off, normal, full };  // anything but full is for tests that must catch it

struct DatabaseOptions {
    std::string vfs;  // empty: the system's
    bool read_only = false;
    bool exclusive = false;  // locking_mode=EXCLUSIVE: for a file system without shared memory (tests, simulator)
    Synchronous synchronous = Synchronous::full;
    std::uint32_t cache_kib = 8192;
};

// A prepared statement that is reset when it goes out of scope; the connection keeps and reuses it.
class Statement {
public:
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    // Texts that are bound from here on outlive the last `step`, so that none is copied.
    Statement& texts_stay();
    // Parameters are numbered in the order of the calls. Blobs must outlive the last `step`.
    Statement& bind(std::int64_t value);
    Statement& bind(std::string_view text);
    Statement& bind(ByteView blob);
    Statement& bind_null();

    // True: a row is there. False: done. Errors: storage_unavailable (see Database::fault).
    [[nodiscard]] Result<bool> step();
    // For statements without rows.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;  // until the next step
    [[nodiscard]] ByteView blob(int column) const;          // until the next step
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] int columns() const;

private:
    friend class Database;
    Statement(Connection& connection, PreparedText& text, sqlite3_stmt* handle);
    Connection* connection_;
    PreparedText* text_;
    sqlite3_stmt* handle_;
    int bound_ = 0;
    bool texts_stay_ = false;
};

class Database {
public:
    // Opens (and unless read_only creates) the file in WAL mode with wal_autocheckpoint=0.
    // Errors: io, storage_unavailable; `fault_out` then says which kind.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, const DatabaseOptions& options,
                                               Fault* fault_out = nullptr);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    // `sql` must be a literal: statements are cached by its address. A statement that does not compile is a bug.
    [[nodiscard]] Statement prepare(const char* sql);
    // Several statements without parameters, not cached.
    [[nodiscard]] Result<void> execute(std::string_view sql);

    [[nodiscard]] Fault fault() const;
    // Forgets a `space` fault after room was made; other faults stay.
    void space_made();
    [[nodiscard]] bool in_transaction() const;

    // Moves what it can from the log into the database. Truncating waits for nobody and also shortens the log.
    struct Checkpoint {
        std::uint32_t log_pages = 0;
        std::uint32_t moved_pages = 0;
    };
    [[nodiscard]] Result<Checkpoint> checkpoint(bool truncate);
    // Pages in the log as of the last commit of this connection.
    [[nodiscard]] std::uint32_t log_pages() const;

private:
    explicit Database(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace gatehouse::ledger
