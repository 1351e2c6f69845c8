#include "sync/ledger/disk_failure.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>

namespace gatehouse::ledger {

std::filesystem::path DiskFailure::mark() const { return database_.parent_path() / "disk-failed"; }
std::filesystem::path DiskFailure::former_mark() const { return database_.parent_path() / "disk-failed.before"; }

bool DiskFailure::has_failed() const { return std::filesystem::exists(mark()); }

void DiskFailure::note() const { std::ofstream{mark()} << "1\n"; }

void DiskFailure::set_aside() const {
    std::error_code ignored;
    std::filesystem::rename(mark(), former_mark(), ignored);
}

bool DiskFailure::failed_again() const {
    std::error_code missing;
    const auto before = std::filesystem::last_write_time(former_mark(), missing);
    if (missing) return false;
    const auto latest = std::filesystem::last_write_time(mark(), missing);
    return !missing && latest >= before && latest - before < std::chrono::minutes{10};
}

void DiskFailure::drop_page_cache() const {
    for (const auto* suffix : {"", "-wal"}) {
        const auto path = database_.string() + suffix;
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) continue;
        static_cast<void>(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED));
        ::close(descriptor);
    }
}

}  // namespace gatehouse::ledger
