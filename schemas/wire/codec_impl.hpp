// The bodies of wire::encode and wire::decode, for the .cpp files that instantiate them.
#pragma once

#include "schemas/wire/bounded_archive.hpp"
#include "schemas/wire/codec.hpp"

namespace gatehouse::wire {

template <class T>
Bytes encode(const T& value) {
    Bytes out;
    out.reserve(256);
    BoundedOut archive{out};
    archive(value);
    return out;
}

template <class T>
Result<T> decode(ByteView bytes) {
    BoundedIn archive{bytes};
    try {
        T value{};
        archive(value);
        if (archive.remaining() != 0)
            return fail(ErrorCode::invalid_body, "octets left over at offset " + std::to_string(archive.offset()));
        return value;
    } catch (const cereal::Exception& bad) {
        return fail(ErrorCode::invalid_body,
                    std::string{bad.what()} + " at offset " + std::to_string(archive.offset()));
    }
}

}  // namespace gatehouse::wire

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): an explicit instantiation cannot be a function.
#define GATEHOUSE_WIRE(Type)                              \
    template Bytes wire::encode<Type>(const Type& value); \
    template Result<Type> wire::decode<Type>(ByteView bytes)
