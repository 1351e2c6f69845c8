#include "tests/edge/admission/scene.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;

TEST_CASE("a good ticket on its day and in its zone is admitted once") {
    Scene s;
    auto first = s.judge();
    CHECK(first.decision == Decision::admit);
    CHECK(first.persons == 1);
    CHECK(first.notes.empty());
    s.used(1);
    CHECK(s.reason() == Reason::already_used);
    CHECK(s.judge().first_admission == RecordRef{NodeId{3}, Epoch{1}, Seq{1}});
}

TEST_CASE("a code that is no ticket, and one whose signature or seller is not believed, are refused for that") {
    Scene s;
    s.standing = Standing::unknown;
    CHECK(s.reason() == Reason::unknown);
    s.standing = Standing::bad_signature;
    CHECK(s.reason() == Reason::bad_signature);
    CHECK(s.judge().hint.empty());
    s.standing = Standing::revoked_key;
    CHECK(s.reason() == Reason::revoked_key);
    s.standing = Standing::unknown_seller;
    CHECK(s.reason() == Reason::bad_signature);
    CHECK(s.judge().hint == "unknown_seller");
}

TEST_CASE("an attendant answers by name for a ticket whose seller is unknown, and the admission says unconfirmed") {
    Scene s;
    s.standing = Standing::unknown_seller;
    s.question.let_through = true;
    CHECK(s.judge().decision == Decision::admit);
    CHECK(s.judge().notes == std::vector{Note::unconfirmed});
    s.standing = Standing::bad_signature;
    CHECK(s.reason() == Reason::bad_signature);
}

TEST_CASE("revoked, refunded and replaced tickets are refused, in this order") {
    Scene s;
    s.facts.reissues.insert({NodeId{2}, Epoch{1}, Seq{5}});
    CHECK(s.reason() == Reason::blocked);
    s.facts.refunds[{NodeId{7}, Epoch{1}, Seq{200}}] = false;
    CHECK(s.reason() == Reason::refunded);
    s.facts.revocations.insert({NodeId{0}, Epoch{1}, Seq{5}});
    CHECK(s.reason() == Reason::revoked);
}

TEST_CASE("zone, direction and the lane's mode are faults of their own") {
    Scene s;
    s.lane.zone = ZoneId{"museum"};
    CHECK(s.reason() == Reason::wrong_zone);
    s.lane.direction = Direction::exit;
    CHECK(s.reason() == Reason::wrong_direction);
    s.lane.usable = false;
    CHECK(s.reason() == Reason::lane_closed);
    CHECK(s.judge().hint == "turnstile_down");
    s.lane.mode = LaneMode::closed;
    CHECK(s.judge().hint.empty());
    s.lane.emergency = true;
    CHECK(s.judge().hint == "emergency");
}

TEST_CASE("before and after its dates a ticket is not yet valid and expired") {
    Scene s;
    s.venue.today = Date{today.value - 1};
    CHECK(s.reason() == Reason::not_yet_valid);
    s.venue.today = Date{today.value + 1};
    CHECK(s.reason() == Reason::expired);
}

TEST_CASE("a session opens its grace before it starts and ends with its end") {
    Scene s;
    s.ticket.session = TicketSession{SessionId{"s1"}, noon, WallTime{noon.value + 3'600'000}};
    const auto at = [&](std::int64_t minutes) {
        s.venue.wall = WallTime{noon.value + minutes * 60'000};
        return s.reason();
    };
    CHECK(at(-31) == Reason::wrong_session);
    CHECK(at(-30) == Reason::none);
    CHECK(at(59) == Reason::none);
    CHECK(at(60) == Reason::wrong_session);
}

TEST_CASE("a suspect clock refuses only what the floor has certainly passed") {
    Scene s;
    s.venue.clock_suspect = true;
    s.venue.floor_date = today;
    s.venue.today = Date{0};  // 1970
    CHECK(s.judge().decision == Decision::admit);
    CHECK(s.judge().notes == std::vector{Note::clock_suspect});
    s.venue.today = Date{today.value + 4000};
    CHECK(s.judge().notes == std::vector{Note::clock_suspect});
    s.venue.floor_date = Date{today.value + 1};
    CHECK(s.reason() == Reason::expired);
}

TEST_CASE("a suspect clock cannot call a session wrong") {
    Scene s;
    s.venue.clock_suspect = true;
    s.ticket.session = TicketSession{SessionId{"s1"}, WallTime{noon.value - 7'200'000}, WallTime{noon.value - 1}};
    CHECK(s.judge().notes == std::vector{Note::clock_suspect});
}

TEST_CASE("a group goes in at once or in parts, and nobody twice") {
    Scene s;
    s.ticket = ticket_for(5);
    CHECK(s.judge().persons == 5);
    CHECK(s.judge().left == 0);
    CHECK(s.judge().notes == std::vector{Note::group});
    s.question.persons = 2;
    CHECK(s.judge().persons == 2);
    CHECK(s.judge().left == 3);
    s.lane.mode = LaneMode::free;  // nobody is checked, nothing is used
    CHECK(s.judge().left == 5);
    s.lane.mode = LaneMode::normal;
    s.used(2);
    s.question.persons = std::nullopt;
    CHECK(s.judge().persons == 3);
    s.question.persons = 4;
    CHECK(s.reason() == Reason::no_entries_left);
    CHECK(s.judge().left == 3);
    s.question.persons = std::nullopt;
    s.used(3);
    CHECK(s.reason() == Reason::already_used);
    CHECK(s.judge().left == 0);
}

TEST_CASE("an entry stays open for its other persons until the business date ends") {
    Scene s;
    s.ticket = ticket_for(2, 2);
    s.ticket.valid_from = Date{today.value - 1};
    s.used(1, Confirmation::at_once, Direction::entry, Date{today.value - 1});
    // Yesterday's entry is over with one person; a new one is opened today.
    CHECK(s.judge().persons == 2);
    s.used(1);
    CHECK(s.judge().persons == 1);
    s.used(1);
    CHECK(s.reason() == Reason::no_entries_left);
}

TEST_CASE("a ticket that gates out of sight admitted too often has no rest of an entry that it never had") {
    Scene s;
    s.ticket = ticket_for(2);
    s.used(1);
    s.used(2);
    // Three persons held are more than one entry, not the first half of a second one.
    s.question.persons = 1;
    CHECK(s.reason() == Reason::already_used);

    Scene dated;
    dated.ticket = ticket_for(2);
    dated.ticket.valid_from = Date{today.value - 1};
    dated.used(1, Confirmation::at_once, Direction::entry, Date{today.value - 1});
    dated.used(1);
    CHECK(dated.reason() == Reason::already_used);
}

TEST_CASE("a card of ten entries lets three friends in together by hand") {
    Scene s;
    s.ticket = ticket_for(1, 10);
    CHECK(s.judge().persons == 1);
    s.question.persons = 3;
    CHECK(s.judge().persons == 3);
    s.used(3);
    s.question.persons = 8;
    CHECK(s.reason() == Reason::no_entries_left);
    s.question.persons = 7;
    CHECK(s.judge().persons == 7);
}

TEST_CASE("an abandoned person keeps the ticket, an unknown one has used it") {
    Scene s;
    auto& use = s.used(1, Confirmation::by_passage);
    CHECK(s.reason() == Reason::already_used);
    s.ended(use, PassageOutcome::unknown, 1);
    CHECK(s.reason() == Reason::already_used);
    s.ended(use, PassageOutcome::abandoned, 1);
    CHECK(s.judge().decision == Decision::admit);
}

TEST_CASE("companions go in beside each entry up to the product's allowance") {
    Scene s;
    s.ticket = ticket_for(2);
    s.ticket.companions = 2;
    s.question.persons = 1;
    s.question.companions = 3;
    CHECK(s.judge().companions == 2);
    auto& use = s.used(1, Confirmation::by_passage);
    use.companions = 2;
    CHECK(s.judge().companions == 0);
    s.ended(use, PassageOutcome::turned, 1);
    CHECK(s.judge().companions == 0);
    use.passages[{NodeId{3}, Epoch{1}, Seq{90}}] = {use.verdict, PassageOutcome::abandoned, Evidence::timeout, 0, 1};
    CHECK(s.judge().companions == 1);  // who did not come may come with the next
    use.passages[{NodeId{3}, Epoch{1}, Seq{91}}] = {use.verdict, PassageOutcome::unknown, Evidence::device, 0, 1};
    CHECK(s.judge().companions == 1);
}

TEST_CASE("a gate that hears nobody does what the product's policy says") {
    Scene s;
    s.venue.isolated = true;
    CHECK(s.judge().notes == std::vector{Note::unconfirmed});
    s.venue.policy = IsolatedPolicy::refuse;
    CHECK(s.reason() == Reason::policy_isolated);
    s.venue.policy = IsolatedPolicy::ask;
    CHECK(s.reason() == Reason::policy_isolated);
    CHECK(s.judge().hint == "ask");
    s.question.let_through = true;
    CHECK(s.judge().notes == std::vector{Note::unconfirmed});
}

TEST_CASE("notes say what the attendant must look at, in one order") {
    Scene s;
    s.ticket = ticket_for(3);
    s.ticket.check_id = s.ticket.concession = true;
    s.venue.isolated = true;
    CHECK(s.judge().notes == std::vector{Note::check_id, Note::concession, Note::group, Note::unconfirmed});
}

TEST_CASE("in free mode a good ticket is welcome and nothing of it is used") {
    Scene s;
    s.lane.mode = LaneMode::free;
    CHECK(s.judge().decision == Decision::admit);
    CHECK(s.judge().persons == 0);
    s.lane.mode = LaneMode::green;
    CHECK(s.judge().persons == 1);
}

TEST_CASE("generated: a ticket whose uses reach its right is admitted by nobody, however they came about") {
    std::uint32_t random = 7;
    const auto below = [&](std::uint32_t n) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 8U) % n;
    };
    for (int round = 0; round < 2000; ++round) {
        Scene s;
        s.ticket = ticket_for(static_cast<std::uint16_t>(1 + below(4)), static_cast<std::uint16_t>(1 + below(4)));
        s.ticket.valid_from = Date{today.value - 3};
        const std::uint32_t right = std::uint32_t{s.ticket.entries} * s.ticket.persons;
        for (std::uint32_t held = 0; held < right;) {
            const auto persons = static_cast<std::uint16_t>(1 + below(s.ticket.persons));
            s.used(persons, Confirmation::at_once, Direction::entry, Date{today.value - static_cast<int>(below(4))});
            held += persons;
        }
        s.question.persons = 1;
        CHECK(s.judge().decision == Decision::refuse);
    }
}

TEST_CASE("generated: whatever the uses, no ticket gives out more than entries x persons") {
    std::uint32_t random = 42;
    const auto below = [&](std::uint32_t n) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 8U) % n;
    };
    for (int round = 0; round < 2000; ++round) {
        Scene s;
        s.ticket = ticket_for(static_cast<std::uint16_t>(1 + below(4)), static_cast<std::uint16_t>(1 + below(4)));
        s.ticket.valid_from = Date{today.value - 3};
        s.ticket.reentry = below(2) == 0;
        std::uint32_t given = 0;
        for (int scan = 0; scan < 20; ++scan) {
            s.venue.today = Date{today.value - 3 + scan / 5};
            s.question.persons = below(3) == 0 ? std::optional<std::uint16_t>{} : static_cast<std::uint16_t>(below(4));
            s.question.direction = below(3) == 0 ? Direction::exit : Direction::entry;
            const auto out = s.judge();
            if (out.decision == Decision::refuse) continue;
            const auto how = below(2) == 0 ? Confirmation::at_once : Confirmation::by_passage;
            auto& use = s.used(out.persons, how, s.question.direction, s.venue.today);
            use.reentry = out.reentry;
            if (how == Confirmation::by_passage)
                for (std::uint16_t i = 0; i < out.persons; ++i) s.ended(use, static_cast<PassageOutcome>(below(3)), 1);
            if (s.question.direction == Direction::entry && !out.reentry) given += use.held();
        }
        CHECK(given <= std::uint32_t{s.ticket.entries} * s.ticket.persons);
    }
}
