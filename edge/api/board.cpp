#include "edge/api/board.hpp"

#include "schemas/base/match.hpp"

namespace gatehouse::edge {

void Board::put(BoardPart part) {
    std::visit(Match{[&](CentralView& view) { central = std::move(view); },
                     [&](PeerViews& views) { peers = std::move(views); },
                     [&](DeviceView& view) { devices[view.name] = std::move(view); },
                     [&](StorageState& state) { storage = state; }, [&](ReadyView& view) { ready = std::move(view); },
                     [&](EmergencyView& view) { emergency = std::move(view); },
                     [&](JobView& view) {
                         jobs[view.id] = std::move(view);
                         if (jobs.size() > most_jobs) jobs.erase(jobs.begin());
                     }},
               part);
}

}  // namespace gatehouse::edge
