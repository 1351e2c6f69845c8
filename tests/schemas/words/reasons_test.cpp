#include "schemas/words/reasons.hpp"

#include <doctest/doctest.h>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;

namespace {

std::optional<StatedReason> of(std::string_view detail, ErrorCode code = ErrorCode::invalid_body) {
    static std::string kept;  // what is found are views of it
    kept = detail;
    static Error error;
    error = fail(code, kept);
    return reason_of(error);
}

}  // namespace

TEST_CASE("a detail is a stable word with what it names, whatever the field") {
    CHECK(of("lines[0].quantity: out of range") == StatedReason{"range", {}});
    CHECK(of("limit: is not a number from 1 to 200") == StatedReason{"between", {{"least", "1"}, {"most", "200"}}});
    CHECK(of("sessions.s-1.capacity: 30 units have been granted") == StatedReason{"granted_units", {{"units", "30"}}});
    CHECK(of("window: ann has a shift open there") == StatedReason{"open_shift", {{"operator", "ann"}}});
    CHECK(of("7 fields where 8 are named") == StatedReason{"fields", {{"count", "7"}}});
    CHECK(of("the body is not an object") == StatedReason{"form", {}});
    CHECK(of("column valid_to is there twice") == StatedReason{"column", {{"column", "valid_to"}}});
}

TEST_CASE("what is of no form has no reason") {
    CHECK(of("persons") == std::nullopt);
    CHECK(of("units: the moon is full") == std::nullopt);
    CHECK(of("limit: is not a number from one to 200") == std::nullopt);
    CHECK(of("") == std::nullopt);
    CHECK(of("column " + std::string(600, 'a') + " is missing") == std::nullopt);
}

TEST_CASE("of other codes only what says more than the code has a reason") {
    CHECK(of("session s-1: 3 left", ErrorCode::no_units_left) == StatedReason{"units_left", {{"units", "3"}}});
    CHECK(of("30 left", ErrorCode::no_units_left) == StatedReason{"units_left", {{"units", "30"}}});
    CHECK(of("a node named gate-a is enrolled; revoke it first", ErrorCode::id_reused) ==
          StatedReason{"node_name", {{"name", "gate-a"}}});
    CHECK(of("node gate-a is revoked", ErrorCode::forbidden) == StatedReason{"node_revoked", {{"name", "gate-a"}}});
    CHECK(of("7-1-12-1 is revoked", ErrorCode::ticket_used) ==
          StatedReason{"ticket_revoked", {{"ticket", "7-1-12-1"}}});
    CHECK(of("the disk is full", ErrorCode::storage_unavailable) == std::nullopt);
}

TEST_CASE("the path that a detail begins with is the field's") {
    CHECK(field_of("lines[0].quantity: out of range") == "lines[0].quantity");
    CHECK(field_of("sessions.s-1.capacity: 3 units have been granted") == "sessions.s-1.capacity");
    CHECK(field_of("persons") == "persons");
    CHECK(field_of("the body is not an object") == "");
}
