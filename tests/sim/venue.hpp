// The venue of a run: who is enrolled, what is plugged in where, what is sold. Made from the seed.
#pragma once

#include <memory>
#include <vector>

#include "edge/desk/options.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/crypto/certificate.hpp"
#include "sync/ledger/ledger.hpp"
#include "tests/sim/world.hpp"

namespace gatehouse::sim {

struct MachinePlan {
    NodeId id;
    NodeName name;
    std::shared_ptr<const SigningKey> key;
    Bytes certificate;
    Hash tls_key{};
    std::vector<edge::LaneOptions> lanes;
    std::vector<edge::WindowOptions> windows;
};

struct Venue {
    VenueId id{};
    std::shared_ptr<const SigningKey> authority;
    PublicKey authority_key{};
    ledger::VenueSettings settings;
    WallTime opened;  // true wall time at the start of the run; what the software was built at
    Catalogue catalogue;
    std::vector<MachinePlan> machines;  // [0] is central
    [[nodiscard]] const MachinePlan& plan(NodeId node) const { return machines.at(node.value); }
    [[nodiscard]] std::vector<NodeId> members() const;  // without central
    [[nodiscard]] std::vector<NodeId> nodes() const;    // without the stranger too
    // Enrolled as well, of another release: see stranger.hpp. The last machine.
    [[nodiscard]] NodeId stranger() const { return machines.back().id; }
};

[[nodiscard]] Venue make_venue(World& world);

}  // namespace gatehouse::sim
