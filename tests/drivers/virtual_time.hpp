// Instants for tests of machines: milliseconds after an arbitrary beginning.
#pragma once

#include <cstdint>

#include "schemas/base/time.hpp"

namespace gatehouse::drivers::test {

[[nodiscard]] inline Instant at_ms(std::int64_t ms) {
    return Instant(std::chrono::seconds(1'000) + std::chrono::milliseconds(ms));
}

}  // namespace gatehouse::drivers::test
