// Errors as RFC 9457 problem+json with the stable `code` of the contract.
#pragma once

#include "schemas/base/result.hpp"
#include "sync/link/http_message.hpp"

namespace gatehouse::edge {

[[nodiscard]] unsigned http_status(ErrorCode code);
[[nodiscard]] sync::HttpResponse problem(const Error& error);
[[nodiscard]] sync::HttpResponse problem(unsigned status, std::string_view code, std::string_view detail);

}  // namespace gatehouse::edge
