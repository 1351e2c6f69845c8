#include "tests/sim/chance.hpp"

namespace gatehouse::sim {

std::uint64_t Chance::next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

Chance Chance::fork(std::string_view name) const {
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ state_;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    Chance child(hash);
    static_cast<void>(child.next());
    return child;
}

Duration Chance::between(Duration low, Duration high) {
    return low + Duration(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
}

}  // namespace gatehouse::sim
