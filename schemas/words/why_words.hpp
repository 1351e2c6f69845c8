// Why something was refused, in both languages: by the stable word of schemas/base/why.hpp and what it names. The pages
// say the same texts (pages/words.mjs).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemas/base/result.hpp"
#include "schemas/words/text.hpp"

namespace gatehouse {

// Nothing when the error's `why` says no more than its code. Of an invalid_body it is what is said of the field: "must
// be 1 to 99"; else a whole sentence.
[[nodiscard]] std::optional<std::string> why_words(const Error& error, Language language);

// "fault_between" and "refused_units_left", for tests; nothing when there is no such text.
struct WhyText {
    std::string_view name;
    std::string_view zh;
    std::string_view en;
};
[[nodiscard]] const WhyText* why_text(std::string_view name);

}  // namespace gatehouse
