#include "drivers/osdp/osdp_card_reader.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;

namespace {

OsdpReply keys_typed(std::string_view typed) { return OsdpKeys{0, bytes_of(typed)}; }

}  // namespace

TEST_CASE("Every card report is one scan, but for the same card again within the dedupe window.") {
    OsdpCardReader reader;
    const OsdpReply card = OsdpCard{0, 0, 32, {0x04, 0xa1, 0xb2, 0xc3}};
    const OsdpReply other = OsdpCard{1, 1, 26, {0x12, 0x34, 0x56, 0xc0}};
    CHECK(reader.take(card, at_ms(0)) == CardReports{ReportScan{"04A1B2C3", {}}});
    CHECK(reader.take(card, at_ms(1'500)) == CardReports{ReportDropped{DropReason::repeated}});
    CHECK(reader.take(other, at_ms(1'600)) == CardReports{ReportScan{"123456C0", {}}});
    CHECK(reader.take(card, at_ms(1'700)) == CardReports{ReportScan{"04A1B2C3", {}}});
    CHECK(reader.take(card, at_ms(4'000)) == CardReports{ReportScan{"04A1B2C3", {}}});
    CHECK(reader.take(OsdpAck{}, at_ms(4'100)).empty());
}

TEST_CASE("of a device with two readers only the one that was named is heard") {
    OsdpCardReaderOptions second;
    second.reader = 1;
    OsdpCardReader reader(second);
    CHECK(reader.take(OsdpCard{0, 0, 8, {1}}, at_ms(0)).empty());
    CHECK(reader.take(OsdpCard{1, 0, 8, {1}}, at_ms(0)) == CardReports{ReportScan{"01", {}}});
    CHECK(reader.take(OsdpKeys{0, bytes_of("1\r")}, at_ms(0)).empty());
}

TEST_CASE("keys are collected until #, over several reports, and * takes them back") {
    OsdpCardReader reader;
    CHECK(reader.take(keys_typed("12"), at_ms(0)).empty());
    CHECK(reader.take(keys_typed("34\r56"), at_ms(100)) == CardReports{ReportScan{"1234", {}}});
    CHECK(reader.take(keys_typed("\x7f"
                                 "9\r"),
                      at_ms(200)) == CardReports{ReportScan{"9", {}}});
    CHECK(reader.take(keys_typed("\r"), at_ms(300)).empty());
}

TEST_CASE("Keys without an end are forgotten after a while, and never run into the next person's.") {
    OsdpCardReader reader;
    (void)reader.take(keys_typed("12"), at_ms(0));
    CHECK(reader.take(keys_typed("34\r"), at_ms(10'001)) ==
          CardReports{ReportDropped{DropReason::incomplete}, ReportScan{"34", {}}});
    (void)reader.take(keys_typed("12"), at_ms(20'000));
    reader.forget();
    CHECK(reader.take(keys_typed("5\r"), at_ms(20'100)) == CardReports{ReportScan{"5", {}}});
    CHECK(reader.take(keys_typed(std::string(33, '1')), at_ms(20'200)) ==
          CardReports{ReportDropped{DropReason::too_long}});
}

TEST_CASE("A reader's trouble is told when it begins and when it is over.") {
    OsdpCardReader reader;
    using Troubles = std::vector<ReaderTrouble>;
    const auto told = [&](const OsdpReply& reply) {
        Troubles troubles;
        for (const auto& each : reader.take(reply, at_ms(0)))
            troubles.push_back(std::get<ReportReaderTrouble>(each).trouble);
        return troubles;
    };
    CHECK(told(OsdpLocalStatus{false, false}).empty());
    CHECK(told(OsdpLocalStatus{true, false}) == Troubles{ReaderTrouble::tampered});
    CHECK(told(OsdpLocalStatus{true, true}).empty());
    CHECK(told(OsdpNak{3}).empty());
    CHECK(told(OsdpLocalStatus{false, true}) == Troubles{ReaderTrouble::power_failed});
    CHECK(told(OsdpLocalStatus{false, false}) == Troubles{ReaderTrouble::none});
    CHECK(told(OsdpLocalStatus{false, true}) == Troubles{ReaderTrouble::power_failed});
    CHECK(told(OsdpNak{3}) ==
          Troubles{ReaderTrouble::none});  // it does not know the question: it speaks, so it has power
    CHECK(told(OsdpLocalStatus{true, false}) == Troubles{ReaderTrouble::tampered});
    reader.forget();
    CHECK_FALSE(reader.is_troubled());
    CHECK(told(OsdpLocalStatus{true, false}) == Troubles{ReaderTrouble::tampered});
}
