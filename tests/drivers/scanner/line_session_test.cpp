#include "drivers/scanner/line_session.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::texts;

namespace {

LineOptions every_reading_counts() {
    LineOptions options;
    options.dedupe = Duration{0};
    return options;
}

ScannerEffects feed(LineSession& session, std::string_view text, std::int64_t ms) {
    return session.step(BytesRead{bytes_of(text)}, at_ms(ms));
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("CR, LF, CRLF, TAB and STX..ETX each end a code") {
    for (const std::string_view frame : {"ABC\r", "ABC\n", "ABC\r\n", "ABC\t",
                                         "\x02"
                                         "ABC\x03"}) {
        LineSession session;
        CHECK(feed(session, frame, 0) == ScannerEffects{ReportScan{"ABC", ""}});
        CHECK(session.deadline() == std::nullopt);
    }
}

TEST_CASE("the AIM identifier and the prefix are taken off, in either order") {
    auto options = every_reading_counts();
    options.prefix = "G1:";
    LineSession session(options);
    CHECK(feed(session, "]Q1TK1\r", 0) == ScannerEffects{ReportScan{"TK1", "]Q1"}});
    CHECK(feed(session, "G1:]Q3TK1\r", 0) == ScannerEffects{ReportScan{"TK1", "]Q3"}});
    CHECK(feed(session, "]C1G1:TK1\r", 0) == ScannerEffects{ReportScan{"TK1", "]C1"}});
    CHECK(feed(session, "]Q1\r", 0) == ScannerEffects{ReportScan{"]Q1", ""}});
}

TEST_CASE("two codes in one read are two scans, and inner GS is kept") {
    LineSession session;
    CHECK(texts(feed(session,
                     "ONE\rTWO\x1d"
                     "2\r\n",
                     0)) == Texts{"ONE",
                                  "TWO\x1d"
                                  "2"});
}

TEST_CASE("The same stream cut into reads anywhere gives the same scans.") {
    CHECK(rc::check([] {
        const auto stream =
            *rc::gen::container<std::string>(rc::gen::element('A', 'B', '\r', '\n', '\x02', ']', 'Q', '1'));
        LineSession whole(every_reading_counts());
        const auto expected = texts(feed(whole, stream, 0));
        LineSession pieces(every_reading_counts());
        Texts found;
        for (std::size_t i = 0; i < stream.size();) {
            const auto length = *rc::gen::inRange<std::size_t>(1, 5);
            for (auto& text : texts(feed(pieces, std::string_view(stream).substr(i, length), 0)))
                found.push_back(std::move(text));
            i += length;
        }
        RC_ASSERT(found == expected);
    }));
}

TEST_CASE("A scan torn by an unplug is never delivered.") {
    LineSession session;
    (void)feed(session, "HALF", 0);
    CHECK(session.step(LinkDown{}, at_ms(10)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    CHECK(session.step(LinkUp{}, at_ms(500)).empty());
    CHECK(texts(feed(session, "WHOLE\r", 510)) == Texts{"WHOLE"});
}

TEST_CASE("Memory is bounded by the longest code.") {
    LineSession session;
    CHECK(texts(feed(session, std::string(512, 'A') + "\r", 0)) == Texts{std::string(512, 'A')});
    CHECK(feed(session, std::string(513, 'B'), 1) == ScannerEffects{ReportDropped{DropReason::too_long}});
    CHECK(feed(session, std::string(100'000, 'B') + "\rNEXT\r", 2) == ScannerEffects{ReportScan{"NEXT", ""}});
}

TEST_CASE("The same code again within the dedupe window, counted from its last sight, is one scan.") {
    LineSession session;
    CHECK(texts(feed(session, "SAME\r", 0)) == Texts{"SAME"});
    CHECK(feed(session, "SAME\r", 1'500) == ScannerEffects{ReportDropped{DropReason::repeated}});
    CHECK(feed(session, "SAME\r", 3'000) == ScannerEffects{ReportDropped{DropReason::repeated}});
    CHECK(texts(feed(session, "SAME\r", 5'000)) == Texts{"SAME"});
    CHECK(texts(feed(session, "OTHER\rSAME\r", 5'001)) == Texts{"OTHER", "SAME"});
}

TEST_CASE("A scanner that sends no suffix is served by the pause after its code.") {
    LineSession session;
    CHECK(feed(session, "NO", 0).empty());
    CHECK(feed(session, "SUFFIX", 50).empty());
    CHECK(session.deadline() == at_ms(130));
    CHECK(session.step(Ticked{}, at_ms(129)).empty());
    CHECK(session.step(Ticked{}, at_ms(130)) == ScannerEffects{ReportScan{"NOSUFFIX", ""}});
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("What lacks only its suffix is told ahead, and is a scan only when the suffix comes.") {
    auto options = every_reading_counts();
    options.prefix = "G1:";
    options.foreseen_from = 8;
    LineSession session(options);
    CHECK(feed(session, "G1:]Q1A", 0).empty());
    CHECK(feed(session, "BCD", 1) == ScannerEffects{ReportForeseen{"ABCD"}});
    CHECK(feed(session, "E", 2) == ScannerEffects{ReportForeseen{"ABCDE"}});
    CHECK(feed(session, "\r", 3) == ScannerEffects{ReportScan{"ABCDE", "]Q1"}});
    CHECK(feed(session, "G1:FGHIJK", 4) == ScannerEffects{ReportForeseen{"FGHIJK"}});
    CHECK(session.step(LinkDown{}, at_ms(5)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
}

TEST_CASE("a pause inside a code of a scanner that ends its codes does not cut it in two") {
    LineSession session;
    (void)feed(session, "FIRST\r", 0);
    (void)feed(session, "SEC", 100);
    CHECK(session.deadline() == at_ms(1'100));
    CHECK(session.step(Ticked{}, at_ms(300)).empty());
    CHECK(texts(feed(session, "OND\r", 400)) == Texts{"SECOND"});
}

TEST_CASE("A line break inside a code of a scanner without a suffix costs no code that comes later.") {
    for (const std::string_view foreign : {"WIFI\nPASSWORD", "NAME\tNUMBER", "CARD\r\nTOWN"}) {
        LineSession session;
        (void)feed(session, foreign, 0);
        CHECK(session.deadline() == at_ms(80));
        (void)session.step(Ticked{}, at_ms(80));
        CHECK(feed(session, "TICKET", 5'000).empty());
        CHECK(session.deadline() == at_ms(5'080));
        CHECK(session.step(Ticked{}, at_ms(5'080)) == ScannerEffects{ReportScan{"TICKET", ""}});
    }
}

TEST_CASE("a line break at the end of a code of a scanner without a suffix makes the next code late, and no other") {
    LineSession session;
    CHECK(texts(feed(session, "FOREIGN\n", 0)) == Texts{"FOREIGN"});
    (void)feed(session, "SECOND", 1'000);
    CHECK(session.step(Ticked{}, at_ms(1'999)).empty());
    CHECK(texts(session.step(Ticked{}, at_ms(2'000))) == Texts{"SECOND"});
    (void)feed(session, "THIRD", 3'000);
    CHECK(texts(session.step(Ticked{}, at_ms(3'080))) == Texts{"THIRD"});
}

TEST_CASE("a scanner that comes back may be another: whether it ends its codes is found out anew") {
    LineSession session;
    (void)feed(session, "FIRST\r", 0);
    (void)feed(session, "SECOND\r", 500);
    (void)session.step(LinkDown{}, at_ms(1'000));
    (void)session.step(LinkUp{}, at_ms(2'000));
    (void)feed(session, "THIRD", 3'000);
    CHECK(texts(session.step(Ticked{}, at_ms(3'080))) == Texts{"THIRD"});
}

TEST_CASE("an overflow ends with a pause too") {
    LineSession session;
    (void)feed(session, std::string(600, 'X'), 0);
    CHECK(session.step(Ticked{}, *session.deadline()).empty());
    CHECK(session.deadline() == std::nullopt);
    CHECK(texts(feed(session, "FINE\r", 1'000)) == Texts{"FINE"});
}

TEST_CASE("what a line scanner sends whole is one scan or one drop each: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> lines;
        const auto suffix = *rc::gen::element<std::string>("\r", "\n", "\r\n", "\t");
        for (const auto& code : test::some_codes(600)) lines.push_back(bytes_of(code + suffix));
        LineSession session;
        RC_ASSERT(test::play_whole(session, lines) == lines.size());
    }));
}

TEST_CASE("whatever a line scanner sends, cut and lost anyhow: time goes on, and codes stay bounded") {
    CHECK(rc::check([] {
        LineSession session;
        test::play_anyhow(session, *rc::gen::arbitrary<Bytes>(), [](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& text : texts(effects)) RC_ASSERT(!text.empty() && text.size() <= 512);
        });
    }));
}
