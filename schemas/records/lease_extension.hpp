// What a lease_granted says behind its body (schemas/records/FORMAT.md): the epoch of the grantee that it is for.
#pragma once

#include "schemas/base/bytes.hpp"
#include "schemas/base/ids.hpp"

namespace gatehouse {

// Nothing for epoch 1: that is what a lease without an extension is for.
[[nodiscard]] Bytes lease_extension(Epoch epoch);

// Epoch 0, which nobody writes, where `extension` cannot be read. What follows the epoch is a later release's.
[[nodiscard]] Epoch leased_epoch(ByteView extension);

}  // namespace gatehouse
