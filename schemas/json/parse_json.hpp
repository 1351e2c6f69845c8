// JSON as Gatehouse takes it from anybody: RFC 8259 without extensions, valid UTF-8, every key once, within limits.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string_view>

#include "schemas/base/result.hpp"

namespace gatehouse {

struct JsonLimits {
    std::size_t octets = 64 * 1024;
    std::size_t depth = 16;  // arrays and objects inside each other, at most 32
};

// Errors: too_large (octets), invalid_body (everything else; `detail` names the offset).
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view text, JsonLimits limits = {});

}  // namespace gatehouse
