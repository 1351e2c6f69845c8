// "METHOD TARGET\nBODY": any call of central's interface is answered, with JSON or a problem that has a code, whatever
// its body is; and no input is answered as a fault of ours.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <future>
#include <string>

#include "schemas/base/check.hpp"
#include "sync/central/api/routes.hpp"
#include "sync/central/central.hpp"
#include "sync/central/init.hpp"
#include "sync/link/http_exchange.hpp"
#include "sync/link/http_target.hpp"
#include "sync/web/path_match.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::central;

// A new venue whose store is closed: reads are answered, of a command what comes before it is written.
class ReadingCentral {
public:
    ReadingCentral()
        : settings_(make_settings()),
          identity_(made(settings_)),
          calendar_(VenueCalendar::make(settings_.time_zone, settings_.cutover).value()),
          store_(VenueStore::open(store_options(), identity_).value()),
          reading_(ReadDesk::open(settings_.database, store_->options().venue, [](ledger::Fault) {}).value()) {
        store_->stop();
        pins_.stop();
        administrator_.name = OperatorName{"admin"};
        administrator_.roles = {Role::administrator};
    }
    ReadingCentral(const ReadingCentral&) = delete;
    ReadingCentral& operator=(const ReadingCentral&) = delete;
    ~ReadingCentral() {
        std::error_code ignored;
        std::filesystem::remove_all(settings_.data_dir, ignored);
    }

    sync::HttpResponse answer(const Route& route, std::vector<std::string> parts, sync::HttpRequest request) {
        const auto given = std::make_shared<sync::HttpAnswer>(std::make_shared<sync::Bell>(io_));
        route.handler(Call{&services_, std::move(request),
                           sync::HttpRespond{std::make_shared<sync::HttpRespond::Shared>(given, 16, 1024)},
                           std::move(parts), administrator_});
        std::promise<void> read;
        check(reading_->submit([&](Reading&) { read.set_value(); }), "one call at a time leaves room for another read");
        read.get_future().wait();
        events_.close_all();
        check(given->given, "every call is answered");
        return given->response;
    }

private:
    static Settings make_settings() {
        Settings settings;
        settings.data_dir =
            std::filesystem::temp_directory_path() / ("gatehouse-central-calls-" + std::to_string(::getpid()));
        settings.database = settings.data_dir / "central.db";
        settings.venue_name = "West Lake";
        settings.time_zone = "Asia/Shanghai";
        settings.currency = "CNY";
        return settings;
    }
    static Identity made(const Settings& settings) {
        check(init_venue(settings).has_value(), "there is room for a venue");
        return load_identity(identity_folder(settings)).value();
    }
    [[nodiscard]] StoreOptions store_options() const {
        StoreOptions options;
        options.database = settings_.database;
        options.venue = {identity_.venue, settings_.time_zone, settings_.cutover};
        options.calendar = calendar_;
        return options;
    }

    Settings settings_;
    Identity identity_;
    VenueCalendar calendar_;
    std::unique_ptr<VenueStore> store_;
    std::unique_ptr<ReadDesk> reading_;
    Worker pins_{1};
    FreshPins fresh_pins_;
    Presence presence_;
    Metrics metrics_;
    sync::EventHub events_{"run", 16};
    Operator administrator_;
    boost::asio::io_context io_;
    ApiServices services_{settings_, identity_,   calendar_, *store_,  *reading_,
                          pins_,     fresh_pins_, presence_, metrics_, events_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static ReadingCentral central;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto line = text.substr(0, text.find('\n'));
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return 0;
    sync::HttpRequest request;
    request.method = line.substr(0, space);
    if (!sync::parse_target(line.substr(space + 1), request)) return 0;
    if (line.size() < size) request.body = text.substr(line.size() + 1);
    const bool json = request.body.starts_with('{') || request.body.starts_with('[');
    request.fields = {{"Content-Type", json ? "application/json" : "text/csv"}, {"If-Match", "\"1\""}};
    for (const auto& route : api_routes()) {
        auto parts = sync::match_path(route.path, request.path);
        if (!parts || route.method != request.method) continue;
        const auto response = central.answer(route, std::move(*parts), std::move(request));
        check(response.status >= 200 && response.status < 600 && response.status != 500, "no input is a fault of ours");
        if (response.status < 400 || !response.body.starts_with('{')) return 0;
        const auto problem = boost::json::parse(response.body);
        check(problem.as_object().contains("code") || response.status == 503, "a problem has a code");
        return 0;
    }
    return 0;
}
