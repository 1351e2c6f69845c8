// How a write comes along that has to wait for its device.
#pragma once

#include <cstddef>

namespace gatehouse::drivers {

// What was written has to wait in the port for the device, or has come further: `left` octets wait. Told until it is 0,
// to machines that list it among their events; a write that did not have to wait is not told.
struct WriteProgressed {
    std::size_t left = 0;
    friend bool operator==(const WriteProgressed&, const WriteProgressed&) = default;
};

}  // namespace gatehouse::drivers
