// Times of a lane.
#pragma once

#include "schemas/base/time.hpp"

namespace gatehouse::edge {

struct StationOptions {
    Duration open_ack = std::chrono::milliseconds(500);    // a command that is not taken by then is trouble
    Duration pass = std::chrono::seconds(5);               // from the barrier's opening to the turn
    Duration poll_slack = std::chrono::milliseconds(200);  // a turn reported so late was still within `pass`
    Duration quiet = std::chrono::seconds(5);              // after which a repeated bad code is counted
    Duration tailgate = std::chrono::seconds(1);           // a turn so soon after a grant's last one was a tailgater
    Duration count = std::chrono::seconds(1);              // counted turns are recorded together for so long
};

}  // namespace gatehouse::edge
