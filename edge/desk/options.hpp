// What a desk is told once, at its making: the node's identity, the venue, and what is plugged in where.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
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
};

struct WindowOptions {
    WindowName name;
    std::optional<DeviceName> printer;
};

struct StationOptions {
    Duration open_ack = std::chrono::milliseconds(500);    // a command that is not taken by then is trouble
    Duration pass = std::chrono::seconds(5);               // from the barrier's opening to the turn
    Duration poll_slack = std::chrono::milliseconds(200);  // a turn reported so late was still within `pass`
    Duration quiet = std::chrono::seconds(5);              // after which a repeated bad code is counted
    Duration tailgate = std::chrono::seconds(1);           // a turn so soon after a grant's last one was a tailgater
    Duration count = std::chrono::seconds(1);              // counted turns are recorded together for so long
};

struct DeskOptions {
    VenueId venue{};
    std::string venue_name;
    NodeName node_name;
    JournalId journal;                      // the epoch that is being written
    std::shared_ptr<const SigningKey> key;  // signs ticket codes
    PublicKey authority{};                  // judges certificates
    std::string time_zone;                  // IANA name
    std::chrono::minutes cutover{0};        // a business date begins so long after midnight
    WallTime built;                         // of the software: the least that the clock's floor can be
    std::string software;                   // version, for node_started
    std::vector<LaneOptions> lanes;
    std::vector<WindowOptions> windows;
    StationOptions station;
};

}  // namespace gatehouse::edge
