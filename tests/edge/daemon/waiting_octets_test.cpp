#include "edge/daemon/waiting_octets.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::edge;

TEST_CASE("batches of all links wait together, until each was answered") {
    WaitingOctets waiting{100};
    CHECK_FALSE(waiting.too_many());
    waiting.took(1, 60);
    waiting.took(2, 40);
    CHECK_FALSE(waiting.too_many());
    waiting.took(3, 1);
    CHECK(waiting.too_many());
    waiting.answered(2);
    CHECK_FALSE(waiting.too_many());
    waiting.answered(2);
    waiting.answered(9);
    waiting.took(4, 40);
    CHECK(waiting.too_many());
}
