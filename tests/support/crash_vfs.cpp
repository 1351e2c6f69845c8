// SQLite's side of CrashDisk: callbacks that pass everything on.
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "schemas/base/check.hpp"
#include "tests/support/crash_vfs.hpp"

namespace gatehouse::test {

namespace {

struct OpenFile {
    sqlite3_file base;
    CrashDisk* disk;
    std::shared_ptr<CrashDisk::File> file;
};

CrashDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }
OpenFile& handle_of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int close_file(sqlite3_file* file) {
    handle_of(file).file.~shared_ptr();
    return SQLITE_OK;
}
int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
    const OpenFile& handle = handle_of(file);
    return handle.disk->read(*handle.file, static_cast<std::uint8_t*>(to), static_cast<std::size_t>(count),
                             static_cast<std::uint64_t>(at));
}
int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
    const OpenFile& handle = handle_of(file);
    return handle.disk->write(*handle.file, {static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(count)},
                              static_cast<std::uint64_t>(at));
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    const OpenFile& handle = handle_of(file);
    return handle.disk->truncate(*handle.file, static_cast<std::uint64_t>(size));
}
int flush_file(sqlite3_file* file, int) { return handle_of(file).disk->flush(*handle_of(file).file); }
int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(handle_of(file).file->content.size());
    return SQLITE_OK;
}
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int nobody_reserved(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
// As SQLite assumes of Unix: a write that is cut short changes no octet outside it.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

sqlite3_io_methods io_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;  // no shared memory: exclusive locking mode keeps the index of the log on the heap
    methods.xClose = close_file;
    methods.xRead = read_file;
    methods.xWrite = write_file;
    methods.xTruncate = truncate_file;
    methods.xSync = flush_file;
    methods.xFileSize = size_of_file;
    methods.xLock = lock_file;
    methods.xUnlock = lock_file;
    methods.xCheckReservedLock = nobody_reserved;
    methods.xFileControl = control_file;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = characteristics;
    return methods;
}

int open_file(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* out, int flags, int* flags_out) {
    static const sqlite3_io_methods methods = io_methods();
    out->pMethods = nullptr;
    CrashDisk& disk = disk_of(vfs);
    auto file = path == nullptr ? std::make_shared<CrashDisk::File>()
                                : disk.open(path, (static_cast<unsigned>(flags) & SQLITE_OPEN_CREATE) != 0);
    if (!file) return SQLITE_CANTOPEN;
    OpenFile& handle = handle_of(out);
    handle.disk = &disk;
    new (&handle.file) std::shared_ptr<CrashDisk::File>(std::move(file));
    out->pMethods = &methods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}
int delete_file(sqlite3_vfs* vfs, const char* path, int) {
    if (disk_of(vfs).dead()) return SQLITE_IOERR_DELETE;
    disk_of(vfs).remove(path);
    return SQLITE_OK;
}
int access_file(sqlite3_vfs* vfs, const char* path, int, int* answer) {
    *answer = disk_of(vfs).exists(path) ? 1 : 0;
    return SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* path, int room, char* out) {
    if (std::strlen(path) + 1 > static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
    std::strcpy(out, path);
    return SQLITE_OK;
}
int randomness(sqlite3_vfs* vfs, int count, char* out) {
    for (int i = 0; i < count; ++i) out[i] = static_cast<char>(disk_of(vfs).chance());
    return count;
}
int no_sleep(sqlite3_vfs*, int) { return 0; }
int no_time(sqlite3_vfs*, double* days) {
    *days = 2461161.5;  // 2026-05-01; nothing in Gatehouse asks SQLite for the time
    return SQLITE_OK;
}
int no_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

CrashDisk::CrashDisk(std::string vfs_name, std::uint64_t seed)
    : name_(std::move(vfs_name)), vfs_(std::make_unique<sqlite3_vfs>()), state_(seed) {
    vfs_->iVersion = 1;
    vfs_->szOsFile = sizeof(OpenFile);
    vfs_->mxPathname = 512;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = open_file;
    vfs_->xDelete = delete_file;
    vfs_->xAccess = access_file;
    vfs_->xFullPathname = full_path;
    vfs_->xRandomness = randomness;
    vfs_->xSleep = no_sleep;
    vfs_->xCurrentTime = no_time;
    vfs_->xGetLastError = no_error;
    check(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK, "SQLite takes another file system");
}

CrashDisk::~CrashDisk() { sqlite3_vfs_unregister(vfs_.get()); }

}  // namespace gatehouse::test
