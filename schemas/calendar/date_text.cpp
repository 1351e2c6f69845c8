#include "schemas/calendar/date_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "schemas/calendar/limits.hpp"

namespace gatehouse {

namespace {

using std::chrono::milliseconds;

// Takes fixed-width decimal numbers and separators off the front of a text; `ok` stays false once one is missing.
struct Scanner {
    std::string_view rest;
    bool ok = true;

    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest.empty() || rest.front() < '0' || rest.front() > '9') return fault();
            value = value * 10 + (rest.front() - '0');
            rest.remove_prefix(1);
        }
        return value;
    }
    void literal(char c) {
        if (rest.starts_with(c))
            rest.remove_prefix(1);
        else
            fault();
    }
    int fault() {
        ok = false;
        return 0;
    }
};

std::optional<date::sys_days> scan_date(Scanner& in) {
    const int year = in.number(4);
    in.literal('-');
    const int month = in.number(2);
    in.literal('-');
    const int day = in.number(2);
    const date::year_month_day date{date::year{year}, date::month{static_cast<unsigned>(month)},
                                    date::day{static_cast<unsigned>(day)}};
    if (!in.ok || year == 0 || !date.ok()) return std::nullopt;
    return date::sys_days{date};
}

milliseconds scan_fraction(Scanner& in) {
    if (!in.rest.starts_with('.')) return milliseconds{0};
    in.literal('.');
    const auto count = std::min(in.rest.find_first_not_of("0123456789"), in.rest.size());
    if (count == 0 || count > 9) in.fault();
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < count ? in.rest[i] - '0' : 0);
    in.rest.remove_prefix(count);
    return milliseconds{value};
}

std::chrono::minutes scan_offset(Scanner& in) {
    if (in.rest == "Z") {
        in.rest.remove_prefix(1);
        return {};
    }
    const bool west = in.rest.starts_with('-');
    in.literal(west ? '-' : '+');
    const int hours = in.number(2);
    in.literal(':');
    const int past_hour = in.number(2);
    if (hours > 23 || past_hour > 59) in.fault();
    const auto offset = std::chrono::hours{hours} + std::chrono::minutes{past_hour};
    return west ? -offset : offset;
}

std::string format_local(WallTime time, std::chrono::minutes offset) {
    const auto local = bounded(time) + offset;
    const auto day = date::floor<date::days>(local);
    const date::year_month_day date{day};
    const date::hh_mm_ss clock{local - day};
    auto text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()}, unsigned{date.month()},
                    unsigned{date.day()}, clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (const auto ms = clock.subseconds().count(); ms != 0) text += fmt::format(".{:03}", ms);
    return text;
}

}  // namespace

std::string format_date(Date date) {
    const date::year_month_day ymd{date::sys_days{date::days{std::clamp(date.value, first_day, last_day)}}};
    return fmt::format("{:04}-{:02}-{:02}", int{ymd.year()}, unsigned{ymd.month()}, unsigned{ymd.day()});
}

std::optional<Date> parse_date(std::string_view text) {
    Scanner in{text};
    const auto day = scan_date(in);
    if (!day || !in.rest.empty()) return std::nullopt;
    return Date{static_cast<std::int32_t>(day->time_since_epoch().count())};
}

std::optional<std::chrono::minutes> parse_hour(std::string_view text) {
    Scanner in{text};
    const int hours = in.number(2);
    in.literal(':');
    const int minutes = in.number(2);
    if (!in.ok || !in.rest.empty() || hours > 23 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{hours * 60 + minutes};
}

std::string format_rfc3339(WallTime time, std::chrono::minutes offset) {
    const auto count = offset.count() < 0 ? -offset.count() : offset.count();
    return format_local(time, offset) +
           fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', count / 60, count % 60);
}

std::string format_rfc3339_utc(WallTime time) { return format_local(time, {}) + 'Z'; }

std::optional<WallTime> parse_rfc3339(std::string_view text) {
    Scanner in{text};
    const auto day = scan_date(in);
    if (!day) return std::nullopt;
    in.literal('T');
    const int hours = in.number(2);
    in.literal(':');
    const int minutes = in.number(2);
    in.literal(':');
    const int seconds = in.number(2);
    const auto fraction = scan_fraction(in);
    const auto offset = scan_offset(in);
    if (!in.ok || !in.rest.empty() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
    const milliseconds time = day->time_since_epoch() + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
                              std::chrono::seconds{seconds} + fraction - offset;
    return WallTime{time.count()};
}

}  // namespace gatehouse
