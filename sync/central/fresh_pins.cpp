#include "sync/central/fresh_pins.hpp"

namespace gatehouse::central {

std::string FreshPins::hash(std::uint64_t expected, const OperatorName& name,
                            const std::function<bool(const std::string&)>& is_of,
                            const std::function<std::string()>& make) {
    for (const auto& one : fresh_)
        if (one.expected == expected && one.name == name && is_of(one.hash)) return one.hash;
    if (fresh_.size() >= most) fresh_.pop_front();
    fresh_.push_back({expected, name, make()});
    return fresh_.back().hash;
}

}  // namespace gatehouse::central
