// Record bodies as JSON, for exports and for people who read journals. The stored octets are the truth; this is a view.
#pragma once

#include <boost/json/object.hpp>

#include "schemas/records/body.hpp"

namespace gatehouse {

// Field names are those of the structs; amounts end in `_minor`, record references and ticket ids are text
// ("7-1-1234-1"), octets hexadecimal, times RFC 3339 in UTC. PIN hashes are left out. Empty for UnknownBody.
[[nodiscard]] boost::json::object body_json(const Body& body);

// Whether the stored octets hold PIN hashes, so that an export must not show them.
[[nodiscard]] bool holds_pin_hashes(const Body& body);

[[nodiscard]] std::string_view to_string(ClockQuality quality);

}  // namespace gatehouse
