// gatehouse-bench: the parts of deploy/bench that run inside one process, one JSON object on standard output.
//   append FOLDER COUNT [PAUSE_US]  bare limit: append of 256 octets with fdatasync, PAUSE_US between two
//   rows DATABASE FOLDER BATCH [BEFORE]
//                                   bare limit: SQLite with the rows of DATABASE, those that BEFORE has not timed
//   generate CONFIG COUNT TICKETS   continues the journal of a stopped, enrolled node: COUNT records, TICKETS to a sale
//   admissions FOLDER COUNT FLIGHT [unheard]
//                                   desk and journal, COUNT admissions with FLIGHT under way, of tickets whose sales
//                                   the gate holds; `unheard`: it does not
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "edge/config/reader.hpp"
#include "edge/daemon/identity.hpp"
#include "schemas/calendar/calendar.hpp"
#include "tests/bench/admissions.hpp"
#include "tests/bench/bare_limits.hpp"
#include "tests/bench/generate.hpp"

using namespace gatehouse;

namespace {

double microseconds_at(const std::vector<std::int64_t>& sorted, std::size_t percent) {
    return static_cast<double>(sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)]) / 1000.0;
}

int complain(const Error& error) {
    std::fprintf(stderr, "gatehouse-bench: %s\n", error.detail.c_str());
    return 70;
}

int append(const std::string& folder, std::size_t count, std::size_t pause_us) {
    auto times = bench::time_appends(folder, count, std::chrono::microseconds{pause_us});
    if (!times) return complain(times.error());
    std::ranges::sort(*times);
    std::printf("{\"count\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", count, microseconds_at(*times, 50),
                microseconds_at(*times, 99));
    return 0;
}

int rows(const std::string& database, const std::string& folder, std::size_t batch, const std::string& before) {
    const auto timed = bench::time_rows(database, folder, batch, before);
    if (!timed) return complain(timed.error());
    std::printf("{\"journal_rows\":%llu,\"all_rows\":%llu,\"seconds\":%.3f}\n",
                static_cast<unsigned long long>(timed->journal_rows), static_cast<unsigned long long>(timed->all_rows),
                timed->seconds);
    return 0;
}

int admissions(const std::string& folder, std::size_t count, std::size_t flight, bench::SalesHeld held) {
    const auto timed = bench::time_admissions(folder, count, flight, held);
    if (!timed) return complain(timed.error());
    std::printf("{\"admissions\":%llu,\"seconds\":%.3f}\n", static_cast<unsigned long long>(timed->admissions),
                timed->seconds);
    return 0;
}

Result<bench::Generated> continue_journal(const std::string& config, std::uint64_t count, std::uint32_t tickets) {
    const auto loaded = edge::load_config(config);
    if (!loaded.faults.empty()) return fail(ErrorCode::config, config + " has faults");
    const auto identity = edge::load_identity(loaded.settings.data_dir);
    if (!identity) return identity.error();
    const auto& venue = identity->grant.venue;
    const auto calendar = VenueCalendar::make(venue.time_zone, std::chrono::minutes{venue.cutover_min});
    if (!calendar) return calendar.error();
    edge::JournalOptions options;
    options.node = identity->grant.node;
    options.ledger.venue = {venue.id, venue.time_zone, std::chrono::minutes{venue.cutover_min}};
    auto journal = edge::Journal::open(loaded.settings.data_dir, options);
    if (!journal) return journal.error();
    bench::Outage outage;
    outage.records = count;
    outage.tickets_a_sale = tickets;
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    // The outage ends now: the node must not take itself to be in the future afterwards.
    outage.from = WallTime{(now - std::chrono::seconds(count)).count()};
    outage.calendar = *calendar;
    outage.venue = venue.id;
    outage.price = Minor{8'000};
    return bench::generate(*journal, *identity->signing, outage, 0);
}

int generate(const std::string& config, std::uint64_t count, std::uint32_t tickets) {
    const auto made = continue_journal(config, count, tickets);
    if (!made) return complain(made.error());
    std::printf(
        "{\"records\":%llu,\"sales\":%llu,\"tickets\":%llu,\"verdicts\":%llu,\"passages\":%llu,\"others\":%llu}\n",
        static_cast<unsigned long long>(count), static_cast<unsigned long long>(made->sales),
        static_cast<unsigned long long>(made->tickets), static_cast<unsigned long long>(made->verdicts),
        static_cast<unsigned long long>(made->passages), static_cast<unsigned long long>(made->others));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "append" && (argc == 4 || argc == 5))
        return append(argv[2], std::stoul(argv[3]), argc == 5 ? std::stoul(argv[4]) : 0);
    if (verb == "rows" && (argc == 5 || argc == 6))
        return rows(argv[2], argv[3], std::stoul(argv[4]), argc == 6 ? argv[5] : "");
    if (verb == "generate" && argc == 5)
        return generate(argv[2], std::stoull(argv[3]), static_cast<std::uint32_t>(std::stoul(argv[4])));
    if (verb == "admissions" && (argc == 5 || (argc == 6 && argv[5] == std::string{"unheard"})))
        return admissions(argv[2], std::stoul(argv[3]), std::stoul(argv[4]),
                          argc == 5 ? bench::SalesHeld::yes : bench::SalesHeld::no);
    std::fputs("usage: gatehouse-bench append|rows|generate|admissions …, see tests/bench/README.md\n", stderr);
    return 64;
}
