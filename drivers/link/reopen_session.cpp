#include "drivers/link/reopen_session.hpp"

#include <algorithm>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

std::vector<ReopenEffect> ReopenSession::step(const ReopenEvent& event, Instant now) {
    std::vector<ReopenEffect> out;
    std::visit(Match{
                   [&](const ReopenStarted&) {
                       if (phase_ == Phase::closed && !due_) due_ = now;
                   },
                   [&](const PortOpened&) {
                       phase_ = Phase::open;
                       opened_ = now;
                   },
                   [&](const PortClosed&) { close(now); },
                   [&](const HangUpRequested&) {
                       if (phase_ == Phase::closed) return;
                       out.push_back(ReopenEffect::close_port);
                       close(now);
                   },
                   [&](const DeviceAppeared&) {
                       pause_ = options_.shortest;
                       if (due_) due_ = now;
                   },
                   [&](const ReopenTicked&) {},
               },
               event);
    if (phase_ == Phase::closed && due_ && now >= *due_) {
        due_.reset();
        phase_ = Phase::opening;
        out.push_back(ReopenEffect::open_port);
    }
    return out;
}

std::optional<Instant> ReopenSession::deadline() const { return phase_ == Phase::closed ? due_ : std::nullopt; }

void ReopenSession::close(Instant now) {
    if (phase_ == Phase::open && now - opened_ >= options_.held) pause_ = options_.shortest;
    due_ = now + pause_;
    pause_ = std::min(pause_ * 2, options_.longest);
    phase_ = Phase::closed;
}

}  // namespace gatehouse::drivers
