// cereal on bytes that nobody vouches for. The stock input archives allocate what a hostile length says (8 GiB from
// nine bytes), take any octet as a bool, and ignore what is left over. These do none of it:
//
//   - integers are little-endian and of fixed width; floats do not exist
//   - a length is 32 bits and never larger than the bytes that remain
//   - bool is 0 or 1; an enum lies below its `enum_count`
//   - strings and vectors hold at most `largest_container` elements, and vectors grow as their elements are read
//   - presence of an optional is a bool, 1 when its value follows
//
// The caller asks `remaining()` at the end: all bytes must be used. Included by schemas/wire/*.cpp alone.
#pragma once

#include <algorithm>
#include <array>
#include <cereal/cereal.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::wire {

constexpr std::uint32_t largest_container = 1U << 20U;

class BoundedOut : public cereal::OutputArchive<BoundedOut, cereal::AllowEmptyClassElision> {
public:
    explicit BoundedOut(Bytes& out) : OutputArchive(this), out_(out) {}

    template <std::unsigned_integral U>
    void put(U value) {
        for (unsigned i = 0; i < sizeof(U); ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
    }
    void put_octets(const void* data, std::size_t size) {
        const auto* first = static_cast<const std::uint8_t*>(data);
        out_.insert(out_.end(), first, first + size);
    }

private:
    Bytes& out_;
};

class BoundedIn : public cereal::InputArchive<BoundedIn, cereal::AllowEmptyClassElision> {
public:
    explicit BoundedIn(ByteView in) : InputArchive(this), in_(in), size_(in.size()) {}

    [[nodiscard]] std::size_t remaining() const { return in_.size(); }
    [[nodiscard]] std::size_t offset() const { return size_ - in_.size(); }

    template <std::unsigned_integral U>
    U take() {
        const auto octets = take_octets(sizeof(U));
        std::uint64_t value = 0;
        for (unsigned i = 0; i < sizeof(U); ++i) value |= static_cast<std::uint64_t>(octets[i]) << (8U * i);
        return static_cast<U>(value);
    }
    ByteView take_octets(std::size_t size) {
        if (size > in_.size()) throw cereal::Exception("truncated");
        const auto octets = in_.first(size);
        in_ = in_.subspan(size);
        return octets;
    }
    std::uint32_t take_length() {
        const auto length = take<std::uint32_t>();
        if (length > in_.size() || length > largest_container) throw cereal::Exception("length exceeds what follows");
        return length;
    }

private:
    ByteView in_;
    std::size_t size_;
};

template <class T>
concept WireInteger = std::integral<T> && !std::same_as<T, bool>;

template <class T>
concept ClosedEnum = std::is_enum_v<T> && requires(T e) { enum_count(e); };

// NOLINTBEGIN(readability-identifier-naming): cereal finds these by their names.
template <WireInteger T>
void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const T& value) {
    archive.put(static_cast<std::make_unsigned_t<T>>(value));
}
template <WireInteger T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, T& value) {
    value = static_cast<T>(archive.take<std::make_unsigned_t<T>>());
}
inline void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const bool& value) {
    archive.put(static_cast<std::uint8_t>(value ? 1 : 0));
}
inline void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, bool& value) {
    const auto octet = archive.take<std::uint8_t>();
    if (octet > 1) throw cereal::Exception("a bool is neither 0 nor 1");
    value = octet == 1;
}
inline void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const std::string& value) {
    archive.put(static_cast<std::uint32_t>(value.size()));
    archive.put_octets(value.data(), value.size());
}
inline void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, std::string& value) {
    value = text_of(archive.take_octets(archive.take_length()));
}
inline void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const Bytes& value) {
    archive.put(static_cast<std::uint32_t>(value.size()));
    archive.put_octets(value.data(), value.size());
}
inline void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, Bytes& value) {
    const auto octets = archive.take_octets(archive.take_length());
    value.assign(octets.begin(), octets.end());
}
template <std::size_t N>
void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const std::array<std::uint8_t, N>& value) {
    archive.put_octets(value.data(), N);
}
template <std::size_t N>
void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, std::array<std::uint8_t, N>& value) {
    const auto octets = archive.take_octets(N);
    std::copy(octets.begin(), octets.end(), value.begin());
}
// Elements are taken one by one: memory grows only as fast as bytes are used up.
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const std::vector<T>& values) {
    archive.put(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) archive(value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, std::vector<T>& values) {
    const auto length = archive.take_length();
    values.clear();
    for (std::uint32_t i = 0; i < length; ++i) {
        T value{};
        archive(value);
        values.push_back(std::move(value));
    }
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const std::optional<T>& value) {
    archive(value.has_value());
    if (value) archive(*value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, std::optional<T>& value) {
    bool present = false;
    archive(present);
    value.reset();
    if (!present) return;
    T inner{};
    archive(inner);
    value = std::move(inner);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BoundedOut& archive, const cereal::NameValuePair<T>& pair) {
    archive(pair.value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BoundedIn& archive, cereal::NameValuePair<T>& pair) {
    archive(pair.value);
}
// cereal calls this after each value it has read.
template <ClosedEnum E>
void epilogue(BoundedIn& /*archive*/, const E& value) {
    using Number = std::underlying_type_t<E>;
    static_assert(std::is_unsigned_v<Number>);
    if (static_cast<Number>(value) >= enum_count(value)) throw cereal::Exception("a number stands for nothing");
}
// NOLINTEND(readability-identifier-naming)

}  // namespace gatehouse::wire

CEREAL_REGISTER_ARCHIVE(gatehouse::wire::BoundedIn)
CEREAL_REGISTER_ARCHIVE(gatehouse::wire::BoundedOut)
CEREAL_SETUP_ARCHIVE_TRAITS(gatehouse::wire::BoundedIn, gatehouse::wire::BoundedOut)
