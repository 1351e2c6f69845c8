// The venue's days: its IANA time zone and the hour at which one business date ends and the next begins.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"
#include "schemas/calendar/date_text.hpp"

namespace date {
class time_zone;  // NOLINT(readability-identifier-naming): the library's name
}

namespace gatehouse {

struct WallSpan {
    WallTime begin;  // included
    WallTime end;    // excluded
    friend bool operator==(const WallSpan&, const WallSpan&) = default;
};

// A value, cheap to copy; the rules of the zone are read once from the system's tzdata and live as long as the process.
//
// Guarantees
// - business dates never go back while wall time goes forward, whatever daylight saving does
// - business days follow each other without gap or overlap
class VenueCalendar {
public:
    // `zone` as in "Asia/Shanghai"; 0 <= cut_over < 24 h of local time. Errors: config.
    [[nodiscard]] static Result<VenueCalendar> make(std::string_view zone, std::chrono::minutes cut_over);
    [[nodiscard]] static VenueCalendar utc();  // cut-over at midnight

    // The business date that holds at `time`: it begins at the cut-over of that day's local clock. Where daylight
    // saving shows the cut-over twice, at the first; where it skips it, at the change.
    [[nodiscard]] Date business_date(WallTime time) const;
    [[nodiscard]] WallSpan business_day(Date date) const;
    [[nodiscard]] WallSpan local_day(Date date) const;  // midnight to midnight

    [[nodiscard]] std::string format_rfc3339(WallTime time) const;  // with the zone's offset at that time
    [[nodiscard]] std::string format_minute(WallTime time) const;   // "2026-11-21 09:30", for paper and pages
    [[nodiscard]] std::string zone() const;
    [[nodiscard]] std::chrono::minutes cut_over() const { return cut_over_; }

private:
    VenueCalendar(const date::time_zone* zone, std::chrono::minutes cut_over) : zone_(zone), cut_over_(cut_over) {}
    [[nodiscard]] WallTime start_of(Date date, std::chrono::minutes hour) const;

    const date::time_zone* zone_;
    std::chrono::minutes cut_over_;
};

}  // namespace gatehouse
