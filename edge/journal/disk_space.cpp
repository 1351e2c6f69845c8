#include "edge/journal/disk_space.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

namespace gatehouse::edge {

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
    if (descriptor < 0) return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
    struct stat is{};
    bool written = ::fstat(descriptor, &is) == 0;
    const auto end = written ? static_cast<std::uint64_t>(is.st_size) : octets;
    const auto wanted = std::min(octets, end + piece);
    if (end < wanted) {
        const std::vector<std::uint8_t> zeros(wanted - end);
        const auto count = ::pwrite(descriptor, zeros.data(), zeros.size(), static_cast<off_t>(end));
        written = count == static_cast<ssize_t>(zeros.size()) && ::fdatasync(descriptor) == 0;
        if (!written) static_cast<void>(::ftruncate(descriptor, static_cast<off_t>(end)));
    }
    ::close(descriptor);
    if (!written) return fail(ErrorCode::io, path.string() + ": cannot be made longer");
    return wanted >= octets;
}

}  // namespace gatehouse::edge
