#include "tests/support/skipping.hpp"

#include <cstdio>

namespace gatehouse {

namespace {
unsigned skips = 0;
}

void skip_test(std::string_view reason) {
    ++skips;
    std::printf("skipped: %.*s\n", static_cast<int>(reason.size()), reason.data());
}

unsigned skipped_tests() { return skips; }

}  // namespace gatehouse
