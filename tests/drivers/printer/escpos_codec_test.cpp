#include "drivers/printer/escpos_codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "drivers/printer/printed_text.hpp"
#include "drivers/printer/qr_picture.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;

namespace {

bool contains(const Bytes& bytes, std::string_view hex) {
    const auto wanted = from_hex(hex).value();
    return std::ranges::search(bytes, wanted).begin() != bytes.end();
}

// DLE EOT, DLE ENQ, DLE DC4: obeyed by printers wherever they stand.
bool has_real_time_command(const Bytes& bytes) {
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
        if (bytes[i] == 0x10 && (bytes[i + 1] == 0x04 || bytes[i + 1] == 0x05 || bytes[i + 1] == 0x14)) return true;
    return false;
}

TicketPaper receipt(std::string qr) {
    TicketPaper paper;
    paper.head = {{"莲湖景区 Lotus Lake", PaperAlign::centre, PaperSize::large, true}, {"成人票 Adult"}};
    paper.qr = std::move(qr);
    paper.foot = {{"2026-11-21", PaperAlign::right}};
    return paper;
}

}  // namespace

TEST_CASE("a paper is initialised, lettered, coded and cut with the commands of the reference") {
    const auto paper = encode_paper(receipt("TK1ABC"), EscposStyle{});
    REQUIRE(paper);
    CHECK(contains(*paper, "1b401c26"));                                            // initialise, Chinese on
    CHECK(contains(*paper, "1b61011d21111b4501c1abbafebeb0c7f8"));                  // centre, large, bold, GB18030 text
    CHECK(contains(*paper, "1d286b0400314132001d286b03003143081d286b0300314531"));  // model 2, 8 dots, M
    CHECK(contains(*paper, "1d286b0900315030544b314142431d286b0300315130"));
    CHECK(contains(*paper, "1b61021d21001b4500323032362d31312d32310a"));
    CHECK(contains(*paper, "1b64041d564200"));
    CHECK_FALSE(contains(*paper, "1b7000"));
}

TEST_CASE("the drawer opens before anything is printed, a reprint says so first") {
    auto paper = receipt("TK1");
    paper.open_drawer = true;
    paper.reprint_mark = "REPRINT 2";
    const auto bytes = encode_paper(paper, {.encoding = EscposEncoding::utf8, .drawer = true});
    REQUIRE(bytes);
    CHECK(contains(*bytes,
                   "1b401c28430200"
                   "3002"
                   "1b700019fa"
                   "1b61011d21111b4501"
                   "5245505249"
                   "4e542032"
                   "0a"));
    CHECK(contains(*bytes, "e88eb2e6b996"));  // UTF-8 as it is
}

TEST_CASE("a printer without a drawer gets no pulse, a drawer alone moves no paper") {
    auto paper = receipt("TK1");
    const auto plain = encode_paper(paper, EscposStyle{}).value();
    CHECK(encode_paper(paper, {.drawer = true}) == plain);
    paper.open_drawer = true;
    CHECK(encode_paper(paper, EscposStyle{}) == plain);
    CHECK(to_hex(encode_paper(drawer_paper(), {.drawer = true}).value()) == "1b401c261b700019fa");
    CHECK(to_hex(encode_paper(drawer_paper(), {.encoding = EscposEncoding::raster, .drawer = true}).value()) ==
          "1b401b700019fa");
    CHECK(to_hex(encode_paper(drawer_paper(), EscposStyle{}).value()) == "1b401c26");
}

TEST_CASE("in GBK a paper is this, octet by octet, and what only GB18030 has becomes a question mark") {
    TicketPaper paper;
    paper.head = {{"票￥1龘🎫"}};
    CHECK(to_hex(encode_paper(paper, {.encoding = EscposEncoding::gbk}).value()) ==
          "1b401c26"
          "1b61001d21001b4500"
          "c6b1a3a431fd933f0a"
          "1b64041d564200");
    CHECK(to_hex(encode_paper(paper, EscposStyle{}).value()).find("c6b1a3a431fd939439") != std::string::npos);
}

TEST_CASE("control characters in a name do not command the printer") {
    for (const auto encoding : {EscposEncoding::gb18030, EscposEncoding::utf8}) {
        const auto text = printed_text(
            "A\x1b@\x10\x04\x01\n\x7f"
            "B",
            encoding);
        REQUIRE(text);
        CHECK(text_of(*text) == "A@B");
    }
}

TEST_CASE("text that is not UTF-8 is refused, characters that the encoding lacks are replaced") {
    CHECK(printed_text("\xff\xfe", EscposEncoding::gb18030).error().code == ErrorCode::invalid_body);
    CHECK(printed_text("\xe8\x8e", EscposEncoding::utf8).error().code == ErrorCode::invalid_body);
    CHECK(to_hex(*printed_text("票", EscposEncoding::gb18030)) == "c6b1");
    CHECK(printed_text("🎫", EscposEncoding::gb18030));  // four octets in GB18030
}

TEST_CASE("a QR that is not printable ASCII or does not fit is refused") {
    CHECK(encode_paper(receipt("票"), EscposStyle{}).error().code == ErrorCode::invalid_body);
    CHECK(encode_paper(receipt(std::string(513, 'A')), EscposStyle{}).error().code == ErrorCode::invalid_body);
    CHECK(encode_paper(receipt(std::string(512, 'a')), {.width = 128}).error().code == ErrorCode::too_large);
    CHECK(encode_paper(receipt(std::string(512, 'a')), {.width = 576}));
}

TEST_CASE("a picture of a QR is as large as the paper allows, whole octets wide, with its quiet zone") {
    const auto picture = draw_qr("TK1ABCDEF", 384);
    REQUIRE(picture);
    CHECK(picture->modules == 21);
    CHECK(picture->scale == 8);
    CHECK(picture->rows == 29 * 8);
    CHECK(picture->bits.size() == picture->rows * picture->row_octets);
    CHECK(std::all_of(picture->bits.begin(), picture->bits.begin() + static_cast<long>(32 * picture->row_octets),
                      [](std::uint8_t octet) { return octet == 0; }));
}

TEST_CASE("no paper contains a real-time command, whatever is printed on it") {
    CHECK(rc::check([] {
        TicketPaper paper = receipt(*rc::gen::container<std::string>(200, rc::gen::inRange<char>(' ', 127)));
        paper.head.push_back({*rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127))});
        EscposStyle style;
        style.width = *rc::gen::inRange(250U, 1'024U);
        style.qr = *rc::gen::element(EscposQr::native, EscposQr::raster);
        style.encoding = *rc::gen::element(EscposEncoding::gb18030, EscposEncoding::utf8);
        const auto bytes = encode_paper(paper, style);
        RC_ASSERT(bytes.has_value());
        RC_ASSERT(!has_real_time_command(*bytes));
    }));
}

TEST_CASE("status answers of the three kinds are told apart, one inside another") {
    StatusReader reader;
    const auto take = [&reader](std::uint8_t byte) { return reader.take(byte); };
    CHECK(take(0x12) == PrinterAnswer{RealTimeStatus{0x12}});
    CHECK(take(0x72) == PrinterAnswer{RealTimeStatus{0x72}});
    CHECK(take(0x00) == PrinterAnswer{MarkerReached{0x00}});
    CHECK(take(0x03) == PrinterAnswer{MarkerReached{0x03}});
    CHECK(take(0x0f) == PrinterAnswer{MarkerReached{0x0f}});
    for (const auto noise : Bytes{0x01, 0x02, 0x04, 0x08, 0x0d, 0x41}) CHECK(take(noise) == std::nullopt);
    CHECK(take(0x18) == std::nullopt);
    CHECK(take(0x00) == std::nullopt);
    CHECK(take(0x1a) == PrinterAnswer{RealTimeStatus{0x1a}});
    CHECK(take(0x0f) == std::nullopt);
    CHECK(take(0x00) == PrinterAnswer{AutomaticStatus{{.offline = true, .paper_end = true, .paper_near_end = true}}});
    CHECK(take(0x93) == std::nullopt);
    CHECK(take(0x13) == std::nullopt);
    CHECK(take(0x00) == PrinterAnswer{MarkerReached{0x00}});
}

TEST_CASE("the four status octets say what the reference says") {
    const auto facts = [](std::array<std::uint8_t, 4> octets) {
        PrinterFacts known;
        for (std::uint8_t n = 1; n <= 4; ++n) apply_status(known, static_cast<StatusQuery>(n), octets[n - 1U]);
        return known;
    };
    CHECK(facts({0x12, 0x12, 0x12, 0x12}) == PrinterFacts{});
    CHECK(facts({0x1a, 0x32, 0x12, 0x72}) == PrinterFacts{.offline = true, .paper_end = true});
    CHECK(facts({0x1a, 0x16, 0x12, 0x12}) == PrinterFacts{.offline = true, .cover_open = true});
    CHECK(facts({0x1a, 0x52, 0x1a, 0x12}) == PrinterFacts{.offline = true, .cutter = true, .error = true});
    CHECK(facts({0x1a, 0x52, 0x32, 0x12}) == PrinterFacts{.offline = true, .error = true});
    CHECK(facts({0x12, 0x12, 0x12, 0x1e}) == PrinterFacts{.paper_near_end = true});
}
