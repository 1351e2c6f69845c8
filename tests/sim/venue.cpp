#include "tests/sim/venue.hpp"

#include <fmt/core.h>

#include "sync/central/example_catalogue.hpp"

namespace gatehouse::sim {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

MachinePlan enrol(const Venue& venue, Chance& chance, NodeId id, std::string name) {
    MachinePlan plan;
    plan.id = id;
    plan.name = NodeName{std::move(name)};
    plan.key = std::make_shared<const SigningKey>(SigningKey::from_seed(chance.octets<32>()));
    plan.tls_key = chance.octets<32>();
    plan.certificate = issue_certificate(*venue.authority, {venue.id, id, plan.name, plan.key->public_key(),
                                                            plan.tls_key, WallTime{venue.opened.value - 24 * hour_ms},
                                                            WallTime{venue.opened.value + 20 * 365 * 24 * hour_ms}});
    return plan;
}

edge::LaneOptions lane(const std::string& gate, int number, std::optional<Direction> direction, bool turnstile) {
    const auto name = fmt::format("{}-{}", gate, number);
    edge::LaneOptions options{
        LaneName{name}, GateName{gate}, ZoneId{"park"}, direction, {{DeviceName{"scan-" + name}, std::nullopt}},
        std::nullopt};
    if (turnstile) options.turnstile = DeviceName{"turn-" + name};
    return options;
}

edge::WindowOptions window(int number) {
    return {WindowName{fmt::format("window-{}", number)}, DeviceName{fmt::format("printer-{}", number)}};
}

Catalogue make_catalogue(const Venue& venue) {
    const WallTime midnight{venue.opened.value - 9 * hour_ms};
    const std::array midnights{midnight};
    auto catalogue = central::example_catalogue(midnights, "");
    for (auto& session : catalogue.sessions) {
        session.starts = WallTime{venue.opened.value - hour_ms};
        session.ends = WallTime{venue.opened.value + 10 * hour_ms};
        session.capacity = 30;
        session.paper_slice = 2;
    }
    const auto person = [](const char* name, std::vector<Role> roles) {
        return Operator{OperatorName{name}, std::move(roles), "of no consequence here"};
    };
    catalogue.operators.push_back(person("clerk", {Role::clerk}));
    catalogue.operators.push_back(person("guard", {Role::attendant}));
    catalogue.operators.push_back(person("chief", {Role::clerk, Role::attendant, Role::supervisor, Role::operator_}));
    return catalogue;
}

}  // namespace

std::vector<NodeId> Venue::members() const {
    std::vector<NodeId> ids;
    for (std::size_t i = 1; i < machines.size(); ++i) ids.push_back(machines[i].id);
    return ids;
}

std::vector<NodeId> Venue::nodes() const {
    auto ids = members();
    ids.pop_back();
    return ids;
}

Venue make_venue(World& world) {
    Chance chance = world.chance.fork("venue");
    Venue venue;
    venue.id = chance.octets<16>();
    venue.authority = std::make_shared<const SigningKey>(SigningKey::from_seed(chance.octets<32>()));
    venue.authority_key = venue.authority->public_key();
    venue.opened = world.true_wall();
    venue.settings = {venue.id, "Asia/Shanghai", std::chrono::minutes{4 * 60}};
    venue.catalogue = make_catalogue(venue);
    venue.machines.push_back(enrol(venue, chance, NodeId{0}, "central"));
    auto booth = enrol(venue, chance, NodeId{1}, "booth");
    booth.windows = {window(1), window(2)};
    auto gate_a = enrol(venue, chance, NodeId{2}, "gate-a");
    gate_a.lanes = {lane("south", 1, Direction::entry, true), lane("south", 2, std::nullopt, true)};
    auto gate_b = enrol(venue, chance, NodeId{3}, "gate-b");
    gate_b.lanes = {lane("north", 1, Direction::entry, true), lane("north", 2, Direction::entry, false)};
    venue.machines.push_back(std::move(booth));
    venue.machines.push_back(std::move(gate_a));
    venue.machines.push_back(std::move(gate_b));
    if (chance.happens(0.3)) {
        auto kiosk = enrol(venue, chance, NodeId{4}, "kiosk");
        kiosk.windows = {window(3)};
        kiosk.lanes = {lane("east", 1, Direction::entry, true)};
        venue.machines.push_back(std::move(kiosk));
    }
    venue.machines.push_back(
        enrol(venue, chance, NodeId{static_cast<std::uint16_t>(venue.machines.size())}, "stranger"));
    return venue;
}

}  // namespace gatehouse::sim
