// What the calls of central's API work with, and one call on its way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "schemas/calendar/calendar.hpp"
#include "sync/central/access.hpp"
#include "sync/central/config.hpp"
#include "sync/central/exchange.hpp"
#include "sync/central/fresh_pins.hpp"
#include "sync/central/metrics.hpp"
#include "sync/central/read_desk.hpp"
#include "sync/central/venue_store.hpp"
#include "sync/central/worker.hpp"
#include "sync/link/http_server.hpp"
#include "sync/web/event_hub.hpp"
#include "sync/web/problem.hpp"

namespace gatehouse::central {

// References that outlive every call.
struct ApiServices {
    const Settings& settings;
    const Identity& identity;
    const VenueCalendar& calendar;
    VenueStore& store;
    ReadDesk& reading;
    Worker& pins;  // Argon2, one at a time
    FreshPins& fresh_pins;
    Presence& presence;
    Metrics& metrics;
    sync::EventHub& events;
};

// Copies share the answer.
struct Call {
    ApiServices* services = nullptr;
    sync::HttpRequest request;
    sync::HttpRespond respond;
    std::vector<std::string> parts;  // what stood for each `{}` of the path
    Operator who;                    // empty on open paths
    std::string bearer = {};         // the token that it came with; empty on open paths

    void answer(sync::HttpResponse response) const {
        services->metrics.count_request(response.status);
        respond(std::move(response));
    }
    void refuse(const Error& error) const { answer(sync::problem(error)); }
};

// Runs `read` on the reading thread and answers what it returns; 503 when the database cannot be read or too many wait.
void answer_read(const Call& call, std::function<sync::HttpResponse(const Call&, Reading&)> read);

// What a command decided: the record to write, and the answer once it is there. `made` may be empty.
struct Decided {
    Body body;
    std::function<sync::HttpResponse(const RecordRef&)> answer;
};
// Runs `decide` on the writing thread, writes its record in the caller's name, commits, and answers.
void answer_write(const Call& call, std::function<Result<Decided>(const Call&, Writing&)> decide);

// "2026-11-21T09:30:00+08:00" in the venue's zone.
[[nodiscard]] std::string time_text(const ApiServices& services, WallTime time);
// The business date of a query's `business_date`, or today's. Errors: invalid_body.
[[nodiscard]] Result<Date> business_date_of(const Call& call);
// A whole number of 1 to `most`.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t most);
// The parameter as such a number, or `otherwise` when there is none; nothing when it is something else.
[[nodiscard]] std::optional<std::uint64_t> number_of(const Call& call, std::string_view name, std::uint64_t most,
                                                     std::uint64_t otherwise);
// A node by its number or its name. Errors: not_found.
[[nodiscard]] Result<NodeId> node_of(ledger::LedgerReader& reader, std::string_view text);

}  // namespace gatehouse::central
