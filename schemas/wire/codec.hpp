// Structs to bytes and back, by their `serialize`: see bounded_archive.hpp for the encoding and its bounds.
#pragma once

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"

namespace gatehouse::wire {

// Defined for the types instantiated in schemas/wire/*.cpp (record bodies, headers, protocol messages).
template <class T>
[[nodiscard]] Bytes encode(const T& value);

// Errors: truncated, invalid_body (with the offset), too_large. All bytes must be used.
template <class T>
[[nodiscard]] Result<T> decode(ByteView bytes);

}  // namespace gatehouse::wire
