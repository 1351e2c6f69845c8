#include "sync/central/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gatehouse::central {

namespace {

// Closes a descriptor at the end of a scope.
class OpenFile {
public:
    explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

Error io_fault(const std::filesystem::path& path) {
    const auto code = errno;
    return fail(code == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                path.string() + ": " + std::generic_category().message(code));
}

}  // namespace

Result<void> write_secret(const std::filesystem::path& path, ByteView bytes) {
    const OpenFile file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.get() < 0) return io_fault(path);
    for (std::size_t done = 0; done < bytes.size();) {
        const auto n = ::write(file.get(), bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return io_fault(path);
        done += static_cast<std::size_t>(n);
    }
    if (::fsync(file.get()) != 0) return io_fault(path);
    return {};
}

Result<Bytes> read_secret(const std::filesystem::path& path, std::size_t largest) {
    const OpenFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.get() < 0) return io_fault(path);
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return io_fault(path);
    if ((status.st_mode & 0077U) != 0)
        return fail(ErrorCode::config, path.string() + ": others may read it; set its mode to 0600");
    if (status.st_size < 0 || static_cast<std::uint64_t>(status.st_size) > largest)
        return fail(ErrorCode::config, path.string() + ": too large to be what it should be");
    Bytes bytes(static_cast<std::size_t>(status.st_size));
    for (std::size_t done = 0; done < bytes.size();) {
        const auto n = ::read(file.get(), bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_fault(path);
        if (n == 0) return fail(ErrorCode::config, path.string() + ": ends early");
        done += static_cast<std::size_t>(n);
    }
    return bytes;
}

Result<void> flush_folder(const std::filesystem::path& path) {
    const OpenFile folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) return io_fault(path);
    return {};
}

}  // namespace gatehouse::central
