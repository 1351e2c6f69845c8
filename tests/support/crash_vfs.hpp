// A disk in memory, as an SQLite VFS, that can lose what disks lose: writes that were not flushed, a torn sector, a
// flush that fails, room. The same seed and calls lose the same octets.
//
// Models Linux: after a failed flush the pages count as clean, so reads still see them, a second flush says all is
// well, and the power cut reveals that they never reached the disk. Dropping the cache reveals it earlier.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/base/bytes.hpp"

struct sqlite3_vfs;

namespace gatehouse::test {

struct PowerCutReport {
    std::uint32_t kept = 0;  // sectors
    std::uint32_t dropped = 0;
    std::uint32_t torn = 0;
};

// Name it in ledger::DatabaseOptions::vfs, with `exclusive` (there is no shared memory and nobody to lock out).
// Close every connection before destroying it. For one thread.
class CrashDisk {
public:
    CrashDisk(std::string vfs_name, std::uint64_t seed);
    ~CrashDisk();
    CrashDisk(const CrashDisk&) = delete;
    CrashDisk& operator=(const CrashDisk&) = delete;
    [[nodiscard]] const std::string& vfs_name() const { return name_; }

    // The n-th write, truncation or flush from now (1: the next; 0: none) is cut short, and the process is dead:
    // whatever it does afterwards fails and changes nothing. Then close its connections and `revive`.
    void die_at_operation(std::uint64_t n) { die_in_ = n == 0 ? std::nullopt : std::optional(n); }
    void die() { dead_ = true; }
    [[nodiscard]] bool dead() const { return dead_; }
    // A new process: what was written is still in the page cache.
    void revive();
    // A new boot: each unflushed sector is on the disk, or its former content is, or some of both.
    PowerCutReport cut_power();
    // What posix_fadvise(DONTNEED) does to clean pages: reads see the disk's content from now on.
    void drop_cache();

    // The n-th flush from now (0: none) fails with EIO.
    void fail_flush_at(std::uint64_t n) { fail_flush_in_ = n == 0 ? std::nullopt : std::optional(n); }
    // The n-th write or truncation, or the n-th read, from now (0: none) fails with EIO and changes nothing.
    void fail_write_at(std::uint64_t n) { fail_write_in_ = n == 0 ? std::nullopt : std::optional(n); }
    void fail_read_at(std::uint64_t n) { fail_read_in_ = n == 0 ? std::nullopt : std::optional(n); }
    // How many octets all files together may have; nothing: no limit. Beyond it SQLITE_FULL.
    void limit_size(std::optional<std::uint64_t> octets) { size_limit_ = octets; }
    [[nodiscard]] bool is_limited() const { return size_limit_.has_value(); }

    // A failed flush is tried again by whoever asked for it, and the second one says "done": nothing is written.
    void forgive_failed_flushes(bool forgiven) { forgive_failed_flushes_ = forgiven; }

    // The next power cuts find all that was written on the disk, flushed or not.
    void keep_unflushed(bool kept) { keep_unflushed_ = kept; }

    // Flushes that say "done" and do nothing: a disk that lies.
    void ignore_flushes(bool ignored) { ignore_flushes_ = ignored; }

    // A copy of what an orderly backup would see, and an operator who puts it back.
    using Image = std::map<std::string, Bytes>;
    [[nodiscard]] Image image() const;
    void put_back(const Image& image);

    // Operations that `die_at_operation` cut short since it was forgotten.
    [[nodiscard]] std::uint64_t operations_cut() const { return operations_cut_; }
    void forget_cut() { operations_cut_ = 0; }
    [[nodiscard]] std::uint64_t size() const;  // octets, all files
    [[nodiscard]] std::uint64_t operations() const { return operations_; }
    [[nodiscard]] std::uint64_t flushes() const { return flushes_; }
    [[nodiscard]] std::uint64_t failed_flushes() const { return failed_flushes_; }
    [[nodiscard]] std::uint64_t failed_writes() const { return failed_writes_; }
    [[nodiscard]] std::uint64_t failed_reads() const { return failed_reads_; }
    [[nodiscard]] std::uint64_t refused_for_size() const { return refused_for_size_; }

    static constexpr std::size_t sector = 512;

    // One file; used by the VFS' callbacks.
    struct File {
        Bytes content;
        std::map<std::uint64_t, Bytes> unflushed;  // sector -> what the disk holds
        std::map<std::uint64_t, Bytes> lost;       // likewise, of flushes that failed: the cache thinks they are clean
        std::uint64_t disk_size = 0;
        bool on_disk = false;  // its name was flushed
    };
    [[nodiscard]] std::shared_ptr<File> open(const std::string& path, bool create);
    [[nodiscard]] bool exists(const std::string& path) const { return files_.contains(path); }
    void remove(const std::string& path);
    // Result codes of SQLite.
    [[nodiscard]] int read(const File& file, std::uint8_t* to, std::size_t count, std::uint64_t at);
    [[nodiscard]] int write(File& file, ByteView bytes, std::uint64_t at);
    [[nodiscard]] int truncate(File& file, std::uint64_t size);
    [[nodiscard]] int flush(File& file);
    [[nodiscard]] std::uint64_t chance();

private:
    [[nodiscard]] bool dies_now();
    [[nodiscard]] static bool fails_now(std::optional<std::uint64_t>& in, std::uint64_t& failed);
    void put(File& file, ByteView bytes, std::uint64_t at);
    void remember(File& file, std::uint64_t first, std::uint64_t last);
    void cut(File& file, PowerCutReport& report);

    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::map<std::string, std::shared_ptr<File>> files_;
    std::uint64_t state_;
    bool dead_ = false;
    bool ignore_flushes_ = false;
    bool keep_unflushed_ = false;
    bool forgive_failed_flushes_ = false;
    std::optional<std::uint64_t> die_in_;
    std::optional<std::uint64_t> fail_flush_in_;
    std::optional<std::uint64_t> fail_write_in_;
    std::optional<std::uint64_t> fail_read_in_;
    std::optional<std::uint64_t> size_limit_;
    std::uint64_t operations_ = 0;
    std::uint64_t operations_cut_ = 0;
    std::uint64_t flushes_ = 0;
    std::uint64_t failed_flushes_ = 0;
    std::uint64_t failed_writes_ = 0;
    std::uint64_t failed_reads_ = 0;
    std::uint64_t refused_for_size_ = 0;
};

}  // namespace gatehouse::test
