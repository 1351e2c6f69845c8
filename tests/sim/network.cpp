#include "tests/sim/network.hpp"

namespace gatehouse::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using sync::LinkId;

namespace {
constexpr Duration silent_within = seconds{20};  // as sync::LinkOptions
}

void Network::attach(NodeId machine, const Hash& tls_key, LinkHandlers handlers) {
    machines_.insert_or_assign(machine, Machine{tls_key, std::move(handlers)});
}

void Network::detach(NodeId machine, bool silently) {
    machines_.erase(machine);
    for (auto& [link, pipe] : pipes_) {
        if (pipe.open_at.erase(machine) == 0) continue;
        const NodeId other = pipe.dialler == machine ? pipe.listener : pipe.dialler;
        end(link, other, silently ? silent_within : Duration{milliseconds{5}});
    }
    std::erase_if(pipes_, [](const auto& entry) { return entry.second.open_at.empty(); });
}

Duration Network::latency(NodeId from) {
    const auto extra = extra_.find(from);
    return chance_.between(microseconds{200}, microseconds{3000}) +
           (extra == extra_.end() ? Duration{} : extra->second);
}

void Network::dial(NodeId from, NodeId to) {
    const bool reached = hears(from, to) && machines_.contains(to);
    const Duration wait = reached ? 3 * latency(from) : chance_.between(milliseconds{5}, seconds{3});
    world_.after(wait, [this, from, to] {
        if (!machines_.contains(from)) return;
        if (!hears(from, to) || !machines_.contains(to)) return machines_.at(from).handlers.dial_failed(to);
        const LinkId link{++links_};
        pipes_.emplace(link, Pipe{from, to, {{from, {}}, {to, {}}}, {from, to}});
        const Hash listener_key = machines_.at(to).tls_key;
        const Hash dialler_key = machines_.at(from).tls_key;
        machines_.at(to).handlers.opened(link, false, dialler_key);
        if (!machines_.contains(from)) return;
        machines_.at(from).handlers.opened(link, true, listener_key);
        watch_silence(link);
    });
}

void Network::send(LinkId link, NodeId from, Bytes frame) {
    const auto found = pipes_.find(link);
    if (found == pipes_.end() || !found->second.open_at.contains(from)) return;
    Pipe& pipe = found->second;
    const NodeId to = pipe.dialler == from ? pipe.listener : pipe.dialler;
    Direction& direction = pipe.towards.at(to);
    // 2 MB/s.
    const Duration transfer = microseconds{frame.size() / 2};
    const Instant arrival = std::max(direction.last_arrival, world_.now() + latency(from)) + transfer;
    world_.at(world_.now() + transfer, [this, link, from, octets = frame.size()] {
        const auto pipe_now = pipes_.find(link);
        if (pipe_now != pipes_.end() && pipe_now->second.open_at.contains(from) && machines_.contains(from))
            machines_.at(from).handlers.sent(link, octets);
    });
    if (chance_.happens(tampering_.alter) && !frame.empty()) {
        world_.faults.fired(Fault::frame_corrupted);
        frame[chance_.below(frame.size())] ^= static_cast<std::uint8_t>(1U << chance_.below(8));
    }
    if (chance_.happens(tampering_.duplicate)) {
        world_.faults.fired(Fault::frame_duplicated);
        carry(link, to, frame, arrival);
    }
    if (chance_.happens(tampering_.overtake)) {
        world_.faults.fired(Fault::frame_reordered);
        return carry(link, to, std::move(frame), arrival + chance_.between(milliseconds{3}, milliseconds{60}));
    }
    direction.last_arrival = arrival;
    carry(link, to, std::move(frame), arrival);
}

void Network::carry(LinkId link, NodeId to, Bytes frame, Instant when) {
    world_.at(when, [this, link, to, carried = std::move(frame)]() mutable { arrive(link, to, std::move(carried)); });
}

void Network::arrive(LinkId link, NodeId to, Bytes frame) {
    const auto found = pipes_.find(link);
    if (found == pipes_.end() || !found->second.open_at.contains(to) || !machines_.contains(to)) return;
    Pipe& pipe = found->second;
    const NodeId from = pipe.dialler == to ? pipe.listener : pipe.dialler;
    Direction& direction = pipe.towards.at(to);
    if (blocked_.contains({from, to}) || !direction.held.empty()) return direction.held.push_back(std::move(frame));
    machines_.at(to).handlers.received(link, std::move(frame));
}

void Network::unblock(NodeId from, NodeId to) {
    if (blocked_.erase({from, to}) == 0) return;
    for (auto& [link, pipe] : pipes_) {
        if (!pipe.towards.contains(from) || !pipe.towards.contains(to)) continue;
        Direction& direction = pipe.towards.at(to);
        auto held = std::exchange(direction.held, {});
        for (auto& frame : held) {
            direction.last_arrival = std::max(direction.last_arrival, world_.now() + latency(from));
            carry(link, to, std::move(frame), direction.last_arrival);
        }
    }
}

void Network::heal() {
    const auto blocked = blocked_;
    for (const auto& [from, to] : blocked) unblock(from, to);
    tampering_ = {};
    extra_.clear();
}

std::size_t Network::lose_connections(NodeId a, NodeId b) {
    std::size_t lost = 0;
    for (auto& [link, pipe] : pipes_) {
        if (!pipe.towards.contains(a) || !pipe.towards.contains(b) || pipe.open_at.size() < 2) continue;
        ++lost;
        for (auto& [end_at, direction] : pipe.towards) direction.held.clear();
        end(link, pipe.dialler, milliseconds{100});
        end(link, pipe.listener, milliseconds{100});
    }
    return lost;
}

void Network::close(LinkId link, NodeId by) {
    const auto found = pipes_.find(link);
    if (found == pipes_.end() || !found->second.open_at.contains(by)) return;
    const NodeId other = found->second.dialler == by ? found->second.listener : found->second.dialler;
    end(link, by, Duration{});
    // The other end reads what was sent before, then the end.
    const Instant last = std::max(found->second.towards.at(other).last_arrival, world_.now());
    end(link, other, (last - world_.now()) + Duration{milliseconds{1}} + latency(by));
}

// Pings see a blocked direction after a while; each end for itself.
void Network::watch_silence(LinkId link) {
    world_.after(seconds{5}, [this, link] {
        const auto found = pipes_.find(link);
        if (found == pipes_.end() || found->second.open_at.size() < 2) return;
        if (hears(found->second.dialler, found->second.listener)) return watch_silence(link);
        const NodeId a = found->second.dialler;
        const NodeId b = found->second.listener;
        world_.after(chance_.between(seconds{10}, seconds{15}), [this, link, a, b] {
            const auto still = pipes_.find(link);
            if (still == pipes_.end()) return;
            if (hears(a, b)) return watch_silence(link);
            end(link, a, seconds{2});
            end(link, b, seconds{2});
        });
    });
}

void Network::end(LinkId link, NodeId at, Duration within) {
    world_.after(chance_.between(Duration{}, within), [this, link, at] { tell_end(link, at); });
}

void Network::tell_end(LinkId link, NodeId at) {
    const auto found = pipes_.find(link);
    if (found == pipes_.end() || found->second.open_at.erase(at) == 0) return;
    if (found->second.open_at.empty()) pipes_.erase(found);
    if (machines_.contains(at)) machines_.at(at).handlers.closed(link);
}

}  // namespace gatehouse::sim
