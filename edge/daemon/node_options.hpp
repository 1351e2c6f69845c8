// From settings and identity to what each part is told at its making. Pure.
#pragma once

#include "edge/api/api_server.hpp"
#include "edge/config/settings.hpp"
#include "edge/daemon/identity.hpp"
#include "edge/daemon/sync_pump.hpp"
#include "edge/desk/options.hpp"
#include "edge/journal/journal.hpp"

namespace gatehouse::edge {

// The least time that the clock can truly show: when this software was configured for building.
[[nodiscard]] WallTime built_at();

// The venue's days. Errors: config (its time zone is not known on this machine).
[[nodiscard]] Result<VenueCalendar> venue_calendar(const Identity& identity);
// Precondition: the settings have no faults.
[[nodiscard]] DeskOptions desk_options(const Settings& settings, const Identity& identity,
                                       const VenueCalendar& calendar, Epoch epoch);
[[nodiscard]] JournalOptions journal_options(const Identity& identity);
[[nodiscard]] SyncOptions sync_options(const Settings& settings, const Identity& identity, JournalId own,
                                       WallTime floor);
[[nodiscard]] ApiOptions api_options(const Settings& settings, const Identity& identity);
[[nodiscard]] ApiFacts api_facts(const Settings& settings, const Identity& identity, const VenueCalendar& calendar);

}  // namespace gatehouse::edge
