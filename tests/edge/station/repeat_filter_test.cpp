#include "edge/station/repeat_filter.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace std::chrono_literals;

namespace {

constexpr RecordRef ref{NodeId{3}, Epoch{1}, Seq{5}};

Verdict refusal(std::uint8_t code, Reason reason = Reason::unknown) {
    Verdict verdict;
    verdict.decision = Decision::refuse;
    verdict.reason = reason;
    verdict.code = {code};
    return verdict;
}

}  // namespace

TEST_CASE("the first refusal of a code is recorded, its repeats are not") {
    RepeatFilter filter{5s};
    CHECK_FALSE(filter.repeats(refusal(1), Instant{}));
    filter.recorded(refusal(1), ref, Instant{});
    CHECK(filter.repeats(refusal(1), Instant{4s}));
    CHECK(filter.repeats(refusal(1), Instant{8s}));
    CHECK(filter.first() == ref);
    CHECK(filter.deadline() == Instant{13s});
}

TEST_CASE("after the quiet time the repeats are recorded once, with their number") {
    RepeatFilter filter{5s};
    filter.recorded(refusal(1), ref, Instant{});
    CHECK(filter.repeats(refusal(1), Instant{1s}));
    CHECK(filter.repeats(refusal(1), Instant{2s}));
    auto counted = refusal(1);
    counted.repeats = 2;
    CHECK(filter.take() == counted);
    CHECK_FALSE(filter.take());
    CHECK_FALSE(filter.deadline());
    CHECK_FALSE(filter.repeats(refusal(1), Instant{3s}));
}

TEST_CASE("another code or another reason ends the counting") {
    RepeatFilter filter{5s};
    filter.recorded(refusal(1), ref, Instant{});
    CHECK_FALSE(filter.repeats(refusal(2), Instant{1s}));
    CHECK_FALSE(filter.repeats(refusal(1, Reason::expired), Instant{1s}));
    CHECK_FALSE(filter.repeats(refusal(1), Instant{5s}));
}

TEST_CASE("a refusal whose record is lost is recorded again when it is read again") {
    RepeatFilter filter{5s};
    filter.recorded(refusal(1), ref, Instant{});
    CHECK(filter.repeats(refusal(1), Instant{1s}));
    filter.lost(RecordRef{NodeId{3}, Epoch{1}, Seq{6}});
    CHECK(filter.first() == ref);
    filter.lost(ref);
    CHECK_FALSE(filter.repeats(refusal(1), Instant{2s}));
    CHECK_FALSE(filter.take());
}

TEST_CASE("a refusal that was not repeated needs no second record") {
    RepeatFilter filter{5s};
    filter.recorded(refusal(1), ref, Instant{});
    CHECK_FALSE(filter.take());
}
