#include "drivers/port/descriptor.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "drivers/port/custom_baud.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::pair<std::uint32_t, speed_t>, 17> named_speeds{{{300, B300},
                                                                          {600, B600},
                                                                          {1'200, B1200},
                                                                          {2'400, B2400},
                                                                          {4'800, B4800},
                                                                          {9'600, B9600},
                                                                          {19'200, B19200},
                                                                          {38'400, B38400},
                                                                          {57'600, B57600},
                                                                          {115'200, B115200},
                                                                          {230'400, B230400},
                                                                          {460'800, B460800},
                                                                          {500'000, B500000},
                                                                          {576'000, B576000},
                                                                          {921'600, B921600},
                                                                          {1'000'000, B1000000},
                                                                          {2'000'000, B2000000}}};

// Closes the descriptor unless it is released.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

Error system_error(const std::string& path, const char* what) {
    return fail(ErrorCode::io, path + ": " + what + ": " + std::strerror(errno));
}

std::optional<speed_t> named_speed(std::uint32_t baud) {
    for (const auto& [number, name] : named_speeds)
        if (number == baud) return name;
    return std::nullopt;
}

Result<int> open_exclusively(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> target(::realpath(path.c_str(), nullptr), &std::free);
    if (!target) return system_error(path, "cannot be found");
    Descriptor device(::open(target.get(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (device.get() < 0) return system_error(path, "cannot be opened");
    struct stat status{};
    if (::fstat(device.get(), &status) != 0 || !S_ISCHR(status.st_mode))
        return fail(ErrorCode::io, path + ": is not a device");
    if (::flock(device.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(ErrorCode::unavailable, path + ": is in use by another process");
        return system_error(path, "cannot be locked");
    }
    return device.release();
}

void set_parity(termios& settings, Parity parity) {
    settings.c_cflag &= ~static_cast<tcflag_t>(PARENB | PARODD);
    switch (parity) {
        case Parity::none: return;
        case Parity::even: settings.c_cflag |= PARENB; return;
        case Parity::odd: settings.c_cflag |= PARENB | PARODD; return;
    }
}

}  // namespace

Result<int> open_serial(const SerialSettings& wanted) {
    const auto opened = open_exclusively(wanted.path);
    if (!opened) return opened.error();
    Descriptor device(*opened);
    termios settings{};
    if (::tcgetattr(device.get(), &settings) != 0) return system_error(wanted.path, "is not a serial device");
    ::cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
    set_parity(settings, wanted.parity);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    const auto speed = named_speed(wanted.baud);
    if (speed) ::cfsetspeed(&settings, *speed);
    if (::tcsetattr(device.get(), TCSANOW, &settings) != 0) return system_error(wanted.path, "cannot be set up");
    if (!speed && !set_custom_baud(device.get(), wanted.baud)) return system_error(wanted.path, "speed is refused");
    ::tcflush(device.get(), TCIOFLUSH);
    return device.release();
}

Result<int> open_device_file(const DeviceFileSettings& settings) { return open_exclusively(settings.path); }

}  // namespace gatehouse::drivers
