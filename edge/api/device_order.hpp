// What can be asked of a device by name, besides its work.
#pragma once

#include <cstdint>

namespace gatehouse::edge {

enum class DeviceOrder : std::uint8_t {
    test,    // does it work? A scanner beeps, where it can; nothing is opened and nothing printed
    record,  // what passes through its port, into a file of the data directory
    stop_recording,
};

}  // namespace gatehouse::edge
