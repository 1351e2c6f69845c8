#include "drivers/turnstile/bytes_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/hex.hpp"
#include "tests/drivers/virtual_time.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;

namespace {

// Octets for everything, but without the device's answers.
BytesTurnstileOptions silent_words() {
    auto words = digicon_words();
    words.accepted.clear();
    words.refused.clear();
    return words;
}

BytesTurnstileSession up(const BytesTurnstileOptions& words) {
    BytesTurnstileSession session(words);
    (void)session.step(LinkUp{}, at_ms(0));
    return session;
}

const OpenRequested entry_1{OpenId{1}, Direction::entry};
const OpenRequested exit_2{OpenId{2}, Direction::exit};

}  // namespace

TEST_CASE("bytes: the templates are the frames of the makers' manuals") {
    const auto digicon = digicon_words();
    CHECK(digicon.open == EachWay<Bytes>{hex("0202004848"), hex("0202004141")});
    CHECK(digicon.free[0] == hex("0203004C4805"));
    CHECK(digicon.accepted == hex("0202000606"));
    const auto mach_power = mach_power_words(1);
    CHECK(mach_power.open == EachWay<Bytes>{hex("EB014000AA"), hex("EB014100AB")});
    CHECK(mach_power.close == hex("EB014300A9"));
}

TEST_CASE("bytes: Nothing opens without a request.") {
    BytesTurnstileSession session(digicon_words());
    CHECK(session.step(LinkUp{}, at_ms(0)) == TurnstileEffects{WriteBytes{hex("0202004343")}, ReportOnline{}});
    CHECK(session.step(BytesRead{hex("0202000606")}, at_ms(1)).empty());
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("bytes: an opening is what the device accepts, refuses or says nothing to") {
    auto session = up(digicon_words());
    CHECK(session.step(entry_1, at_ms(10)) == TurnstileEffects{WriteBytes{hex("0202004848")}});
    CHECK(session.step(exit_2, at_ms(11)).empty());
    CHECK(session.step(BytesRead{hex("0202000606")}, at_ms(20)) ==
          TurnstileEffects{ReportOpened{OpenId{1}}, WriteBytes{hex("0202004141")}});
    CHECK(session.step(BytesRead{hex("0202001515")}, at_ms(30)) ==
          TurnstileEffects{ReportOpenFailed{OpenId{2}, OpenFailure::refused}});
    CHECK(session.step(BytesRead{hex("0202001A1A")}, at_ms(900)) == TurnstileEffects{ReportPassed{Direction::entry}});
    (void)session.step(entry_1, at_ms(1'000));
    CHECK(session.deadline() == at_ms(1'300));
    CHECK(session.step(Ticked{}, at_ms(1'300)) ==
          TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown}, ReportFault{TurnstileFault::no_answer}});
    CHECK(session.step(BytesRead{hex("0202000606")}, at_ms(1'400)) == TurnstileEffects{ReportOnline{}});
}

TEST_CASE(
    "bytes: A lost answer closes the lane for a while, not until somebody comes: any word ends it, and `close` asks "
    "for one.") {
    const WriteBytes close{hex("0202004343")};
    const WriteBytes open{hex("0202004848")};
    const auto lose_an_answer = [](BytesTurnstileSession& session) {
        (void)session.step(entry_1, at_ms(10));
        CHECK(session.step(Ticked{}, at_ms(310)) == TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown},
                                                                     ReportFault{TurnstileFault::no_answer}});
        CHECK(session.deadline() == at_ms(5'310));
    };
    auto passed = up(digicon_words());
    lose_an_answer(passed);
    CHECK(passed.step(BytesRead{hex("0202001A1A")}, at_ms(900)) ==
          TurnstileEffects{ReportPassed{Direction::entry}, ReportOnline{}});
    CHECK(passed.deadline() == std::nullopt);

    auto asked = up(digicon_words());
    lose_an_answer(asked);
    CHECK(asked.step(Ticked{}, at_ms(5'310)) == TurnstileEffects{close});
    CHECK(asked.step(exit_2, at_ms(5'320)).empty());  // not while an answer would be taken for its own
    CHECK(asked.step(BytesRead{hex("0202000606")}, at_ms(5'330)) ==
          TurnstileEffects{ReportOnline{}, WriteBytes{hex("0202004141")}});

    auto never_answers_close = up(digicon_words());
    lose_an_answer(never_answers_close);
    (void)never_answers_close.step(Ticked{}, at_ms(5'310));
    CHECK(never_answers_close.step(Ticked{}, at_ms(5'610)) == TurnstileEffects{ReportOnline{}});
    CHECK(never_answers_close.deadline() == std::nullopt);

    auto without_close = digicon_words();
    without_close.close.clear();
    auto trusted = up(without_close);
    lose_an_answer(trusted);
    CHECK(trusted.step(Ticked{}, at_ms(5'310)) == TurnstileEffects{ReportOnline{}});
    CHECK(trusted.step(entry_1, at_ms(6'000)) == TurnstileEffects{open});
}

TEST_CASE("bytes: A device that has answered `close` before and does no longer is not believed to be back.") {
    const WriteBytes close{hex("0202004343")};
    auto session = up(digicon_words());
    (void)session.step(BytesRead{hex("0202000606")}, at_ms(5));
    (void)session.step(entry_1, at_ms(10));
    (void)session.step(Ticked{}, at_ms(310));
    for (std::int64_t ms = 5'310; ms < 60'000; ms += 5'300) {
        CHECK(session.step(Ticked{}, at_ms(ms)) == TurnstileEffects{close});
        CHECK(session.step(Ticked{}, at_ms(ms + 300)).empty());
        CHECK(session.deadline() == at_ms(ms + 5'300));
    }
    // Held open it is not closed to hear it: what holds it open is said anyway, and answered.
    CHECK(session.step(HoldOpenRequested{Hold::emergency, Direction::entry}, at_ms(63'500)) ==
          TurnstileEffects{WriteBytes{hex("0203004C4805")}, ReportHeld{true, false}});
    CHECK(session.step(Ticked{}, at_ms(64'500)) == TurnstileEffects{WriteBytes{hex("0203004C4805")}});
    CHECK(session.step(BytesRead{hex("0202000606")}, at_ms(64'510)) == TurnstileEffects{ReportOnline{}});
}

TEST_CASE("bytes: The same stream cut anywhere gives the same passages.") {
    const auto stream = hex("00020202001A1AFF0202001B1B0202001A1A02020002");
    CHECK(rc::check([&] {
        auto session = up(silent_words());
        TurnstileEffects heard;
        for (std::size_t at = 0; at < stream.size();) {
            const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 6), stream.size() - at);
            const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
            for (auto& effect : session.step(BytesRead{{begin, begin + static_cast<std::ptrdiff_t>(length)}}, at_ms(1)))
                heard.push_back(effect);
            at += length;
        }
        RC_ASSERT((heard == TurnstileEffects{ReportPassed{Direction::entry}, ReportPassed{Direction::exit},
                                             ReportPassed{Direction::entry}}));
    }));
}

TEST_CASE("bytes: An open request while held writes nothing, and is opened.") {
    auto session = up(digicon_words());
    CHECK(session.step(HoldOpenRequested{Hold::free, Direction::entry}, at_ms(10)) ==
          TurnstileEffects{WriteBytes{hex("0203004C4805")}, ReportHeld{true, false}});
    CHECK(session.step(entry_1, at_ms(20)) == TurnstileEffects{ReportOpened{OpenId{1}}});
    CHECK(session.step(HoldOpenRequested{Hold::emergency, std::nullopt}, at_ms(30)) ==
          TurnstileEffects{WriteBytes{hex("0203004C4805")}, WriteBytes{hex("0203004C410C")}, ReportHeld{true, true}});
    CHECK(session.step(ReleaseRequested{Hold::emergency}, at_ms(40)) ==
          TurnstileEffects{WriteBytes{hex("0202004343")}, WriteBytes{hex("0203004C4805")}, ReportHeld{true, false}});
    CHECK(session.step(ReleaseRequested{Hold::free}, at_ms(50)) ==
          TurnstileEffects{WriteBytes{hex("0202004343")}, ReportHeld{false, false}});
}

TEST_CASE("bytes: a device without a word for staying open is opened again and again while held") {
    auto words = silent_words();
    words.free = {};
    auto session = up(words);
    CHECK(session.step(HoldOpenRequested{Hold::emergency, Direction::exit}, at_ms(10)) ==
          TurnstileEffects{WriteBytes{hex("0202004141")}, ReportHeld{false, true}});
    CHECK(session.deadline() == at_ms(1'010));
    CHECK(session.step(Ticked{}, at_ms(1'010)) == TurnstileEffects{WriteBytes{hex("0202004141")}});
    (void)session.step(ReleaseRequested{Hold::emergency}, at_ms(1'020));
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("bytes: What is held is said again and again: a device that restarted behind a live link has forgotten it.") {
    auto session = up(digicon_words());
    const Bytes free_exit = hex("0203004C410C");
    CHECK(session.step(HoldOpenRequested{Hold::emergency, Direction::exit}, at_ms(10)) ==
          TurnstileEffects{WriteBytes{free_exit}, ReportHeld{false, true}});
    CHECK(session.deadline() == at_ms(1'010));
    CHECK(session.step(Ticked{}, at_ms(1'010)) == TurnstileEffects{WriteBytes{free_exit}});
    CHECK(session.deadline() == at_ms(2'010));

    // The device's answer to the opening is not mixed with one to the word that holds.
    CHECK(session.step(entry_1, at_ms(2'005)) == TurnstileEffects{WriteBytes{hex("0202004848")}});
    CHECK(session.step(Ticked{}, at_ms(2'010)).empty());
    CHECK(session.deadline() == at_ms(2'305));
    CHECK(session.step(BytesRead{hex("0202000606")}, at_ms(2'020)) ==
          TurnstileEffects{ReportOpened{OpenId{1}}, WriteBytes{free_exit}});

    CHECK(session.step(ReleaseRequested{Hold::emergency}, at_ms(2'030)) ==
          TurnstileEffects{WriteBytes{hex("0202004343")}, ReportHeld{false, false}});
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("bytes: a latch that is set before the link comes up skips the closing") {
    BytesTurnstileSession session(digicon_words());
    CHECK(session.step(HoldOpenRequested{Hold::emergency, std::nullopt}, at_ms(0)).empty());
    CHECK(session.step(LinkUp{}, at_ms(1)) == TurnstileEffects{ReportOnline{}, WriteBytes{hex("0203004C4805")},
                                                               WriteBytes{hex("0203004C410C")},
                                                               ReportHeld{true, true}});
}

TEST_CASE("bytes: A link lost before the device has accepted leaves the opening unknown.") {
    auto session = up(digicon_words());
    (void)session.step(entry_1, at_ms(10));
    (void)session.step(exit_2, at_ms(10));
    CHECK(session.step(LinkDown{}, at_ms(20)) ==
          TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::unknown},
                           ReportOpenFailed{OpenId{2}, OpenFailure::not_reachable},
                           ReportFault{TurnstileFault::link_down}});
    CHECK(session.step(entry_1, at_ms(30)) ==
          TurnstileEffects{ReportOpenFailed{OpenId{1}, OpenFailure::not_reachable}});
}

TEST_CASE("bytes: A direction without passage octets counts its opening as the passage.") {
    auto session = up(mach_power_words(1));
    CHECK(session.step(entry_1, at_ms(10)) ==
          TurnstileEffects{WriteBytes{hex("EB014000AA")}, ReportOpened{OpenId{1}}, ReportPassed{Direction::entry}});
}

TEST_CASE("bytes: Every OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed: `bytes`.") {
    CHECK(rc::check([] {
        BytesTurnstileSession session(digicon_words());
        std::int64_t ms = 0;
        std::uint64_t asked = 0;
        std::size_t said = 0;
        std::size_t passed = 0;
        std::size_t passages = 0;
        std::map<std::uint64_t, int> answers;
        const auto tell = [&](const TurnstileEvent& event) {
            for (const auto& effect : session.step(event, at_ms(ms))) {
                if (const auto* write = std::get_if<WriteBytes>(&effect))
                    if (digicon_words().open[0] == write->bytes) ++said;
                if (const auto* done = std::get_if<ReportOpened>(&effect)) ++answers[done->id.value];
                if (const auto* failed = std::get_if<ReportOpenFailed>(&effect)) ++answers[failed->id.value];
                if (std::holds_alternative<ReportPassed>(effect)) ++passed;
            }
        };
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9))) {
            switch (step) {
                case 0: tell(LinkUp{}); break;
                case 1: tell(LinkDown{}); break;
                case 2:
                case 3: tell(OpenRequested{OpenId{++asked}, Direction::entry}); break;
                case 4: tell(BytesRead{digicon_words().accepted}); break;
                case 5: tell(BytesRead{digicon_words().refused}); break;
                case 6:
                    ++passages;
                    tell(BytesRead{digicon_words().passed[0]});
                    break;
                case 7: tell(BytesRead{{0x02, 0x02}}); break;
                default: break;
            }
            ms += *rc::gen::inRange(0, 400);
            tell(Ticked{});
        }
        tell(LinkDown{});
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        RC_ASSERT(said <= asked);
        RC_ASSERT(passed <= passages);
    }));
}
