#include "drivers/port/custom_baud.hpp"

#include <asm/ioctls.h>
#include <asm/termbits.h>

extern "C" int ioctl(int, unsigned long, ...) noexcept;

namespace gatehouse::drivers {

bool set_custom_baud(int descriptor, std::uint32_t baud) {
    termios2 settings{};
    if (ioctl(descriptor, TCGETS2, &settings) != 0) return false;
    settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD);
    settings.c_cflag |= BOTHER;
    settings.c_ispeed = baud;
    settings.c_ospeed = baud;
    return ioctl(descriptor, TCSETS2, &settings) == 0;
}

}  // namespace gatehouse::drivers
