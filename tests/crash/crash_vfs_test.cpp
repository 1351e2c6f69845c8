#include "tests/support/crash_vfs.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

using gatehouse::test::CrashDisk;

namespace {

// A connection as the ledger opens one.
class Connection {
public:
    Connection(const CrashDisk& disk, const std::string& synchronous) {
        const int opened =
            sqlite3_open_v2("/db", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.vfs_name().c_str());
        REQUIRE(opened == SQLITE_OK);
        run("PRAGMA locking_mode=EXCLUSIVE");
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA wal_autocheckpoint=0");
        run("PRAGMA synchronous=" + synchronous);
        run("CREATE TABLE IF NOT EXISTS t(x INTEGER PRIMARY KEY, y)");
    }
    ~Connection() { sqlite3_close_v2(handle_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int run(const std::string& sql) { return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); }
    int insert() { return run("INSERT INTO t(y) VALUES(randomblob(3000))"); }
    int count() {
        int rows = -1;
        sqlite3_exec(
            handle_, "SELECT count(*) FROM t",
            [](void* out, int, char** values, char**) {
                *static_cast<int*>(out) = std::stoi(values[0]);
                return 0;
            },
            &rows, nullptr);
        return rows;
    }
    bool is_whole() {
        bool whole = false;
        sqlite3_exec(
            handle_, "PRAGMA integrity_check",
            [](void* out, int, char** values, char**) {
                *static_cast<bool*>(out) = std::string(values[0]) == "ok";
                return 0;
            },
            &whole, nullptr);
        return whole;
    }

private:
    sqlite3* handle_ = nullptr;
};

}  // namespace

TEST_CASE("what was committed with synchronous=FULL survives every power cut, also one within a commit or checkpoint") {
    std::uint32_t dropped = 0;
    std::uint32_t torn = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CrashDisk disk("full", seed);
        int committed = 0;
        for (int boot = 0; boot < 4; ++boot) {
            {
                Connection connection(disk, "FULL");
                REQUIRE(connection.is_whole());
                CHECK(connection.count() >= committed);
                CHECK(connection.count() <= committed + 1);
                committed = connection.count();
                disk.die_at_operation(1 + disk.chance() % 80);
                while (connection.insert() == SQLITE_OK) {
                    ++committed;
                    if (committed % 5 == 0) connection.run("PRAGMA wal_checkpoint(PASSIVE)");
                }
                CHECK(disk.dead());
            }
            const auto report = disk.cut_power();
            dropped += report.dropped;
            torn += report.torn;
        }
    }
    CHECK(dropped > 0);
    CHECK(torn > 0);
}

TEST_CASE("synchronous=NORMAL loses commits in a power cut, and the disk shows it") {
    bool lost = false;
    for (std::uint64_t seed = 1; seed <= 10 && !lost; ++seed) {
        CrashDisk disk("normal", seed);
        {
            Connection connection(disk, "NORMAL");
            for (int i = 0; i < 5; ++i) REQUIRE(connection.insert() == SQLITE_OK);
            disk.die();
        }
        disk.cut_power();
        Connection connection(disk, "NORMAL");
        lost = connection.count() < 5;
    }
    CHECK(lost);
}

TEST_CASE("after a failed flush a second one says all is well and the power cut takes the commit") {
    CrashDisk disk("fsync", 3);
    {
        Connection connection(disk, "FULL");
        REQUIRE(connection.insert() == SQLITE_OK);
        disk.fail_flush_at(1);
        CHECK(connection.insert() != SQLITE_OK);
        CHECK(disk.failed_flushes() == 1);
        disk.die();
    }
    disk.cut_power();
    Connection connection(disk, "FULL");
    CHECK(connection.is_whole());
    CHECK(connection.count() == 1);
}

TEST_CASE("a disk without room refuses and goes on when there is some") {
    CrashDisk disk("room", 4);
    Connection connection(disk, "FULL");
    disk.limit_size(disk.size() + 2000);
    CHECK(connection.insert() == SQLITE_FULL);
    CHECK(disk.refused_for_size() > 0);
    disk.limit_size({});
    CHECK(connection.insert() == SQLITE_OK);
    CHECK(connection.count() == 1);
}
