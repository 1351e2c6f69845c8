// Opening device files the way that survives unplugging. drivers/port/README.md says why each flag.
#pragma once

#include <string>

#include "drivers/link/port_settings.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::drivers {

// A descriptor that is closed unless it is released.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] int release();

private:
    int number_;
};

// Non-blocking, close-on-exec descriptors that no other process has opened this way. The caller closes them.
// All fail with not_found, forbidden, `unavailable` when another process holds the device, and io for the rest.

// Raw with VMIN = 1; what had arrived before is discarded. Real ttys through libserialport, ptys and the like by
// termios.
[[nodiscard]] Result<int> open_serial(const SerialSettings& settings);
// A character device, never created. A tty among them is made raw.
[[nodiscard]] Result<int> open_device_file(const std::string& path);

// Closes it. Waits while the device takes what was written, for a fifth of a second; the rest is thrown away. A tty
// would keep the caller for half a minute.
void close_device(int device);

// "PATH: WHAT: " and what errno says, with its code.
[[nodiscard]] Error system_error(const std::string& path, const char* what);

}  // namespace gatehouse::drivers
