#include <doctest/doctest.h>

#include "drivers/scanner/keyboard_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::texts;

namespace {

using Texts = std::vector<std::string>;

constexpr std::uint16_t shift = 42, enter = 28, caps = 58, alt = 56, alt_gr = 100, control = 29;

Bytes key(std::uint16_t code, std::int32_t value) {
    auto bytes = encode(KeyEvent{1, code, value});
    const auto report = encode(KeyEvent{0, 0, 0});
    bytes.insert(bytes.end(), report.begin(), report.end());
    return bytes;
}

// "+42" goes down, "-42" up, "28" both.
Bytes keys(std::string_view words) {
    Bytes stream;
    const auto add = [&stream](const Bytes& bytes) { stream.insert(stream.end(), bytes.begin(), bytes.end()); };
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find(' ', at), words.size());
        const auto word = std::string(words.substr(at, end - at));
        const auto code = static_cast<std::uint16_t>(std::stoi(word.substr(word[0] == '+' || word[0] == '-' ? 1 : 0)));
        if (word[0] != '-') add(key(code, 1));
        if (word[0] != '+') add(key(code, 0));
        at = end + 1;
    }
    return stream;
}

Texts typed_with(KeyboardLayout layout, std::string_view words) {
    KeyboardOptions options;
    options.layout = layout;
    options.line.dedupe = Duration{0};
    KeyboardSession session(options);
    (void)session.step(LinkUp{}, at_ms(0));
    return texts(session.step(BytesRead{keys(words)}, at_ms(0)));
}

}  // namespace

TEST_CASE("Modifiers count as they are at the moment that a key goes down, in whatever order keys are released.") {
    // As captured from a scanner: shift comes with the key and goes before it. "TK1.-"
    CHECK(typed_with(KeyboardLayout::us, "+42 +20 -42 -20 +42 +37 -42 -37 2 52 12 28") == Texts{"TK1.-"});
    CHECK(typed_with(KeyboardLayout::us, "+42 +20 -20 37 -42 2 96") == Texts{"TK1"});
}

TEST_CASE("layouts give the keys their characters: us, de, fr") {
    CHECK(typed_with(KeyboardLayout::us, "44 21 +42 3 -42 28") == Texts{"zy@"});
    CHECK(typed_with(KeyboardLayout::de, "44 21 12 53 +42 53 8 -42 +100 16 -100 28") == Texts{"yzß-_/@"});
    CHECK(typed_with(KeyboardLayout::fr, "+42 2 3 -42 16 30 50 7 +100 11 -100 28") == Texts{"12aq,-@"});
    CHECK(typed_with(KeyboardLayout::us, "71 83 82 55 28") == Texts{"7.0*"});
}

TEST_CASE("CapsLock turns letters round, and is known from the keyboard's light") {
    CHECK(typed_with(KeyboardLayout::us, "58 30 2 +42 30 -42 58 30 28") == Texts{"A1aa"});
    KeyboardSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    (void)session.step(BytesRead{encode(KeyEvent{17, 1, 1})}, at_ms(0));
    CHECK(texts(session.step(BytesRead{keys("30 28")}, at_ms(0))) == Texts{"A"});
}

TEST_CASE("GS comes as Control-] or F8, and what no layout has as Alt and a number") {
    CHECK(typed_with(KeyboardLayout::us, "30 +29 27 -29 48 66 46 28") == Texts{"a\x1d"
                                                                               "b\x1d"
                                                                               "c"});
    CHECK(typed_with(KeyboardLayout::us, "30 +56 82 80 79 75 -56 28").size() == 1);
    CHECK(typed_with(KeyboardLayout::us, "+56 82 75 79 -56 28") == Texts{")"});  // Alt 041
    CHECK(typed_with(KeyboardLayout::us, "+29 30 -29 48 28") == Texts{"b"});     // a shortcut types nothing
}

TEST_CASE("After events were lost, no code is reported that they were a part of.") {
    KeyboardSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    auto stream = keys("+42 30 48");
    const auto lost = encode(KeyEvent{0, 3, 0});
    stream.insert(stream.end(), lost.begin(), lost.end());
    const auto rest = keys("46");  // still deaf, up to its first SYN_REPORT
    stream.insert(stream.end(), rest.begin(), rest.end());
    CHECK(session.step(BytesRead{stream}, at_ms(0)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    CHECK(session.step(BytesRead{keys("32 28")}, at_ms(10)).empty());               // the rest of that code
    CHECK(texts(session.step(BytesRead{keys("30 28")}, at_ms(20))) == Texts{"a"});  // shift counts as released
    (void)session.step(BytesRead{lost}, at_ms(30));
    (void)session.step(BytesRead{keys("32")}, at_ms(31));
    CHECK(texts(session.step(BytesRead{keys("48 28")}, at_ms(1'031))) == Texts{"b"});  // the next one, after a pause
}

TEST_CASE("A key that is held down types once.") {
    KeyboardSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    (void)session.step(BytesRead{key(30, 1)}, at_ms(0));
    (void)session.step(BytesRead{key(30, 2)}, at_ms(5));
    (void)session.step(BytesRead{key(30, 0)}, at_ms(10));
    CHECK(texts(session.step(BytesRead{keys("28")}, at_ms(20))) == Texts{"a"});
}

TEST_CASE("The same keys give the same text however the events are cut into reads.") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto code : *rc::gen::container<std::vector<int>>(
                 rc::gen::element<int>(shift, enter, caps, alt, alt_gr, control, 30, 48, 3, 79))) {
            const auto event = encode(KeyEvent{1, static_cast<std::uint16_t>(code), *rc::gen::inRange(0, 3)});
            stream.insert(stream.end(), event.begin(), event.end());
        }
        KeyboardOptions options;
        options.line.dedupe = Duration{0};
        KeyboardSession whole(options);
        const auto expected = texts(whole.step(BytesRead{stream}, at_ms(0)));
        KeyboardSession pieces(options);
        Texts found;
        for (const auto byte : stream)
            for (auto& text : texts(pieces.step(BytesRead{{byte}}, at_ms(0)))) found.push_back(std::move(text));
        RC_ASSERT(found == expected);
    }));
}

TEST_CASE("a Tab inside a code of a keyboard that types no Enter costs no code that comes later") {
    KeyboardSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    CHECK(texts(session.step(BytesRead{keys("30 15 48")}, at_ms(0))) == Texts{"a"});
    CHECK(texts(session.step(Ticked{}, *session.deadline())) == Texts{"b"});
    (void)session.step(BytesRead{keys("46")}, at_ms(5'000));
    CHECK(texts(session.step(Ticked{}, at_ms(5'080))) == Texts{"c"});
}

TEST_CASE("what a keyboard scanner types whole is one scan or one drop each: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> codes;
        const auto count = *rc::gen::inRange(0, 8);
        for (int i = 0; i < count; ++i) {
            std::string words;
            const auto length = *rc::gen::inRange(1, 40);
            for (int n = 0; n < length; ++n) words += std::to_string(*rc::gen::inRange(2, 12)) + ' ';  // digits
            codes.push_back(keys(words + (*rc::gen::arbitrary<bool>() ? "28" : "96")));
        }
        KeyboardSession session;
        RC_ASSERT(test::play_whole(session, codes) == codes.size());
    }));
}

TEST_CASE("whatever keys come, cut and lost anyhow: time goes on, and codes stay bounded") {
    CHECK(rc::check([] {
        KeyboardSession session;
        test::play_anyhow(session, *rc::gen::arbitrary<Bytes>(), [](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& text : texts(effects)) RC_ASSERT(!text.empty() && text.size() <= 512);
        });
    }));
}
