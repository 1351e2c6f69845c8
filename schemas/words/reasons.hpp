// Why something was refused, beyond its code: a stable word, `reason` of problem+json, by which pages say it in their
// language (`fault_WORD` or `refused_WORD` of pages.json). Every detail that can reach a person has its form here.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/base/result.hpp"

namespace gatehouse {

// Views of the error that it was made of.
struct StatedReason {
    std::string_view word;                                            // "between"
    std::vector<std::pair<std::string_view, std::string_view>> with;  // {"least", "1"}, {"most", "99"}
    friend bool operator==(const StatedReason&, const StatedReason&) = default;
};

// The path of the bad field that the detail of an invalid_body begins with: "lines[0].quantity"; empty: it names none.
[[nodiscard]] std::string_view field_of(std::string_view detail);

// Nothing where the code says it all, or the detail is of no known form.
[[nodiscard]] std::optional<StatedReason> reason_of(const Error& error);

}  // namespace gatehouse
