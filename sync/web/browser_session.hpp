// A browser's session: the operator's token in a cookie that no script can read, and a second token that only a page
// of this server can read and send back, so that no other page can command it in the operator's name.
//
// The cookie is HttpOnly and SameSite=Strict and ends with the browser. Browsers keep one jar for all ports of a host,
// so each server's cookie has a name of its own. The second token is a MAC over the first: nothing is stored, a restart
// changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemas/crypto/crypto.hpp"
#include "sync/link/http_message.hpp"

namespace gatehouse::sync {

// The value of Set-Cookie; an empty token ends the session.
[[nodiscard]] std::string session_cookie(std::string_view cookie, std::string_view token, bool secure);
// The token in the request's cookie; nothing when there is none.
[[nodiscard]] std::optional<std::string> session_token(const HttpRequest& request, std::string_view cookie);
// What a page sends as X-CSRF-Token with everything but GET.
[[nodiscard]] std::string csrf_token(const MacKey& key, std::string_view session);
[[nodiscard]] bool csrf_holds(const HttpRequest& request, const MacKey& key, std::string_view session);

}  // namespace gatehouse::sync
