#include "schemas/records/body.hpp"

#include <type_traits>
#include <utility>

#include "schemas/base/check.hpp"
#include "schemas/wire/codec.hpp"

namespace gatehouse {

namespace {

template <std::size_t I = 1>
Result<Body> decode_as(Kind kind, ByteView bytes) {
    if constexpr (I == std::variant_size_v<Body>) {
        return Body{UnknownBody{}};
    } else {
        using Candidate = std::variant_alternative_t<I, Body>;
        if (Candidate::kind != kind) return decode_as<I + 1>(kind, bytes);
        auto body = wire::decode<Candidate>(bytes);
        if (!body) return body.error();
        return Body{std::move(*body)};
    }
}

}  // namespace

Result<Body> decode_body(Kind kind, ByteView bytes) { return decode_as(kind, bytes); }

Kind kind_of(const Body& body) {
    return std::visit(
        [](const auto& b) {
            using B = std::decay_t<decltype(b)>;
            if constexpr (std::is_same_v<B, UnknownBody>) {
                check(false, "an unknown body is never written by us");
                return Kind{};
            } else {
                return B::kind;
            }
        },
        body);
}

Bytes encode_body(const Body& body) {
    return std::visit(
        [](const auto& b) {
            using B = std::decay_t<decltype(b)>;
            if constexpr (std::is_same_v<B, UnknownBody>) {
                check(false, "an unknown body is never written by us");
                return Bytes{};
            } else {
                return wire::encode(b);
            }
        },
        body);
}

}  // namespace gatehouse
