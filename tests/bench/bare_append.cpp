#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "tests/bench/bare_limits.hpp"

namespace gatehouse::bench {

namespace {
constexpr long tmpfs_magic = 0x01021994;
}

Result<std::vector<std::int64_t>> time_appends(const std::string& folder, std::size_t count,
                                               std::chrono::microseconds pause) {
    struct statfs fs{};
    if (statfs(folder.c_str(), &fs) != 0) return fail(ErrorCode::io, folder + ": no such folder");
    if (fs.f_type == tmpfs_magic) return fail(ErrorCode::config, folder + " is on tmpfs, where a flush costs nothing");
    const auto path = folder + "/append.tmp";
    const int fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return fail(ErrorCode::io, path + " cannot be created");
    std::array<char, 256> block{};
    block.fill('x');
    std::vector<std::int64_t> nanoseconds;
    nanoseconds.reserve(count);
    bool failed = false;
    for (std::size_t i = 0; i < count && !failed; ++i) {
        const auto start = std::chrono::steady_clock::now();
        failed = write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || fdatasync(fd) != 0;
        nanoseconds.push_back((std::chrono::steady_clock::now() - start).count());
        if (pause.count() > 0) std::this_thread::sleep_for(pause);
    }
    close(fd);
    unlink(path.c_str());
    if (failed) return fail(ErrorCode::io, path + " cannot be written");
    return nanoseconds;
}

}  // namespace gatehouse::bench
