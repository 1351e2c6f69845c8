// The PIN hashes made for publications that are not written yet: one that comes again meanwhile is the same only with
// the same hash, and a PIN is salted anew each time. A value; only the PIN worker's thread uses it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "schemas/base/ids.hpp"

namespace gatehouse::central {

class FreshPins {
public:
    static constexpr std::size_t most = 64;

    // The hash that was made of this PIN for the same publication, on top of version `expected`, else what `make`
    // makes. `is_of` says whether a hash is the PIN's.
    std::string hash(std::uint64_t expected, const OperatorName& name,
                     const std::function<bool(const std::string&)>& is_of, const std::function<std::string()>& make);

private:
    struct Fresh {
        std::uint64_t expected = 0;
        OperatorName name;
        std::string hash;
    };
    std::deque<Fresh> fresh_;  // the newest last
};

}  // namespace gatehouse::central
