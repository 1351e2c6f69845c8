#include <doctest/doctest.h>

#include "drivers/scanner/hid_pos_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;
using test::texts;

namespace {

BytesRead read_of(std::string_view text, bool continued = false) {
    return {encode_report(encode_hid_pos({std::string(text), "]Q1", continued}))};
}

}  // namespace

TEST_CASE("a HID-POS report is read as it was captured") {
    auto report = hex("02 0A 5D 51 31");
    for (const char c : std::string("TK1.HIDPOS")) report.push_back(static_cast<std::uint8_t>(c));
    CHECK(decode_hid_pos(report) == HidPosReport{"TK1.HIDPOS", "]Q1", false});  // short: no room for the last octet
    report.resize(64);
    CHECK(decode_hid_pos(report) == HidPosReport{"TK1.HIDPOS", "]Q1", false});
    CHECK(encode_hid_pos({"TK1.HIDPOS", "]Q1", false}) == report);
    HidPosSession session;
    CHECK(session.step(BytesRead{encode_report(report)}, at_ms(0)) == ScannerEffects{ReportScan{"TK1.HIDPOS", "]Q1"}});
}

TEST_CASE("A code of several reports is reported whole or not at all.") {
    HidPosSession session;
    const std::string first(56, 'A');
    CHECK(session.step(read_of(first, true), at_ms(0)).empty());
    CHECK(session.step(read_of("END"), at_ms(10)) == ScannerEffects{ReportScan{first + "END", "]Q1"}});
    (void)session.step(read_of(first, true), at_ms(3'000));
    CHECK(session.deadline() == at_ms(4'000));
    CHECK(session.step(Ticked{}, at_ms(4'000)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    (void)session.step(read_of(first, true), at_ms(5'000));
    CHECK(session.step(LinkDown{}, at_ms(5'001)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    CHECK(texts(session.step(read_of("NEXT"), at_ms(6'000))) == std::vector<std::string>{"NEXT"});
}

TEST_CASE("A report that is not one of these is passed over.") {
    HidPosSession session;
    for (const auto& report :
         {hex("03 01 5D 51 31 41"), hex("02 39 5D 51 31 41"), hex("02 05 5D 51 31 41"), hex("02"), Bytes{}})
        CHECK(session.step(BytesRead{encode_report(report)}, at_ms(0)).empty());
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("Memory is bounded by the longest code.") {
    HidPosSession session;
    for (int i = 0; i < 40; ++i) CHECK(session.step(read_of(std::string(56, 'A'), true), at_ms(i)).empty());
    CHECK(session.step(read_of("END"), at_ms(50)) == ScannerEffects{ReportDropped{DropReason::too_long}});
}

TEST_CASE("what a HID-POS scanner reports whole is one scan or one drop each: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> codes;
        for (const auto& code : test::some_codes(2'200)) {
            Bytes all;
            for (std::size_t at = 0; at < code.size(); at += 56) {
                const auto report = read_of(std::string_view(code).substr(at, 56), at + 56 < code.size()).bytes;
                all.insert(all.end(), report.begin(), report.end());
            }
            codes.push_back(all);
        }
        HidPosSession session;
        RC_ASSERT(test::play_whole(session, codes) == codes.size());
    }));
}

TEST_CASE("whatever reports come, cut and lost anyhow: time goes on, and codes stay bounded") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3))) {
            const auto piece = kind == 0   ? read_of("CODE").bytes
                               : kind == 1 ? read_of("PART", true).bytes
                                           : *rc::gen::arbitrary<Bytes>();
            stream.insert(stream.end(), piece.begin(), piece.end());
        }
        HidPosSession session;
        test::play_anyhow(session, stream, [](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& text : texts(effects)) RC_ASSERT(!text.empty() && text.size() <= 2'048);
        });
    }));
}
