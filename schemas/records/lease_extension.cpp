#include "schemas/records/lease_extension.hpp"

#include "schemas/base/octets.hpp"

namespace gatehouse {

Bytes lease_extension(Epoch epoch) {
    if (epoch == Epoch{1}) return {};
    return OctetWriter{}.number(epoch.value).take();
}

Epoch leased_epoch(ByteView extension) {
    if (extension.empty()) return Epoch{1};
    OctetReader in{extension};
    return Epoch{in.number<std::uint32_t>()};
}

}  // namespace gatehouse
