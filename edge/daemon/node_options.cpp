#include "edge/daemon/node_options.hpp"

#include <algorithm>

#include "drivers/catalog/catalog.hpp"
#include "edge/api/kept_catalogue.hpp"
#include "schemas/base/check.hpp"

namespace gatehouse::edge {

namespace {

std::optional<Direction> one_way(LaneDirection direction) {
    switch (direction) {
        case LaneDirection::entry: return Direction::entry;
        case LaneDirection::exit: return Direction::exit;
        case LaneDirection::both: return std::nullopt;
    }
    return std::nullopt;
}

// How long a lane waits for whom its turnstile was opened for: that turnstile's own time.
Duration pass_time(const Settings& settings, const DeviceName& turnstile) {
    const auto device = std::ranges::find(settings.devices, turnstile, &DeviceSettings::name);
    check(device != settings.devices.end(), "checked settings name the lanes' turnstiles");
    const auto setup = drivers::make_turnstile(driver_settings(settings, *device));
    check(setup.has_value(), "checked settings make a turnstile");
    return setup->pass;
}

std::filesystem::path kept_catalogue_file(const Settings& settings) { return settings.data_dir / "catalogue.kept"; }

}  // namespace

WallTime built_at() { return WallTime{std::int64_t{GATEHOUSE_BUILT} * 1000}; }

Result<VenueCalendar> venue_calendar(const Identity& identity) {
    return VenueCalendar::make(identity.grant.venue.time_zone, std::chrono::minutes{identity.grant.venue.cutover_min});
}

DeskOptions desk_options(const Settings& settings, const Identity& identity, const VenueCalendar& calendar,
                         Epoch epoch) {
    DeskOptions options;
    options.venue = identity.grant.venue.id;
    options.venue_name = identity.grant.venue.name;
    options.node_name = identity.name;
    options.journal = {identity.grant.node, epoch};
    options.key = identity.signing;
    options.authority = identity.grant.authority;
    options.calendar = calendar;
    options.built = built_at();
    options.software = "gatehouse " GATEHOUSE_VERSION;
    options.checks_apart = true;
    options.catalogue = kept_catalogue(kept_catalogue_file(settings)).value_or(Catalogue{});
    for (const LaneSettings& lane : settings.lanes) {
        LaneOptions made{lane.name, lane.gate, lane.zone, one_way(lane.direction), {}, lane.turnstile};
        if (lane.turnstile) made.pass = pass_time(settings, *lane.turnstile);
        for (const DeviceName& scanner : lane.scanners) made.scanners.push_back({scanner, std::nullopt});
        options.lanes.push_back(std::move(made));
    }
    for (const WindowSettings& window : settings.windows)
        options.windows.push_back({window.name, window.printer, window.scanners});
    for (const DeviceSettings& device : settings.devices) options.devices.insert(device.name);
    const std::string config = printed(settings);
    options.config = sha256(view_of(config));
    return options;
}

JournalOptions journal_options(const Identity& identity) {
    JournalOptions options;
    options.ledger.venue.id = identity.grant.venue.id;
    options.ledger.venue.time_zone = identity.grant.venue.time_zone;
    options.ledger.venue.cutover = std::chrono::minutes{identity.grant.venue.cutover_min};
    options.node = identity.grant.node;
    return options;
}

SyncOptions sync_options(const Settings& settings, const Identity& identity, JournalId own, WallTime floor) {
    SyncOptions options;
    options.session.venue = identity.grant.venue.id;
    options.session.authority = identity.grant.authority;
    options.session.self = own.node;
    options.session.epoch = own.epoch;
    options.session.certificate = identity.grant.certificate;
    options.session.central_certificate = identity.grant.central_certificate;
    options.session.software = "gatehouse " GATEHOUSE_VERSION;
    options.session.ask_time_every = std::chrono::seconds{30};
    options.links.tls = {{identity.tls_key, identity.grant.tls_certificate}, identity.grant.ca};
    options.links.floor = [floor] { return floor; };
    options.listen = settings.peers.listen;
    options.central_urls = settings.central.urls;
    options.peers = settings.peers.dialled;
    options.discovery = settings.peers.discovery;
    options.own = own;
    options.key = identity.signing;
    options.venue = identity.grant.venue.id;
    return options;
}

ApiOptions api_options(const Settings& settings, const Identity& identity) {
    ApiOptions options;
    options.listen = settings.api.listen;
    options.socket = api_socket(settings);
    if (settings.api.tls) options.tls = sync::TlsIdentity{identity.tls_key, identity.grant.tls_certificate};
    options.hosts = settings.api.hosts;
    return options;
}

ApiFacts api_facts(const Settings& settings, const Identity& identity, const VenueCalendar& calendar) {
    ApiFacts facts;
    facts.node = identity.grant.node;
    facts.name = identity.name;
    facts.venue = identity.grant.venue.id;
    facts.authority = identity.grant.authority;
    facts.currency = identity.grant.venue.currency;
    facts.calendar = calendar;
    facts.bearer_key = identity.bearer_key;
    facts.cookie = "gatehouse_" + identity.name.value;
    for (const WindowSettings& window : settings.windows) facts.windows.push_back(window.name);
    for (const LaneSettings& lane : settings.lanes) {
        for (const DeviceName& scanner : lane.scanners) facts.lane_of[scanner] = lane.name;
        if (lane.turnstile) facts.lane_of[*lane.turnstile] = lane.name;
    }
    facts.kept_catalogue = kept_catalogue_file(settings);
    facts.kept_baskets = settings.data_dir / "baskets";
    return facts;
}

}  // namespace gatehouse::edge
