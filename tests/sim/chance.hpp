// The only source of chance: one seed makes a whole run, on every machine and with every compiler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::sim {

// SplitMix64 (Steele, Lea, Flood 2014). The standard library's distributions differ between implementations, so they
// are not used.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}
    // A stream of its own: what one part draws does not shift what another sees.
    [[nodiscard]] Chance fork(std::string_view name) const;

    [[nodiscard]] std::uint64_t next();
    // 0..limit-1. Precondition: limit > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    [[nodiscard]] Duration between(Duration low, Duration high);
    [[nodiscard]] double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    [[nodiscard]] bool happens(double probability) { return unit() < probability; }
    template <class Things>
    [[nodiscard]] auto& one_of(Things& things) {
        return things[below(things.size())];
    }
    template <std::size_t N>
    [[nodiscard]] std::array<std::uint8_t, N> octets() {
        std::array<std::uint8_t, N> out{};
        for (auto& octet : out) octet = static_cast<std::uint8_t>(next());
        return out;
    }

private:
    std::uint64_t state_;
};

}  // namespace gatehouse::sim
