// Which names a browser may use for this server. A page of another site that got its name to point here (DNS
// rebinding) sends its own name as Host, and a foreign page that posts here sends its own Origin: both are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/link/http_message.hpp"

namespace gatehouse::sync {

class KnownHosts {
public:
    // localhost, 127.0.0.1 and [::1] are always known; `listen` is HOST:PORT.
    KnownHosts(std::string_view listen, std::vector<std::string> names);
    [[nodiscard]] bool allow(const HttpRequest& request) const;

private:
    [[nodiscard]] bool knows(std::string_view authority) const;
    std::vector<std::string> names_;
};

}  // namespace gatehouse::sync
