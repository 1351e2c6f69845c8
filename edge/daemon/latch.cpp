#include "edge/daemon/latch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gatehouse::edge {

namespace {

Result<void> flushed(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
    const bool done = ::fsync(descriptor) == 0;
    const int failure = errno;
    ::close(descriptor);
    if (!done) return fail(ErrorCode::io, path.string() + ": " + std::strerror(failure));
    return {};
}

}  // namespace

Latch::Latch(std::filesystem::path data_dir) : directory_(std::move(data_dir)), file_(directory_ / "emergency.latch") {}

bool Latch::is_set() const {
    std::error_code ignored;
    return std::filesystem::exists(file_, ignored);
}

Result<void> Latch::store(bool open) const {
    if (open) {
        if (auto made = flushed(file_, O_WRONLY | O_CREAT); !made) return made;
    } else if (::unlink(file_.c_str()) != 0 && errno != ENOENT) {
        return fail(ErrorCode::io, file_.string() + ": " + std::strerror(errno));
    }
    return flushed(directory_, O_RDONLY | O_DIRECTORY);
}

}  // namespace gatehouse::edge
