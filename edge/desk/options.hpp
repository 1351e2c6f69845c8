// What a desk is told once, at its making: the node's identity, the venue, and what is plugged in where.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "edge/station/station_options.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
#include "schemas/calendar/calendar.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/records/admission.hpp"

namespace gatehouse::edge {

// A lane's scanner. On a lane for both ways a scanner may look one way.
struct LaneScanner {
    DeviceName device;
    std::optional<Direction> direction;
};

struct LaneOptions {
    LaneName name;
    GateName gate;
    ZoneId zone;
    std::optional<Direction> direction;  // nothing: both ways
    std::vector<LaneScanner> scanners;
    std::optional<DeviceName> turnstile;
    std::optional<Duration> pass = {};  // of its turnstile; nothing: the station's
};

struct WindowOptions {
    WindowName name;
    std::optional<DeviceName> printer;
    std::vector<DeviceName> scanners = {};
};

// The parts of a scan's way through the desk, as far as they are timed one by one.
enum class ScanStage : std::uint8_t { decode, verify, look_up };

struct DeskOptions {
    VenueId venue{};
    std::string venue_name;
    NodeName node_name;
    JournalId journal;                      // the epoch that is being written, unless JournalOpened says another
    std::shared_ptr<const SigningKey> key;  // signs ticket codes
    PublicKey authority{};                  // judges certificates
    VenueCalendar calendar = VenueCalendar::utc();
    WallTime built;        // of the software: the least that the clock's floor can be
    std::string software;  // version, for node_started
    std::vector<LaneOptions> lanes;
    std::vector<WindowOptions> windows;
    std::set<DeviceName> devices = {};  // all that are configured: others cannot be ordered about
    std::optional<Hash> config = {};    // digest of the configuration; absent: none is recorded
    Catalogue catalogue = {};           // as last seen by a former run: says who may do what until a journal's is there
    StationOptions station;
    bool checks_apart = false;  // scanners' signatures are checked by CheckSignature instead of within the step
    std::function<void(ScanStage)> passed;  // told as a scan leaves a stage, for timing alone; may be empty
};

}  // namespace gatehouse::edge
