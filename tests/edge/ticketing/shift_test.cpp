#include "edge/ticketing/shift.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::edge;

TEST_CASE("who counts a drawer is told no sum while it is open, whatever else she is, short of seeing the money") {
    const std::vector clerk{Role::clerk};
    CHECK(counts_blindly(clerk, true));
    CHECK_FALSE(counts_blindly(clerk, false));
    CHECK_FALSE(sees_open_cash(clerk));
    CHECK(counts_blindly({Role::attendant, Role::clerk, Role::operator_}, true));
    for (const auto role : {Role::supervisor, Role::manager, Role::auditor, Role::administrator}) {
        CHECK(sees_open_cash({role}));
        CHECK_FALSE(counts_blindly({Role::clerk, role}, true));
    }
    for (const auto role : {Role::attendant, Role::operator_}) {
        CHECK_FALSE(sees_open_cash({role}));
        CHECK_FALSE(counts_blindly({role}, true));
    }
}
