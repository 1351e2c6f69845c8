// What the handlers of the API stand on: everything here lives on the API thread.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edge/api/board.hpp"
#include "edge/api/metrics.hpp"
#include "edge/api/router.hpp"
#include "edge/desk/desk.hpp"
#include "schemas/calendar/calendar.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/web/event_hub.hpp"

namespace gatehouse::edge {

// What is fixed for the run.
struct ApiFacts {
    NodeId node;
    NodeName name;
    VenueId venue{};
    PublicKey authority{};
    std::string currency;
    VenueCalendar calendar = VenueCalendar::utc();
    MacKey bearer_key{};
    std::string cookie;  // the name of its browsers' sessions
    std::vector<WindowName> windows;
    std::map<DeviceName, LaneName> lane_of;  // of scanners and turnstiles
    std::filesystem::path kept_catalogue;    // see kept_catalogue.hpp
    std::filesystem::path kept_baskets;      // a folder; see kept_baskets.hpp
};

// The other threads, as the API sees them. Every answer comes back on the API thread, once.
struct ApiOutlets {
    std::function<void(Actor, Command, std::string pin, std::function<void(Result<Reply>)>)> command;
    std::function<void(std::function<void(DeskStatus)>)> desk_status;
    // A read of the journal failed: what is there is not to be trusted any more.
    std::function<void(ledger::Fault)> read_failed;
    std::function<WallTime()> now;
    std::function<void(std::function<void()>)> later;  // on the API thread, after what waits; set by the server
};

// When the way to central or to a peer came up or went down.
struct LinkChange {
    WallTime at;
    bool up = false;
};
using LinkChanges = std::deque<LinkChange>;  // of this run, oldest first; at most `most_link_changes`

// What the last look at the held journals came to: at the start of the node, or when somebody asked for all of it.
struct JournalsJudged {
    WallTime at;
    std::optional<std::uint64_t> records;  // read and compared; absent: what the start looks at
    std::string fault;                     // empty: they are whole
};

struct HeldBasket {
    std::vector<SellLine> lines;
    std::string held_at;  // RFC 3339, as the page that put it aside said it; empty: before this was kept
    std::optional<OperatorName> by;
    std::optional<ClientId> id;  // under which it is sold when it is in hand again, and by which pages know it
};
// What a window has not sold yet: kept here for its pages, so that a browser keeps nothing and loses nothing.
struct Baskets {
    std::uint64_t version = 0;     // counts the changes; a page changes only what it has seen
    std::optional<ClientId> page;  // who made the last one
    std::vector<SellLine> current;
    std::optional<ClientId> id;       // under which `current` is sold, by whichever page: once
    std::vector<SellTender> tenders;  // taken for `current` already, in the middle of its payment
    std::vector<HeldBasket> held;
};

struct ApiServices {
    ApiFacts facts;
    ApiOutlets outlets;
    Board board;
    sync::EventHub events;
    Metrics metrics;
    std::optional<ledger::LedgerReader> reader;  // nothing while the journal is closed
    Catalogue catalogue;                         // as last seen; kept when the journal closes
    LinkChanges link_changes;                    // to central
    std::map<NodeId, LinkChanges> peer_changes = {};
    std::map<WindowName, Baskets> baskets = {};  // of the windows asked about, as their pages left them
    std::optional<JournalsJudged> judged = {};   // nothing until the journal was opened

    static constexpr std::size_t most_link_changes = 200;

    // Reads the catalogue again when a newer one is held.
    void refresh_catalogue();
    [[nodiscard]] std::string time_text(WallTime time) const { return facts.calendar.format_rfc3339(time); }
};

// Every call of the node's interface, and its pages.
[[nodiscard]] Router node_routes();

void add_people_routes(Router& router);
void add_sales_routes(Router& router);
void add_basket_routes(Router& router);
void add_shift_routes(Router& router);
void add_gate_routes(Router& router);
void add_device_routes(Router& router);
void add_status_routes(Router& router);
void add_report_routes(Router& router);
void add_journal_routes(Router& router);
void add_event_routes(Router& router);
void add_health_routes(Router& router);
void add_page_routes(Router& router);

}  // namespace gatehouse::edge
