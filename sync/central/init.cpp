#include "sync/central/init.hpp"

#include <sys/stat.h>

#include <array>
#include <system_error>
#include <vector>

#include "sync/central/central.hpp"
#include "sync/central/central_journal.hpp"
#include "sync/central/example_catalogue.hpp"
#include "sync/central/identity.hpp"
#include "sync/central/machine_clock.hpp"
#include "sync/central/secret_file.hpp"
#include "sync/ledger/lock_file.hpp"

namespace gatehouse::central {

namespace {

constexpr std::int32_t days_of_sessions = 7;

// Eight digits, each equally likely.
std::string random_pin() {
    std::string pin;
    while (pin.size() < 8)
        for (const auto octet : random_bytes(16))
            if (octet < 250 && pin.size() < 8) pin += static_cast<char>('0' + octet % 10);
    return pin;
}

Result<void> prepare_folder(const Settings& settings) {
    std::error_code failed;
    std::filesystem::create_directories(settings.data_dir.parent_path(), failed);
    if (::mkdir(settings.data_dir.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(ErrorCode::io, settings.data_dir.string() + ": " + std::generic_category().message(errno));
    for (const auto& taken : {identity_folder(settings), settings.database})
        if (std::filesystem::exists(taken, failed))
            return fail(ErrorCode::forbidden,
                        taken.string() + " is there already: this venue has been made, or an init was cut short");
    return {};
}

Catalogue first_catalogue(const VenueCalendar& calendar, WallTime now, std::string pin_hash) {
    const auto today = calendar.business_date(now);
    std::vector<WallTime> midnights;
    for (std::int32_t day = 0; day < days_of_sessions; ++day)
        midnights.push_back(calendar.local_day(Date{today.value + day}).begin);
    return example_catalogue(midnights, std::move(pin_hash));
}

// Node 0's first epoch: its certificate, then what it sells.
Result<void> write_first_records(const Settings& settings, const Identity& identity, const VenueCalendar& calendar,
                                 std::string pin_hash) {
    ledger::LedgerOptions options;
    options.venue = {identity.venue, settings.time_zone, settings.cutover};
    auto ledger = ledger::Ledger::open(settings.database, options);
    if (!ledger) return ledger.error();
    const auto clock = read_clock({});
    CentralJournal journal{Epoch{1}, identity.signing, calendar};
    EpochOpened opened;
    opened.certificate = identity.certificate;
    opened.software = GATEHOUSE_VERSION;
    if (auto begun = ledger->begin(); !begun) return begun;
    if (auto kept = journal.append(*ledger, opened, {}, clock); !kept) return kept.error();
    const CataloguePublished published{first_catalogue(calendar, clock.wall, std::move(pin_hash))};
    if (auto kept = journal.append(*ledger, published, {}, clock); !kept) return kept.error();
    if (auto kept = journal.sign(*ledger); !kept) return kept;
    if (auto committed = ledger->commit(); !committed) return committed;
    const auto moved = ledger->database().checkpoint(true);
    return moved ? Result<void>{} : Result<void>{moved.error()};
}

}  // namespace

Result<NewVenue> init_venue(const Settings& settings) {
    const auto calendar = VenueCalendar::make(settings.time_zone, settings.cutover);
    if (!calendar) return calendar.error();
    if (auto ready = prepare_folder(settings); !ready) return ready.error();
    const auto lock = ledger::LockFile::acquire(settings.data_dir / "central.lock");
    if (!lock) return lock.error();
    const auto identity = make_identity(settings.venue_name, read_clock({}).wall);
    const auto fingerprint = sync::fingerprint(identity.ca.certificate);
    if (!fingerprint) return fingerprint.error();
    const auto pin = random_pin();
    if (auto kept = write_first_records(settings, identity, *calendar, hash_pin(identity.pepper, pin)); !kept)
        return kept.error();
    // Last: a venue with an identity is whole.
    if (auto saved = save_identity(identity, identity_folder(settings)); !saved) return saved.error();
    if (auto flushed = flush_folder(settings.data_dir); !flushed) return flushed.error();
    return NewVenue{"admin", pin, to_hex(*fingerprint)};
}

}  // namespace gatehouse::central
