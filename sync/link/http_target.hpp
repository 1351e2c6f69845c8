// The request target of HTTP: path and query, decoded strictly.
#pragma once

#include <string_view>

#include "schemas/base/result.hpp"
#include "sync/link/http_message.hpp"

namespace gatehouse::sync {

// Fills in path and query. Errors: invalid_body (see HttpRequest::path for what is refused).
[[nodiscard]] Result<void> parse_target(std::string_view target, HttpRequest& request);

}  // namespace gatehouse::sync
