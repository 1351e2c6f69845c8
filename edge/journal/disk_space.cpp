#include "edge/journal/disk_space.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

namespace gatehouse::edge {

namespace {

bool is_no_room(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

Error not_laid_out(const std::filesystem::path& path, int error, bool harmless) {
    return fail(harmless ? ErrorCode::storage_unavailable : ErrorCode::io,
                path.string() + ": cannot be made longer: " + std::strerror(error));
}

}  // namespace

std::uint64_t free_octets(const std::filesystem::path& directory) {
    struct statvfs room{};
    if (::statvfs(directory.c_str(), &room) != 0) return std::numeric_limits<std::uint64_t>::max();
    return static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
}

Result<void> take_ballast(const std::filesystem::path& path, std::uint64_t octets) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
    const int failed = ::posix_fallocate(descriptor, 0, static_cast<off_t>(octets));
    ::close(descriptor);
    if (failed == 0) return {};
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return fail(ErrorCode::io, path.string() + ": " + std::strerror(failed));
}

Result<bool> lay_out(const std::filesystem::path& path, std::uint64_t octets, std::uint64_t piece) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return not_laid_out(path, errno, errno != EIO);
    struct stat is{};
    int failed = ::fstat(descriptor, &is) == 0 ? 0 : errno;
    const auto end = failed == 0 ? static_cast<std::uint64_t>(is.st_size) : octets;
    const auto wanted = std::min(octets, end + piece);
    if (end < wanted) {
        const std::vector<std::uint8_t> zeros(wanted - end);
        const auto count = ::pwrite(descriptor, zeros.data(), zeros.size(), static_cast<off_t>(end));
        if (count < 0)
            failed = errno;
        else if (count < static_cast<ssize_t>(zeros.size()))
            failed = ENOSPC;
        else if (::fdatasync(descriptor) != 0)
            failed = errno;
        // A disk that failed is left alone.
        if (is_no_room(failed)) static_cast<void>(::ftruncate(descriptor, static_cast<off_t>(end)));
    }
    ::close(descriptor);
    if (failed != 0) return not_laid_out(path, failed, is_no_room(failed));
    return wanted >= octets;
}

HeldInMemory::HeldInMemory(const std::filesystem::path& path, std::uint64_t octets) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    auto* const at = ::mmap(nullptr, octets, PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (at == MAP_FAILED) return;
    at_ = at;
    octets_ = octets;
}

bool HeldInMemory::hold_more(std::uint64_t piece) {
    const auto more = std::min<std::size_t>(piece, octets_ - held_);
    // Not mlock(2), which the sanitizers' libraries turn into nothing.
    if (more == 0 || ::mlock2(static_cast<std::uint8_t*>(at_) + held_, more, 0) != 0) return true;
    held_ += more;
    return held_ == octets_;
}

HeldInMemory::~HeldInMemory() {
    if (at_ != nullptr) ::munmap(at_, octets_);
}

}  // namespace gatehouse::edge
