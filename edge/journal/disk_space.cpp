#include "edge/journal/disk_space.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstring>
#include <limits>

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

}  // namespace gatehouse::edge
