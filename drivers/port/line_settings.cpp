#include "drivers/port/line_settings.hpp"

#include <termios.h>

#include <array>
#include <optional>
#include <utility>

#include "drivers/port/custom_baud.hpp"
#include "drivers/port/descriptor.hpp"

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

std::optional<speed_t> named_speed(std::uint32_t baud) {
    for (const auto& [number, name] : named_speeds)
        if (number == baud) return name;
    return std::nullopt;
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

Result<void> set_raw_line(int device, const SerialSettings& wanted, bool speed) {
    termios settings{};
    if (::tcgetattr(device, &settings) != 0) return system_error(wanted.path, "is not a serial device");
    const auto parity = settings.c_cflag & static_cast<tcflag_t>(PARENB | PARODD);
    ::cfmakeraw(&settings);
    // A device that is switched off drags its line down: a break, or octets without a stop bit. Left in they read as
    // NUL, which is a word of some devices.
    settings.c_iflag |= IGNBRK | IGNPAR | INPCK;
    settings.c_cflag |= CLOCAL | CREAD | parity;
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    const auto named = named_speed(wanted.baud);
    if (speed) set_parity(settings, wanted.parity);
    if (speed && named) ::cfsetspeed(&settings, *named);
    if (::tcsetattr(device, TCSANOW, &settings) != 0) return system_error(wanted.path, "cannot be set up");
    if (speed && !named && !set_custom_baud(device, wanted.baud)) return system_error(wanted.path, "speed is refused");
    return {};
}

}  // namespace gatehouse::drivers
