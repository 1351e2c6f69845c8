#include "tests/sim/devices.hpp"

#include <fmt/core.h>

namespace gatehouse::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

Devices::Devices(World& world, NodeMachine& node)
    : world_(world), node_(node), chance_(world.chance.fork(fmt::format("devices-{}", node.id().value))) {
    for (const auto& lane : node.plan().lanes)
        if (lane.turnstile) turnstiles_.emplace(*lane.turnstile, Turnstile{});
}

DeviceHandlers Devices::handlers(std::function<void(const LaneName&, const edge::ScanReply&)> show) {
    DeviceHandlers handlers;
    handlers.open = [this](const DeviceName& turnstile, Direction direction, drivers::OpenId id) {
        open(turnstile, direction, id);
    };
    handlers.hold = [this](const DeviceName& turnstile, bool entry, bool exit) {
        Turnstile& held = turnstiles_.at(turnstile);
        held.held_entry = entry;
        held.held_exit = exit;
        world_.after(milliseconds{30},
                     [this, turnstile, entry, exit] { report(turnstile, drivers::ReportHeld{entry, exit}); });
    };
    handlers.print = [this](const DeviceName& printer, RecordRef job, std::size_t papers) {
        print(printer, job, papers);
    };
    handlers.show = std::move(show);
    return handlers;
}

void Devices::report(const DeviceName& turnstile, edge::TurnstileReport what) {
    if (turnstiles_.at(turnstile).online) node_.tell(edge::TurnstileReported{turnstile, std::move(what)});
}

void Devices::open(const DeviceName& turnstile, Direction direction, drivers::OpenId id) {
    const auto incarnation = node_.incarnation();
    const bool online = turnstiles_.at(turnstile).online;
    const bool reached = online && (behave_ || !chance_.happens(0.01));
    world_.after(chance_.between(milliseconds{5}, milliseconds{60}),
                 [this, turnstile, direction, id, incarnation, reached, online] {
                     if (node_.incarnation() != incarnation) return;
                     if (reached) {
                         node_.tell(edge::TurnstileReported{turnstile, drivers::ReportOpened{id}});
                         return walk(turnstile, direction);
                     }
                     const auto why = online ? drivers::OpenFailure::unknown : drivers::OpenFailure::not_reachable;
                     node_.tell(edge::TurnstileReported{turnstile, drivers::ReportOpenFailed{id, why}});
                 });
}

void Devices::walk(const DeviceName& turnstile, Direction direction) {
    if (!behave_ && chance_.happens(0.08)) return;  // stays
    const bool late = !behave_ && chance_.happens(0.03);
    const Duration wait = late ? chance_.between(milliseconds{4900}, milliseconds{5400})
                               : chance_.between(milliseconds{200}, milliseconds{2500});
    world_.after(wait, [this, turnstile, direction] {
        ++turned_;
        report(turnstile, drivers::ReportPassed{direction});
        if (!behave_ && chance_.happens(0.01))  // somebody slips through behind
            world_.after(milliseconds{300},
                         [this, turnstile, direction] { report(turnstile, drivers::ReportPassed{direction}); });
    });
}

void Devices::print(const DeviceName&, RecordRef job, std::size_t papers) {
    const auto incarnation = node_.incarnation();
    world_.after(chance_.between(milliseconds{400}, seconds{3}), [this, job, papers, incarnation] {
        if (node_.incarnation() != incarnation) return;
        edge::PrintReport report = drivers::ReportPrinted{};
        if (!printer_online_) {
            if (chance_.happens(0.5))
                report = drivers::ReportPrintUnknown{{}, static_cast<std::uint32_t>(chance_.below(papers + 1))};
            else
                report = drivers::ReportNotPrinted{{}, drivers::NotPrintedReason::waited_too_long};
        }
        node_.tell(edge::PrintEnded{job, report});
    });
}

void Devices::lose_turnstile(Duration how_long) {
    if (turnstiles_.empty()) return;
    auto& [name, turnstile] =
        *std::next(turnstiles_.begin(), static_cast<std::ptrdiff_t>(chance_.below(turnstiles_.size())));
    if (!turnstile.online) return;
    world_.faults.fired(Fault::turnstile_lost);
    report(name, drivers::ReportFault{drivers::TurnstileFault::link_down});
    turnstile.online = false;
    world_.after(how_long, [this, which = name] {
        turnstiles_.at(which).online = true;
        report(which, drivers::ReportOnline{});
    });
}

void Devices::lose_printer(Duration how_long) {
    if (node_.plan().windows.empty() || !printer_online_) return;
    world_.faults.fired(Fault::printer_lost);
    printer_online_ = false;
    world_.after(how_long, [this] { printer_online_ = true; });
}

}  // namespace gatehouse::sim
