#include "drivers/port/descriptor.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "drivers/port/interruption.hpp"
#include "drivers/port/line_settings.hpp"
#include "drivers/port/real_tty.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::chrono::milliseconds drain_patience{200};

ErrorCode code_of(int number) {
    switch (number) {
        case ENOENT:
        case ENODEV:
        case ENXIO: return ErrorCode::not_found;
        case EACCES:
        case EPERM: return ErrorCode::forbidden;
        case EBUSY: return ErrorCode::unavailable;
        default: return ErrorCode::io;
    }
}

Result<std::string> real_name(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> target(::realpath(path.c_str(), nullptr), &std::free);
    if (!target) return system_error(path, "cannot be found");
    return std::string(target.get());
}

Result<int> locked(int number, const std::string& path) {
    Descriptor device(number);
    struct stat status{};
    if (::fstat(device.get(), &status) != 0 || !S_ISCHR(status.st_mode))
        return fail(ErrorCode::io, path + ": is not a device");
    if (::flock(device.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(ErrorCode::unavailable, path + ": is in use by another process");
        return system_error(path, "cannot be locked");
    }
    return device.release();
}

Result<int> open_exclusively(const std::string& path) {
    const auto name = real_name(path);
    if (!name) return name.error();
    const int device = ::open(name->c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) return system_error(path, "cannot be opened");
    return locked(device, path);
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

int Descriptor::release() { return std::exchange(number_, -1); }

void close_device(int device) {
    const Interruption impatience(drain_patience);
    ::close(device);
}

Error system_error(const std::string& path, const char* what) {
    return fail(code_of(errno), path + ": " + what + ": " + std::strerror(errno));
}

Result<int> open_serial(const SerialSettings& wanted) {
    const auto name = real_name(wanted.path);
    if (!name) return name.error();
    const bool real = is_real_tty(*name);
    const auto opened = real ? open_real_tty(*name, wanted) : open_exclusively(wanted.path);
    if (!opened) return opened.error();
    const auto owned = real ? locked(*opened, wanted.path) : opened;
    if (!owned) return owned.error();
    Descriptor device(*owned);
    if (const auto refused = set_raw_line(device.get(), wanted, !real); !refused) return refused.error();
    ::tcflush(device.get(), TCIOFLUSH);
    return device.release();
}

Result<int> open_device_file(const std::string& path) {
    const auto opened = open_exclusively(path);
    if (!opened) return opened.error();
    Descriptor device(*opened);
    if (::isatty(device.get()) != 0)
        if (const auto refused = set_raw_line(device.get(), {path}, true); !refused) return refused.error();
    return device.release();
}

}  // namespace gatehouse::drivers
