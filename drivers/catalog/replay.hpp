// A recording of a device, played to its driver again without waiting.
//
// A recording may begin in the middle of a conversation: its driver then begins anew with it. What was asked of the
// driver is not recorded, but what it wrote then is: openings, holds and papers are found in that. Of a line that
// several devices share, the one that the header names is played.
#pragma once

#include <variant>
#include <vector>

#include "drivers/catalog/catalog.hpp"
#include "drivers/link/recording.hpp"

namespace gatehouse::drivers {

// How a device's settings are kept in a recording's header, and read from it: `text …`, or `octets …` in hex where the
// text has control characters.
[[nodiscard]] RecordingHeader header_of(const DeviceSettings& settings);
// Errors: config when the header does not say a device.
[[nodiscard]] Result<DeviceSettings> settings_in(const RecordingHeader& header);

using ReplayedEffect =
    std::variant<WriteBytes, HangUp, ReportScan, ReportForeseen, ReportDropped, ReportAnswering, ReportReaderTrouble,
                 ReportOpened, ReportOpenFailed, ReportPassed, ReportInput, ReportHeld, ReportOnline, ReportFault,
                 ReportPrinted, ReportNotPrinted, ReportPrintUnknown, ReportPrinterState, ReportDrawer>;
struct Replayed {
    Duration at{};
    ReplayedEffect effect;
    friend bool operator==(const Replayed&, const Replayed&) = default;
};
struct Replay {
    std::vector<Replayed> effects;
    std::size_t enciphered = 0;  // replies of an OSDP device in a secure channel, which nobody can read afterwards
};
// Every effect of the driver, at the recording's times; its deadlines pass between the moments. Openings and papers are
// numbered from 1. Errors: as settings_in(), and as make_scanner() and the like.
[[nodiscard]] Result<Replay> replay(const Recording& recording);

}  // namespace gatehouse::drivers
