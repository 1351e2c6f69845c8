#include "edge/daemon/display_words.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/port/device_pump.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

std::string shown(Signal signal, Reason reason, std::vector<Note> notes) {
    ScanReply reply;
    reply.decision = signal == Signal::refused ? Decision::refuse : Decision::admit;
    reply.reason = reason;
    reply.notes = std::move(notes);
    return display_words({LaneName{"lane-1"}, signal, reply});
}

bool fits(const std::string& words) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    return !words.empty() && words.size() <= drivers::longest_sign_text && std::ranges::all_of(words, printable);
}

}  // namespace

TEST_CASE("every verdict has words that fit a reader's display") {
    for (unsigned i = 1; i < enum_count(Reason{}); ++i) {
        CAPTURE(i);
        CHECK(fits(shown(Signal::refused, static_cast<Reason>(i), {})));
    }
    for (unsigned i = 0; i < enum_count(Note{}); ++i) {
        CAPTURE(i);
        CHECK(fits(shown(Signal::attention, Reason::none, {static_cast<Note>(i)})));
    }
    CHECK(shown(Signal::refused, Reason::already_used, {}) == "Ticket already used");
    CHECK(shown(Signal::welcome, Reason::none, {Note::group}) == "Please pass");
    CHECK(shown(Signal::attention, Reason::none, {Note::unconfirmed, Note::check_id}) == "Check the identity document");
    CHECK(shown(Signal::busy, Reason::lane_closed, {}).empty());
    CHECK(shown(Signal::alarm, Reason::none, {}).empty());
}
