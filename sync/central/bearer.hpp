// The bearer tokens of the API: who, until when, and a MAC over both and over the operator's PIN hash. So a token
// survives a restart, nothing is stored, and a new PIN or a removed operator ends all tokens of that name.
// Spelling: "g1.NAME.EXPIRES.MAC", EXPIRES in decimal seconds since 1970, MAC in 64 hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
#include "schemas/catalogue/catalogue.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse::central {

constexpr std::chrono::hours token_life{12};

struct BearerToken {
    std::string text;
    WallTime expires;
};

[[nodiscard]] BearerToken issue_bearer(const MacKey& key, const Operator& operator_, WallTime now);

// The operator whom `text` names, when it is genuine, not expired, and the operator still is in `catalogue` with the
// PIN it was issued for. The pointer lives as long as the catalogue.
[[nodiscard]] const Operator* check_bearer(const MacKey& key, const Catalogue& catalogue, std::string_view text,
                                           WallTime now);

}  // namespace gatehouse::central
