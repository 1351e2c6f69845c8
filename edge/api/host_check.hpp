// Which names a browser may use for this node. A page of another site that got its name to point here (DNS rebinding)
// sends its own name as Host, and a foreign page that posts here sends its own Origin: both are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/link/http_message.hpp"

namespace gatehouse::edge {

// "127.0.0.1:8440" -> "127.0.0.1", "[::1]:1" -> "[::1]", "gate" -> "gate"
[[nodiscard]] std::string_view host_of(std::string_view authority);

class HostCheck {
public:
    // localhost, 127.0.0.1 and [::1] are always known; `listen` is HOST:PORT.
    HostCheck(std::string_view listen, std::vector<std::string> names);
    [[nodiscard]] bool allows(const sync::HttpRequest& request) const;

private:
    [[nodiscard]] bool known(std::string_view host) const;
    std::vector<std::string> names_;
};

}  // namespace gatehouse::edge
