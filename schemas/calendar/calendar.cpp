#include "schemas/calendar/calendar.hpp"

#include <date/tz.h>

#include <stdexcept>

#include "schemas/base/check.hpp"
#include "schemas/calendar/limits.hpp"

namespace gatehouse {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// Whole minutes: RFC 3339 has no seconds in an offset, and zones had some before 1972.
minutes offset_at(const date::time_zone& zone, SysTime time) {
    return std::chrono::duration_cast<minutes>(zone.get_info(date::floor<std::chrono::seconds>(time)).offset);
}

}  // namespace

Result<VenueCalendar> VenueCalendar::make(std::string_view zone, minutes cut_over) {
    if (cut_over < minutes{0} || cut_over >= std::chrono::hours{24})
        return fail(ErrorCode::config, "the cut-over lies between 00:00 and 23:59");
    try {
        return VenueCalendar{date::locate_zone(std::string{zone}), cut_over};
    } catch (const std::exception&) {
        return fail(ErrorCode::config, "no time zone \"" + std::string{zone} + "\" in the system's tzdata");
    }
}

VenueCalendar VenueCalendar::utc() {
    auto calendar = make("Etc/UTC", minutes{0});
    check(calendar.has_value(), "tzdata is installed");
    return *calendar;
}

WallTime VenueCalendar::start_of(Date date, minutes hour) const {
    // Wider than any bounded time, so that the days beside it still differ.
    const auto bounded_day = std::clamp(date.value, first_day - 3, last_day + 3);
    const auto local = date::local_days{date::days{bounded_day}} + hour;
    const auto info = zone_->get_info(date::local_time<std::chrono::seconds>{local});
    // Skipped: the moment of the change. Shown twice: the first time.
    const auto start = info.result == date::local_info::nonexistent
                           ? info.first.end
                           : date::sys_seconds{local.time_since_epoch() - info.first.offset};
    return WallTime{milliseconds{start.time_since_epoch()}.count()};
}

Date VenueCalendar::business_date(WallTime time) const {
    const SysTime inside = bounded(time);
    const WallTime now{inside.time_since_epoch().count()};
    const auto local = inside + offset_at(*zone_, inside) - cut_over_;
    Date date{static_cast<std::int32_t>(date::floor<date::days>(local).time_since_epoch().count())};
    while (start_of(date, cut_over_) > now) --date.value;
    while (start_of(Date{date.value + 1}, cut_over_) <= now) ++date.value;
    return date;
}

WallSpan VenueCalendar::business_day(Date date) const {
    return {start_of(date, cut_over_), start_of(Date{date.value + 1}, cut_over_)};
}

WallSpan VenueCalendar::local_day(Date date) const {
    return {start_of(date, minutes{0}), start_of(Date{date.value + 1}, minutes{0})};
}

std::string VenueCalendar::format_rfc3339(WallTime time) const {
    return gatehouse::format_rfc3339(time, offset_at(*zone_, bounded(time)));
}

std::string VenueCalendar::format_minute(WallTime time) const {
    std::string text = format_rfc3339(time).substr(0, 16);
    text[10] = ' ';
    return text;
}

std::string VenueCalendar::zone() const { return zone_->name(); }

}  // namespace gatehouse
