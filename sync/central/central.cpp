#include "sync/central/central.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "sync/central/api/api_server.hpp"
#include "sync/central/enrolment_office.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/ledger/disk_failure.hpp"
#include "sync/ledger/lock_file.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::central {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t kept_events = 1'000;
constexpr std::size_t most_pins_waiting = 32;

std::string run_name() {
    std::array<std::uint8_t, 4> octets{};
    random_bytes(octets);
    return to_hex(octets);
}

sync::VenueSettings told_to_nodes(const Settings& settings) {
    sync::VenueSettings venue;
    venue.name = settings.venue_name;
    venue.time_zone = settings.time_zone;
    venue.currency = settings.currency;
    venue.cutover_min = static_cast<std::uint16_t>(settings.cutover.count());
    return venue;
}

std::string ingest_event(const Ingested& batch) {
    json::object event{{"node", batch.journal.node.value}, {"epoch", batch.journal.epoch.value}};
    if (const auto* stored = std::get_if<sync::BatchStored>(&batch.answer)) {
        event["received"] = stored->up_to.value;
        event["accepted"] = stored->accepted;
        event["duplicate"] = stored->duplicate;
        event["parked"] = stored->parked;
    } else {
        event["refused"] = true;
    }
    return json::serialize(event);
}

std::string node_event(const ConnectedNode& node, bool came) {
    return json::serialize(json::object{{"node", node.node.value}, {"name", node.name.value}, {"connected", came}});
}

}  // namespace

class Central::Inner {
public:
    Inner(Settings s, Identity i, VenueCalendar c)
        : settings(std::move(s)),
          identity(std::move(i)),
          calendar(c),
          work(asio::make_work_guard(io)),
          events(run_name(), kept_events),
          pins(most_pins_waiting) {}
    ~Inner();
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    Result<void> start(std::function<void()> broken);
    [[nodiscard]] ledger::VenueSettings ledger_venue() const {
        return {identity.venue, settings.time_zone, settings.cutover};
    }
    [[nodiscard]] StoreCallbacks store_callbacks(std::function<void()> broken);
    [[nodiscard]] Result<void> open_store(std::function<void(ledger::Fault)> read_failed);
    [[nodiscard]] Result<void> listen();

    Settings settings;
    Identity identity;
    VenueCalendar calendar;
    std::optional<ledger::LockFile> lock;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work;
    Metrics metrics;
    sync::EventHub events;
    FreshPins fresh_pins;
    Worker pins;
    std::unique_ptr<VenueStore> store;
    std::unique_ptr<ReadDesk> reading;
    std::unique_ptr<EnrolmentOffice> office;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<ApiServer> api;
    std::string sync_address;
    std::thread thread;
};

StoreCallbacks Central::Inner::store_callbacks(std::function<void()> broken) {
    StoreCallbacks callbacks;
    callbacks.grown = [this](auto held) { exchange->journals_grown(std::move(held)); };
    callbacks.revoked = [this](auto list) { exchange->revocations_changed(std::move(list)); };
    callbacks.ingested = [this](const Ingested& batch) {
        metrics.count(batch);
        events.publish("ingest", ingest_event(batch));
    };
    callbacks.catalogue_published = [this](std::uint64_t version) {
        events.publish("catalogue", json::serialize(json::object{{"version", version}}));
    };
    callbacks.broken = [broken = std::move(broken)](const Error& why) {
        log::error("the database may not be written any more ({}); stopping for recovery", why.detail);
        broken();
    };
    return callbacks;
}

Result<void> Central::Inner::open_store(std::function<void(ledger::Fault)> read_failed) {
    auto taken = ledger::LockFile::acquire(settings.data_dir / "central.lock");
    if (!taken) return taken.error();
    lock.emplace(std::move(*taken));
    StoreOptions options;
    options.database = settings.database;
    options.behind_note = settings.data_dir / "behind";
    options.venue = ledger_venue();
    options.calendar = calendar;
    auto opened = VenueStore::open(std::move(options), identity);
    if (!opened) return opened.error();
    store = std::move(*opened);
    auto desk = ReadDesk::open(settings.database, ledger_venue(), std::move(read_failed));
    if (!desk) return desk.error();
    reading = std::move(*desk);
    return {};
}

Result<void> Central::Inner::listen() {
    auto address = exchange->listen();
    if (!address) return address.error();
    sync_address = *address;
    auto started = ApiServer::start(
        {settings, identity, calendar, *store, *reading, pins, fresh_pins, exchange->presence(), metrics, events});
    if (!started) return started.error();
    api = std::move(*started);
    return {};
}

Result<void> Central::Inner::start(std::function<void()> broken) {
    const auto read_failed = [broken, database = settings.database](ledger::Fault fault) {
        log::error("a read of the database failed ({}); stopping for recovery", to_string(fault));
        ledger::DiskFailure{database}.note();
        broken();
    };
    if (auto opened = open_store(read_failed); !opened) return opened;
    office = std::make_unique<EnrolmentOffice>(*store, identity, told_to_nodes(settings));
    ExchangeOptions options;
    options.listen = to_string(settings.listen);
    options.reported = [this](const ConnectedNode& node, bool came) { events.publish("node", node_event(node, came)); };
    options.read_failed = read_failed;
    exchange = std::make_unique<Exchange>(io, *store, identity, *office, std::move(options));
    if (auto listening = listen(); !listening) return listening;
    store->start(store_callbacks(std::move(broken)));
    thread = std::thread{[this] { io.run(); }};
    log::info("central of {} is ready: sync and enrolment on {}, API on {}", settings.venue_name, sync_address,
              api->address());
    return {};
}

// From the outside in, so that nothing is called that is gone.
Central::Inner::~Inner() {
    if (api) api->stop();
    if (thread.joinable()) {
        std::promise<void> stopped;  // what it still wants to keep must be asked of the store before that stops
        asio::post(io, [&] {
            exchange->stop();
            stopped.set_value();
        });
        stopped.get_future().wait();
    }
    pins.stop();
    if (store) store->stop();
    if (reading) reading->stop();
    api.reset();
    work.reset();
    if (thread.joinable()) thread.join();
    exchange.reset();
}

Central::Central(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Central::~Central() = default;

Result<std::unique_ptr<Central>> Central::start(const Settings& settings, std::function<void()> broken) {
    auto identity = load_identity(identity_folder(settings));
    if (!identity) return identity.error();
    const auto calendar = VenueCalendar::make(settings.time_zone, settings.cutover);
    if (!calendar) return calendar.error();
    auto inner = std::make_unique<Inner>(settings, std::move(*identity), *calendar);
    if (auto started = inner->start(std::move(broken)); !started) return started.error();
    return std::unique_ptr<Central>{new Central{std::move(inner)}};
}

std::string Central::sync_address() const { return inner_->sync_address; }
std::string Central::api_address() const { return inner_->api->address(); }

std::filesystem::path identity_folder(const Settings& settings) { return settings.data_dir / "identity"; }

}  // namespace gatehouse::central
