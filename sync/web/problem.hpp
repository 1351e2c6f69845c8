// Errors as RFC 9457 problem+json with the stable `code` of the contract.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "schemas/base/result.hpp"
#include "sync/link/http_message.hpp"

namespace gatehouse::sync {

// `members` are added to the problem ("units_left"); `path` is, when the detail of invalid_body begins with one, and
// `reason` with `reason_values` (schemas/base/why.hpp).
// A retry_after_s of the error is also sent as Retry-After.
[[nodiscard]] HttpResponse problem(const Error& error, const boost::json::object& members = {});
[[nodiscard]] HttpResponse problem(unsigned status, std::string_view code, std::string_view detail);

// `path`, `reason` and `reason_values` of an error, where it has them.
void add_reason(const Error& error, boost::json::object& members);

[[nodiscard]] HttpResponse json_response(unsigned status, const boost::json::value& body);

}  // namespace gatehouse::sync
