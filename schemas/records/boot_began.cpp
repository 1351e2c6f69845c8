#include "schemas/records/boot_began.hpp"

#include <cstdint>

#include "schemas/base/octets.hpp"

namespace gatehouse {

Bytes boot_began_extension(WallTime began) {
    return OctetWriter{}.number(static_cast<std::uint64_t>(began.value)).take();
}

std::optional<WallTime> boot_began(ByteView extension) {
    if (extension.size() < sizeof(std::uint64_t)) return std::nullopt;
    OctetReader in{extension};
    return WallTime{static_cast<std::int64_t>(in.number<std::uint64_t>())};
}

}  // namespace gatehouse
