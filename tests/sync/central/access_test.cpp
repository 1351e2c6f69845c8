#include "sync/central/access.hpp"

#include <doctest/doctest.h>

using namespace gatehouse;
using namespace gatehouse::central;

TEST_CASE("an administrator may everything") {
    const Role admin[]{Role::administrator};
    for (unsigned i = 0; i <= static_cast<unsigned>(Right::follow_events); ++i)
        CHECK(may(admin, static_cast<Right>(i)));
}

TEST_CASE("a clerk and an attendant read the catalogue and the head count, nothing more") {
    const Role staff[]{Role::clerk, Role::attendant};
    for (unsigned i = 0; i <= static_cast<unsigned>(Right::follow_events); ++i) {
        const auto right = static_cast<Right>(i);
        CHECK(may(staff, right) == (right == Right::read_catalogue || right == Right::read_occupancy));
    }
}

TEST_CASE("only an administrator changes operators; a manager changes what is sold") {
    const Role manager[]{Role::manager};
    const Role technician[]{Role::operator_};
    CHECK(may(manager, Right::write_catalogue));
    CHECK_FALSE(may(manager, Right::write_operators));
    CHECK_FALSE(may(technician, Right::write_catalogue));
    CHECK(may(technician, Right::enrol_nodes));
    CHECK_FALSE(may({}, Right::read_catalogue));
}
