#include <doctest/doctest.h>

#include "drivers/scanner/gm65_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;
using test::texts;

namespace {

const Bytes command_answer = hex("02 00 00 01 00 33 31");

Gm65Session continuous() {
    Gm65Options options;
    options.mode = Gm65Mode::continuous;
    options.line.dedupe = Duration{0};
    return Gm65Session(options);
}

Bytes appended(const Bytes& a, const Bytes& b) {
    Bytes all = a;
    all.insert(all.end(), b.begin(), b.end());
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("GM65 commands and answers are encoded as published") {
    CHECK(encode_gm65(Gm65Command::save, 0x0000, Bytes{0x00}) == hex("7E 00 09 01 00 00 00 DE C8"));
    CHECK(encode_gm65(Gm65Command::write, 0x002A, Bytes{0x39, 0x01}) == hex("7E 00 08 02 00 2A 39 01 A7 EA"));
    CHECK(encode_gm65(Gm65Command::read, 0x002A, Bytes{0x02}) == hex("7E 00 07 01 00 2A 02 D8 0F"));
    CHECK(encode_gm65_answer(Bytes{0x00}) == command_answer);
    // The manual's trigger asks for no check of the CRC; ours has one in that place.
    const auto published = hex("7E 00 08 01 00 02 01 AB CD");
    auto trigger = encode_gm65(Gm65Command::write, 0x0002, Bytes{0x01});
    CHECK(trigger == hex("7E 00 08 01 00 02 01 02 DA"));
    std::copy(published.end() - 2, published.end(), trigger.end() - 2);
    CHECK(trigger == published);
}

TEST_CASE("Settings go to working memory, never to flash, and again after every power cut.") {
    auto session = continuous();
    const auto write = encode_gm65(Gm65Command::write, 0, Bytes{0xD6});
    CHECK(session.step(LinkUp{}, at_ms(0)) == ScannerEffects{WriteBytes{write}});
    CHECK(session.step(BytesRead{command_answer}, at_ms(50)).empty());
    CHECK(session.deadline() == std::nullopt);
    (void)session.step(LinkDown{}, at_ms(100));
    CHECK(session.step(LinkUp{}, at_ms(200)) == ScannerEffects{WriteBytes{write}});
    CHECK(session.step(Ticked{}, at_ms(700)) == ScannerEffects{WriteBytes{write}});
    CHECK(session.step(Ticked{}, at_ms(1'200)) == ScannerEffects{WriteBytes{write}});
    CHECK(session.step(Ticked{}, at_ms(1'700)) == ScannerEffects{ReportAnswering{false}});
    CHECK(session.deadline() == at_ms(31'700));
    CHECK(session.step(Ticked{}, at_ms(31'700)) == ScannerEffects{WriteBytes{write}});
    CHECK(session.step(BytesRead{command_answer}, at_ms(31'750)) == ScannerEffects{ReportAnswering{true}});
    Gm65Session untouched;
    CHECK(untouched.step(LinkUp{}, at_ms(0)).empty());
}

TEST_CASE("An answer never becomes a part of a code, wherever it comes and however it is cut.") {
    const auto stream = appended(appended(command_answer, bytes_of("TK1\r")), bytes_of("TK2\r"));
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        auto session = continuous();
        (void)session.step(LinkUp{}, at_ms(0));
        const auto middle = stream.begin() + static_cast<Bytes::difference_type>(cut);
        auto found = texts(session.step(BytesRead{{stream.begin(), middle}}, at_ms(1)));
        for (auto& text : texts(session.step(BytesRead{{middle, stream.end()}}, at_ms(2)))) found.push_back(text);
        CHECK(found == Texts{"TK1", "TK2"});
    }
    auto session = continuous();
    (void)session.step(LinkUp{}, at_ms(0));
    CHECK(texts(session.step(BytesRead{appended(appended(bytes_of("TK"), command_answer), bytes_of("1\r"))},
                             at_ms(1))) == Texts{"TK1"});
}

TEST_CASE("A module that answers late answers each question: none of its answers becomes a code.") {
    auto session = continuous();
    (void)session.step(LinkUp{}, at_ms(0));
    CHECK(session.step(Ticked{}, at_ms(500)).size() == 1);  // asked again
    CHECK(session.step(BytesRead{command_answer}, at_ms(700)).empty());
    CHECK(session.deadline() == std::nullopt);
    CHECK(session.step(BytesRead{command_answer}, at_ms(1'200)).empty());
    CHECK(session.deadline() == std::nullopt);
    CHECK(session.step(BytesRead{bytes_of("TK1\r")}, at_ms(1'300)) == ScannerEffects{ReportScan{"TK1", ""}});

    // All three come after it was given up; then nothing more is owed, and what looks like an answer is a code.
    auto slow = continuous();
    (void)slow.step(LinkUp{}, at_ms(0));
    for (const std::int64_t ms : {500, 1'000, 1'500}) (void)slow.step(Ticked{}, at_ms(ms));
    CHECK(slow.step(BytesRead{appended(command_answer, bytes_of("TK"))}, at_ms(3'000)) ==
          ScannerEffects{ReportAnswering{true}});
    CHECK(slow.deadline() == at_ms(3'080));  // of the code; the module is not asked again
    CHECK(
        slow.step(BytesRead{appended(appended(command_answer, bytes_of("1")), command_answer)}, at_ms(3'010)).empty());
    CHECK(slow.step(BytesRead{bytes_of("\r")}, at_ms(3'020)) == ScannerEffects{ReportScan{"TK1", ""}});
    CHECK(texts(slow.step(BytesRead{appended(command_answer, bytes_of("\r"))}, at_ms(4'000))).size() == 1);

    auto never = continuous();
    (void)never.step(LinkUp{}, at_ms(0));
    CHECK(texts(never.step(BytesRead{appended(command_answer, bytes_of("\r"))}, at_ms(10'000))).size() == 1);
}

TEST_CASE("A code that only looks like an answer at its beginning is reported.") {
    auto session = continuous();
    (void)session.step(LinkUp{}, at_ms(0));
    CHECK(texts(session.step(BytesRead{bytes_of("\x02TK1\x03")}, at_ms(1))) == Texts{"TK1"});
    CHECK(session.step(BytesRead{{'N', 'O', '\r', 0x02}}, at_ms(2)).size() == 1);
    CHECK(session.step(Ticked{}, at_ms(82)).empty());  // an STX, and then its code
    CHECK(texts(session.step(BytesRead{bytes_of("TK2\x03")}, at_ms(90))) == Texts{"TK2"});
    const auto wrong = hex("02 00 00 01 00 33 32");
    CHECK(texts(session.step(BytesRead{appended(wrong, bytes_of("\r"))}, at_ms(100))).size() == 1);
}

TEST_CASE("what a GM65 sends whole is one scan or one drop each, its answer in any of them: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> lines;
        for (const auto& code : test::some_codes(600)) lines.push_back(bytes_of(code + '\r'));
        if (!lines.empty()) {
            auto& first = lines.front();
            const auto place = *rc::gen::inRange<std::size_t>(0, first.size());
            first.insert(first.begin() + static_cast<Bytes::difference_type>(place), command_answer.begin(),
                         command_answer.end());
        }
        Gm65Options options;
        options.mode = Gm65Mode::sensing;
        Gm65Session session(options);
        RC_ASSERT(test::play_whole(session, lines) == lines.size());
    }));
}

TEST_CASE("whatever a GM65 sends, cut and lost anyhow: time goes on, and codes stay bounded") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3)))
            stream = appended(stream, kind == 0   ? command_answer
                                      : kind == 1 ? bytes_of("TK1\r")
                                                  : *rc::gen::arbitrary<Bytes>());
        auto session = continuous();
        test::play_anyhow(session, stream, [](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& text : texts(effects)) RC_ASSERT(!text.empty() && text.size() <= 512);
        });
    }));
}
