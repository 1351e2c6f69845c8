#include "schemas/config/start.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;

TEST_CASE("A daemon that cannot start ends with the code that says who can help") {
    CHECK(exit_at_start(ErrorCode::config) == 78);
    CHECK(exit_at_start(ErrorCode::not_found) == 78);
    CHECK(exit_at_start(ErrorCode::schema_newer) ==
          78);  // an older program never reads it, however often it is started
    CHECK(exit_at_start(ErrorCode::forbidden) == 77);
    CHECK(exit_at_start(ErrorCode::unavailable) == 75);
    CHECK(exit_at_start(ErrorCode::io) == 74);
    CHECK(exit_at_start(ErrorCode::chain_broken) == 74);
    CHECK(exit_at_start(ErrorCode::internal) == 70);
}
