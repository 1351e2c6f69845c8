#include "tests/support/crash_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace gatehouse::test {

std::uint64_t CrashDisk::chance() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

std::shared_ptr<CrashDisk::File> CrashDisk::open(const std::string& path, bool create) {
    if (dead_) return nullptr;
    const auto found = files_.find(path);
    if (found != files_.end()) return found->second;
    if (!create) return nullptr;
    return files_.emplace(path, std::make_shared<File>()).first->second;
}

void CrashDisk::remove(const std::string& path) {
    if (!dead_) files_.erase(path);
}

std::uint64_t CrashDisk::size() const {
    std::uint64_t sum = 0;
    for (const auto& [path, file] : files_) sum += file->content.size();
    return sum;
}

CrashDisk::Image CrashDisk::image() const {
    Image image;
    for (const auto& [path, file] : files_) image.emplace(path, file->content);
    return image;
}

void CrashDisk::put_back(const Image& image) {
    files_.clear();
    for (const auto& [path, content] : image) {
        auto file = std::make_shared<File>();
        file->content = content;
        file->disk_size = content.size();
        file->on_disk = true;
        files_.emplace(path, std::move(file));
    }
}

bool CrashDisk::dies_now() {
    ++operations_;
    if (!die_in_ || --*die_in_ > 0) return false;
    die_in_.reset();
    ++operations_cut_;
    return true;
}

bool CrashDisk::fails_now(std::optional<std::uint64_t>& in, std::uint64_t& failed) {
    if (!in || --*in > 0) return false;
    in.reset();
    ++failed;
    return true;
}

int CrashDisk::read(const File& file, std::uint8_t* to, std::size_t count, std::uint64_t at) {
    if (dead_ || fails_now(fail_read_in_, failed_reads_)) return SQLITE_IOERR_READ;
    const std::size_t have = at >= file.content.size()
                                 ? 0
                                 : std::min<std::size_t>(count, file.content.size() - static_cast<std::size_t>(at));
    if (have > 0) std::memcpy(to, file.content.data() + at, have);
    if (have == count) return SQLITE_OK;
    std::memset(to + have, 0, count - have);
    return SQLITE_IOERR_SHORT_READ;
}

// Keeps what the disk holds of the sectors that are about to change.
void CrashDisk::remember(File& file, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t s = first; s <= last; ++s) {
        if (file.unflushed.contains(s)) continue;
        if (auto lost = file.lost.extract(s)) {
            file.unflushed.emplace(s, std::move(lost.mapped()));
            continue;
        }
        const std::uint64_t begin = std::min<std::uint64_t>(s * sector, file.content.size());
        const std::uint64_t end = std::min<std::uint64_t>(begin + sector, file.content.size());
        file.unflushed.emplace(s, Bytes(file.content.begin() + static_cast<std::ptrdiff_t>(begin),
                                        file.content.begin() + static_cast<std::ptrdiff_t>(end)));
    }
}

void CrashDisk::put(File& file, ByteView bytes, std::uint64_t at) {
    if (bytes.empty()) return;
    const std::uint64_t end = at + bytes.size();
    remember(file, at / sector, (end - 1) / sector);
    if (end > file.content.size()) file.content.resize(end);
    std::memcpy(file.content.data() + at, bytes.data(), bytes.size());
}

int CrashDisk::write(File& file, ByteView bytes, std::uint64_t at) {
    if (dead_ || fails_now(fail_write_in_, failed_writes_)) return SQLITE_IOERR_WRITE;
    const std::uint64_t grows = std::max<std::uint64_t>(at + bytes.size(), file.content.size()) - file.content.size();
    if (size_limit_ && grows > 0 && size() + grows > *size_limit_) {
        ++refused_for_size_;
        return SQLITE_FULL;
    }
    if (dies_now()) {
        put(file, bytes.first(static_cast<std::size_t>(chance() % (bytes.size() + 1))), at);
        dead_ = true;
        return SQLITE_IOERR_WRITE;
    }
    put(file, bytes, at);
    return SQLITE_OK;
}

int CrashDisk::truncate(File& file, std::uint64_t size) {
    if (dead_ || fails_now(fail_write_in_, failed_writes_)) return SQLITE_IOERR_TRUNCATE;
    if (dies_now()) {
        dead_ = true;
        return SQLITE_IOERR_TRUNCATE;
    }
    if (size < file.content.size()) {
        remember(file, size / sector, (file.content.size() - 1) / sector);
        file.content.resize(size);
    }
    return SQLITE_OK;
}

int CrashDisk::flush(File& file) {
    if (dead_) return SQLITE_IOERR_FSYNC;
    if (dies_now()) {
        dead_ = true;
        return SQLITE_IOERR_FSYNC;
    }
    ++flushes_;
    if (ignore_flushes_) return SQLITE_OK;
    if (fail_flush_in_ && --*fail_flush_in_ == 0) {
        fail_flush_in_.reset();
        ++failed_flushes_;
        for (auto& [s, held] : file.unflushed) file.lost.insert_or_assign(s, std::move(held));
        file.unflushed.clear();
        return forgive_failed_flushes_ ? SQLITE_OK : SQLITE_IOERR_FSYNC;
    }
    file.unflushed.clear();
    file.disk_size = file.content.size();
    file.on_disk = true;
    return SQLITE_OK;
}

void CrashDisk::revive() {
    dead_ = false;
    die_in_.reset();
    fail_flush_in_.reset();
    fail_write_in_.reset();
    fail_read_in_.reset();
}

namespace {

void restore(Bytes& content, std::uint64_t s, const Bytes& held) {
    const std::uint64_t at = s * CrashDisk::sector;
    if (at + held.size() > content.size()) content.resize(at + held.size());
    std::copy(held.begin(), held.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
    // What lay behind the former end of the file reads as zeros.
    const std::uint64_t end = std::min<std::uint64_t>(at + CrashDisk::sector, content.size());
    for (std::uint64_t i = at + held.size(); i < end; ++i) content[i] = 0;
}

}  // namespace

void CrashDisk::cut(File& file, PowerCutReport& report) {
    if (file.content.size() < file.disk_size && chance() % 2 == 0) {  // the truncation reached the disk
        file.disk_size = file.content.size();
        std::erase_if(file.unflushed, [&](const auto& entry) { return entry.first * sector >= file.disk_size; });
        std::erase_if(file.lost, [&](const auto& entry) { return entry.first * sector >= file.disk_size; });
    }
    // One draw a file decides between a machine that had written nearly all of it and one that had written little.
    const std::uint64_t keep_of_100 = keep_unflushed_ ? 100 : chance() % 3 == 0 ? 0 : chance() % 101;
    std::uint64_t end = file.disk_size;
    for (const auto& [s, held] : file.unflushed) {
        const std::uint64_t at = s * sector;
        const std::uint64_t now =
            at < file.content.size() ? std::min<std::uint64_t>(sector, file.content.size() - at) : 0;
        if (now > 0 && chance() % 100 < keep_of_100) {
            end = std::max(end, at + now);
            ++report.kept;
        } else if (now > 1 && chance() % 4 == 0) {
            Bytes mixed = held;
            mixed.resize(std::max<std::size_t>(held.size(), now));
            const std::size_t fresh = 1 + static_cast<std::size_t>(chance() % (now - 1));
            std::copy_n(file.content.begin() + static_cast<std::ptrdiff_t>(at), fresh, mixed.begin());
            restore(file.content, s, mixed);
            end = std::max(end, at + fresh);
            ++report.torn;
        } else {
            restore(file.content, s, held);
            ++report.dropped;
        }
    }
    for (const auto& [s, held] : file.lost) {
        restore(file.content, s, held);
        ++report.dropped;
    }
    file.unflushed.clear();
    file.lost.clear();
    file.content.resize(end);
    file.disk_size = end;
}

PowerCutReport CrashDisk::cut_power() {
    PowerCutReport report;
    for (auto file = files_.begin(); file != files_.end();) {
        if (!file->second->on_disk && chance() % 2 == 0) {
            report.dropped += static_cast<std::uint32_t>(file->second->unflushed.size());
            file = files_.erase(file);
            continue;
        }
        cut(*file->second, report);
        file->second->on_disk = true;
        ++file;
    }
    revive();
    return report;
}

void CrashDisk::drop_cache() {
    for (auto& [path, file] : files_) {
        for (const auto& [s, held] : file->lost) restore(file->content, s, held);
        file->lost.clear();
        std::uint64_t end = file->disk_size;
        for (const auto& [s, held] : file->unflushed)
            end = std::max(end, std::min<std::uint64_t>((s + 1) * sector, file->content.size()));
        file->content.resize(end);
    }
}

}  // namespace gatehouse::test
