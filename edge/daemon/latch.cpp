#include "edge/daemon/latch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace gatehouse::edge {

namespace {

Error failed(const std::filesystem::path& path) {
    return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
}

Result<void> flushed(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed(path);
    const bool done = ::fsync(descriptor) == 0;
    const int failure = errno;
    ::close(descriptor);
    if (!done) return fail(ErrorCode::io, path.string() + ": " + std::strerror(failure));
    return {};
}

}  // namespace

Latch::Latch(std::filesystem::path data_dir)
    : directory_(std::move(data_dir)), set_(directory_ / "emergency.latch"), ended_(directory_ / "emergency.ended") {}

std::optional<bool> Latch::found() const {
    std::error_code ignored;
    if (std::filesystem::exists(set_, ignored)) return true;
    if (std::filesystem::exists(ended_, ignored)) return false;
    return std::nullopt;
}

Result<void> Latch::store(bool open) const {
    const auto& was = open ? ended_ : set_;
    const auto& is = open ? set_ : ended_;
    if (::rename(was.c_str(), is.c_str()) != 0) {
        if (errno != ENOENT) return failed(is);
        if (auto made = flushed(is, O_WRONLY | O_CREAT); !made) return made;
    }
    return flushed(directory_, O_RDONLY | O_DIRECTORY);
}

Result<void> Latch::forget() const {
    if (::unlink(ended_.c_str()) == 0) return flushed(directory_, O_RDONLY | O_DIRECTORY);
    if (errno != ENOENT) return failed(ended_);
    return {};
}

}  // namespace gatehouse::edge
