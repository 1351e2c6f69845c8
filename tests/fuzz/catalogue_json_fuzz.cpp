// Any text: a catalogue that is taken is shown, and what is shown is taken again as the same catalogue.
#include <boost/json/serialize.hpp>

#include "schemas/base/check.hpp"
#include "schemas/json/catalogue_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    static const auto calendar = VenueCalendar::utc();
    const auto body = parse_catalogue({reinterpret_cast<const char*>(data), size});
    if (!body) return 0;
    const auto shown = boost::json::serialize(catalogue_json(body->catalogue, calendar, "CNY"));
    const auto again = parse_catalogue(shown);
    check(again && again->catalogue == body->catalogue, "a catalogue that is shown is the one that was taken");
    return 0;
}
