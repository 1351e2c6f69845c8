// The catalogue as the APIs show and take it: see schemas/api. PINs come in and never go out.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>

#include "schemas/calendar/calendar.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/json/parse_json.hpp"

namespace gatehouse {

constexpr JsonLimits catalogue_limits{4 * 1024 * 1024, 8};

struct CatalogueBody {
    Catalogue catalogue;                       // every pin_hash empty
    std::map<OperatorName, std::string> pins;  // of the operators whose PIN is to be set; 4 to 12 digits
    std::optional<std::string> currency;       // when the body names one; it can only be the venue's
};

// Reads and judges a whole catalogue: the shape, and every rule that one catalogue must keep by itself (see
// check_catalogue). `version` is read and means nothing: central counts. Errors: too_large, invalid_body with the path
// of the first fault.
[[nodiscard]] Result<CatalogueBody> parse_catalogue(std::string_view text);
[[nodiscard]] Result<CatalogueBody> read_catalogue(const boost::json::value& body);

// What a catalogue must be, wherever it comes from: ids unique; zones, products and classes that are referred to exist;
// prices ascend by date; sessions of session products only, in whole minutes, ending after they begin; every ticket it
// can sell fits a code; somebody is administrator. Errors: invalid_body with a path, too_large for a record.
[[nodiscard]] Result<void> check_catalogue(const Catalogue& catalogue);

// Without PINs and hashes. Session times are in the venue's zone; `currency` is shown when it is not empty.
[[nodiscard]] boost::json::value catalogue_json(const Catalogue& catalogue, const VenueCalendar& calendar,
                                                std::string_view currency = {});

}  // namespace gatehouse
