// Leaving, and coming back on the same ticket.
#include "tests/edge/admission/scene.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

TEST_CASE("exit is not refused for a missing entry, nor for a refunded or expired ticket") {
    Scene s;
    s.question.direction = Direction::exit;
    s.venue.today = Date{today.value + 9};
    s.facts.refunds[{NodeId{7}, Epoch{1}, Seq{200}}] = false;
    CHECK(s.judge().decision == Decision::admit);
    CHECK(s.judge().persons == 1);
    s.standing = Standing::unknown;
    CHECK(s.reason() == Reason::unknown);
}

TEST_CASE("a seller who is unknown or revoked keeps nobody inside, a forged code is nobody's ticket") {
    Scene s;
    s.question.direction = Direction::exit;
    for (const auto standing : {Standing::unknown_seller, Standing::revoked_key}) {
        s.standing = standing;
        CHECK(s.judge().decision == Decision::admit);
        CHECK(s.judge().notes == std::vector{Note::unconfirmed});
    }
    s.standing = Standing::bad_signature;
    CHECK(s.reason() == Reason::bad_signature);
    s.standing = Standing::good;
    CHECK(s.judge().notes.empty());
}

TEST_CASE("a family that came in on one ticket leaves on it") {
    Scene s;
    s.ticket = ticket_for(4);
    s.used(4);
    s.question.direction = Direction::exit;
    CHECK(s.judge().persons == 4);
}

TEST_CASE(
    "who left unseen on another day does not walk out today, nor more than a ticket is for unless somebody says so") {
    Scene s;
    s.ticket = ticket_for(1, 10);
    s.ticket.valid_from = Date{today.value - 5};
    s.ticket.reentry = true;
    s.used(1, Confirmation::at_once, Direction::entry, Date{today.value - 2});
    s.used(1, Confirmation::at_once, Direction::entry, Date{today.value - 1});
    s.used(1);
    s.question.direction = Direction::exit;
    CHECK(s.judge().persons == 1);
    s.used(3);  // friends of the holder
    CHECK(s.judge().persons == 1);
    s.question.persons = 4;
    CHECK(s.judge().persons == 4);
}

TEST_CASE("whoever left may come back the same day without using an entry, if the product says so") {
    Scene s;
    s.used(1);
    s.used(1, Confirmation::at_once, Direction::exit);
    CHECK(s.reason() == Reason::already_used);
    s.ticket.reentry = true;
    auto back = s.judge();
    CHECK(back.decision == Decision::admit);
    CHECK(back.reentry);
    CHECK(back.persons == 1);
    s.used(1).reentry = true;
    CHECK(s.reason() == Reason::already_used);
}

TEST_CASE("an exit that is scanned again and again lets everybody out and one person back") {
    Scene s;
    s.ticket.reentry = true;
    s.used(1);
    s.question.direction = Direction::exit;
    CHECK(s.judge().persons == 1);
    CHECK(s.judge().companions == 0);
    s.used(1, Confirmation::at_once, Direction::exit);
    for (int again = 0; again < 5; ++again) {
        const auto out = s.judge();
        CHECK(out.decision == Decision::admit);
        CHECK(out.persons == 0);
        CHECK(out.companions == 1);  // somebody walks out all the same
        s.used(out.persons, Confirmation::at_once, Direction::exit).companions = out.companions;
    }
    s.question.persons = 3;
    CHECK(s.judge().persons == 0);
    CHECK(s.judge().companions == 3);
    s.question.persons = std::nullopt;
    s.question.direction = Direction::entry;
    CHECK(s.judge().reentry);
    CHECK(s.judge().persons == 1);
    s.used(1).reentry = true;
    CHECK(s.reason() == Reason::already_used);
    s.question.direction = Direction::exit;  // and in and out as often as it likes
    CHECK(s.judge().persons == 1);
}

TEST_CASE("gates that let the same person out without hearing each other let no more back than the ticket is for") {
    Scene s;
    s.ticket = ticket_for(2);
    s.ticket.reentry = true;
    s.used(2);
    for (int gate = 0; gate < 4; ++gate) s.used(2, Confirmation::at_once, Direction::exit);
    CHECK(s.judge().persons == 2);
    s.question.persons = 3;
    CHECK(s.reason() == Reason::already_used);
}

TEST_CASE("whoever was not seen coming in today leaves with the right to return once") {
    Scene s;
    s.ticket.reentry = true;
    s.ticket.valid_from = Date{today.value - 1};
    s.used(1, Confirmation::at_once, Direction::entry, Date{today.value - 1});
    s.question.direction = Direction::exit;
    CHECK(s.judge().persons == 1);
    s.used(1, Confirmation::at_once, Direction::exit);
    CHECK(s.judge().persons == 0);
    s.question.direction = Direction::entry;
    CHECK(s.judge().reentry);
    s.used(1).reentry = true;
    CHECK(s.reason() == Reason::already_used);
}

TEST_CASE("nobody comes back who did not walk out") {
    Scene s;
    s.ticket.reentry = true;
    s.used(1);
    auto& exit = s.used(1, Confirmation::by_passage, Direction::exit);
    CHECK(s.reason() == Reason::already_used);
    s.ended(exit, PassageOutcome::abandoned, 1);
    CHECK(s.reason() == Reason::already_used);
}

TEST_CASE("who comes back brings companions back, as many as today's entries could have brought") {
    Scene s;
    s.ticket.reentry = true;
    s.ticket.companions = 1;
    s.used(1).companions = 1;
    s.used(1, Confirmation::at_once, Direction::exit).companions = 1;
    s.question.companions = 3;
    CHECK(s.judge().reentry);
    CHECK(s.judge().companions == 1);
}

TEST_CASE(
    "generated: however often exits are scanned, no more are inside on a ticket than its entries of the day let in") {
    std::uint32_t random = 11;
    const auto below = [&](std::uint32_t n) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 8U) % n;
    };
    int returned = 0;
    for (int round = 0; round < 2000; ++round) {
        Scene s;
        s.ticket = ticket_for(static_cast<std::uint16_t>(1 + below(4)), static_cast<std::uint16_t>(1 + below(3)));
        s.ticket.reentry = true;
        std::uint32_t inside = 0;
        std::uint32_t entered = 0;
        bool unseen = false;  // somebody left on it before anybody came in, who may come back beside today's entries
        for (int scan = 0; scan < 30; ++scan) {
            s.question.persons = below(3) == 0 ? std::optional<std::uint16_t>{} : static_cast<std::uint16_t>(below(4));
            s.question.direction = below(2) == 0 ? Direction::exit : Direction::entry;
            const bool leaves = s.question.direction == Direction::exit;
            const auto out = s.judge();
            if (leaves) CHECK(out.decision == Decision::admit);
            if (leaves) CHECK(out.persons + out.companions > 0);
            if (out.decision == Decision::refuse) continue;
            const auto how = below(2) == 0 ? Confirmation::at_once : Confirmation::by_passage;
            if (leaves && out.persons > 0 && entered == 0) unseen = true;
            auto& use = s.used(out.persons, how, s.question.direction);
            use.reentry = out.reentry;
            if (how == Confirmation::by_passage)
                for (std::uint16_t i = 0; i < out.persons; ++i) s.ended(use, static_cast<PassageOutcome>(below(3)), 1);
            if (leaves) inside -= std::min<std::uint32_t>(inside, use.turned());
            if (!leaves) inside += use.held();
            if (!leaves && out.reentry) ++returned;
            if (!leaves && !out.reentry) entered += use.held();
            const std::uint32_t persons = s.ticket.persons;
            const std::uint32_t entries = (entered + persons - 1) / persons + (unseen ? 1 : 0);
            CHECK(inside <= entries * persons);
        }
    }
    CHECK(returned > 1000);
}
