#include "schemas/calendar/calendar.hpp"

#include <doctest/doctest.h>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

VenueCalendar calendar(const char* zone, minutes cut_over) {
    const auto made = VenueCalendar::make(zone, cut_over);
    REQUIRE(made);
    return *made;
}

WallTime at(std::string_view text) {
    const auto time = parse_rfc3339(text);
    REQUIRE(time);
    return *time;
}

std::string business(const VenueCalendar& venue, std::string_view text) {
    return format_date(venue.business_date(at(text)));
}

}  // namespace

TEST_CASE("a business date begins at the cut-over of the local clock") {
    const auto shanghai = calendar("Asia/Shanghai", hours{4});
    CHECK(business(shanghai, "2026-11-21T04:00:00+08:00") == "2026-11-21");
    CHECK(business(shanghai, "2026-11-21T03:59:59.999+08:00") == "2026-11-20");
    CHECK(business(shanghai, "2026-11-20T20:00:00Z") == "2026-11-21");
    CHECK(business(calendar("Asia/Shanghai", minutes{0}), "2026-11-20T16:00:00Z") == "2026-11-21");
}

TEST_CASE("days in which daylight saving begins or ends have 23 or 25 hours") {
    const auto berlin = calendar("Europe/Berlin", hours{4});
    const auto length = [](WallSpan span) { return (span.end.value - span.begin.value) / 3'600'000; };
    CHECK(length(berlin.local_day(*parse_date("2026-03-29"))) == 23);
    CHECK(length(berlin.local_day(*parse_date("2026-10-25"))) == 25);
    CHECK(length(berlin.local_day(*parse_date("2026-10-26"))) == 24);
    CHECK(length(berlin.business_day(*parse_date("2026-03-28"))) == 23);
    CHECK(length(berlin.business_day(*parse_date("2026-10-24"))) == 25);
}

TEST_CASE("a cut-over that daylight saving skips is the moment of the change") {
    const auto berlin = calendar("Europe/Berlin", minutes{150});
    CHECK(berlin.business_day(*parse_date("2026-03-29")).begin == at("2026-03-29T01:00:00Z"));
    CHECK(business(berlin, "2026-03-29T00:59:59Z") == "2026-03-28");
    CHECK(business(berlin, "2026-03-29T01:00:00Z") == "2026-03-29");
}

TEST_CASE("business dates never go back while wall time goes forward, whatever daylight saving does") {
    for (const int cut_over : {0, 60, 119, 120, 150, 180, 240, 1439})
        for (const char* zone : {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"}) {
            const auto venue = calendar(zone, minutes{cut_over});
            for (const char* day : {"2026-03-27", "2026-10-23", "2018-11-02", "2026-04-03", "2011-12-28"}) {
                const auto begin = at(std::string{day} + "T00:00:00Z").value;
                Date last = venue.business_date(WallTime{begin});
                for (std::int64_t step = 0; step < 5 * 96; ++step) {
                    const WallTime now{begin + step * 900'000};
                    const Date date = venue.business_date(now);
                    REQUIRE(date >= last);
                    const auto span = venue.business_day(date);
                    REQUIRE(span.begin <= now);
                    REQUIRE(now < span.end);
                    last = date;
                }
            }
        }
}

TEST_CASE("business days follow each other without gap or overlap") {
    const auto venue = calendar("America/New_York", minutes{150});
    for (std::int32_t day = 20'000; day < 21'000; ++day)
        REQUIRE(venue.business_day(Date{day}).end == venue.business_day(Date{day + 1}).begin);
}

TEST_CASE("times are written with the zone's offset of their day") {
    const auto berlin = calendar("Europe/Berlin", hours{4});
    CHECK(berlin.format_rfc3339(at("2026-07-01T10:00:00Z")) == "2026-07-01T12:00:00+02:00");
    CHECK(berlin.format_rfc3339(at("2026-01-01T10:00:00.050Z")) == "2026-01-01T11:00:00.050+01:00");
    CHECK(calendar("America/St_Johns", hours{4}).format_rfc3339(at("2026-01-01T10:00:00Z")) ==
          "2026-01-01T06:30:00-03:30");
    CHECK(calendar("Asia/Shanghai", hours{4}).format_minute(at("2026-11-21T01:30:59Z")) == "2026-11-21 09:30");
}

TEST_CASE("what is written is read back, far from today as well") {
    const auto venue = calendar("Asia/Shanghai", hours{4});
    for (const std::int64_t time : {0LL, -1LL, 1'795'000'000'123LL, -3'000'000'000'000LL, 200'000'000'000'000LL}) {
        CHECK(parse_rfc3339(venue.format_rfc3339(WallTime{time})) == WallTime{time});
        CHECK(parse_rfc3339(format_rfc3339_utc(WallTime{time})) == WallTime{time});
    }
    for (const std::int32_t day : {0, -1, 20'778, -719'162, 2'932'896})
        CHECK(parse_date(format_date(Date{day})) == Date{day});
}

TEST_CASE("absurd times have a date and a text all the same") {
    const auto venue = calendar("Asia/Shanghai", hours{4});
    for (const auto time : {WallTime{INT64_MIN}, WallTime{INT64_MAX}}) {
        CHECK(parse_date(format_date(venue.business_date(time))));
        CHECK(parse_rfc3339(venue.format_rfc3339(time)));
    }
    CHECK(format_date(Date{INT32_MAX}) == "9999-12-31");
}

TEST_CASE("RFC 3339 is read strictly") {
    CHECK(parse_rfc3339("1970-01-01T00:00:01.5Z") == WallTime{1500});
    CHECK(parse_rfc3339("1970-01-01T00:00:00.123999999Z") == WallTime{123});
    CHECK(parse_rfc3339("1970-01-01T08:00:00+08:00") == WallTime{0});
    CHECK(parse_rfc3339("1969-12-31T23:00:00-01:00") == WallTime{0});
    for (const char* text : {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01t00:00:00Z", "1970-01-01 00:00:00Z",
                             "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z",
                             "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z", "1970-01-01T00:00:00.Z",
                             "1970-01-01T00:00:00.1234567890Z", "1970-01-01T00:00:00+8:00", "1970-01-01T00:00:00+24:00",
                             "1970-01-01T00:00:00Zx", "0000-01-01T00:00:00Z", "+970-01-01T00:00:00Z"})
        CHECK_MESSAGE(!parse_rfc3339(text), text);
}

TEST_CASE("dates and hours are read strictly") {
    CHECK(parse_date("2026-11-21") == Date{20'778});
    CHECK(parse_date("2024-02-29"));
    for (const char* text : {"2026-11-31", "2026-2-01", "2026-11-21 ", "2023-02-29", "0000-01-01", "20261121", ""})
        CHECK_MESSAGE(!parse_date(text), text);
    CHECK(parse_hour("04:30") == minutes{270});
    for (const char* text : {"4:30", "24:00", "04:60", "04:30:00", ""}) CHECK_MESSAGE(!parse_hour(text), text);
}

TEST_CASE("an unknown zone and a cut-over outside the day are faults of the configuration") {
    CHECK(VenueCalendar::make("Asia/Atlantis", hours{4}).error().code == ErrorCode::config);
    CHECK(VenueCalendar::make("../../etc/passwd", hours{4}).error().code == ErrorCode::config);
    CHECK(VenueCalendar::make("Asia/Shanghai", hours{24}).error().code == ErrorCode::config);
    CHECK(VenueCalendar::make("Asia/Shanghai", minutes{-1}).error().code == ErrorCode::config);
}
