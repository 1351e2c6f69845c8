// A conflict as the API shows it: facts by kind, and every record it rests on with what a person judges by.
#pragma once

#include <boost/json/object.hpp>

#include "sync/central/api/services.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::central {

[[nodiscard]] boost::json::object conflict_json(const ApiServices& services, ledger::LedgerReader& reader,
                                                const ledger::Conflict& conflict);

// As conflict_json does for a conflict that is settled.
void add_resolution(boost::json::object& out, const ApiServices& services, const ConflictResolved& resolved,
                    const OperatorName& by, WallTime at);

}  // namespace gatehouse::central
