// A value that cannot be mixed up with another of the same representation.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace gatehouse {

// `Strong<struct SeqTag, std::uint64_t>` and `Strong<struct EpochTag, std::uint64_t>` do not convert.
template <class Tag, class Rep>
struct Strong {
    using rep = Rep;
    Rep value{};

    friend auto operator<=>(const Strong&, const Strong&) = default;
    friend bool operator==(const Strong&, const Strong&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(value);
    }
};

}  // namespace gatehouse

template <class Tag, class Rep>
struct std::hash<gatehouse::Strong<Tag, Rep>> {
    std::size_t operator()(const gatehouse::Strong<Tag, Rep>& s) const noexcept { return std::hash<Rep>{}(s.value); }
};
