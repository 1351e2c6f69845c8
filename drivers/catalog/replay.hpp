// A recording of a scanner, played to its driver again without waiting.
#pragma once

#include <vector>

#include "drivers/catalog/catalog.hpp"
#include "drivers/link/recording.hpp"

namespace gatehouse::drivers {

// How a device's settings are kept in a recording's header, and read from it.
[[nodiscard]] RecordingHeader header_of(const DeviceSettings& settings);
// Errors: config when the header does not say a device.
[[nodiscard]] Result<DeviceSettings> settings_in(const RecordingHeader& header);

struct Replayed {
    Duration at{};
    ScannerEffect effect;
};
// Every effect of the driver, at the recording's times; its deadlines pass between the moments, and once after the
// last.
[[nodiscard]] std::vector<Replayed> replay(const Recording& recording, ScannerSession session);

}  // namespace gatehouse::drivers
