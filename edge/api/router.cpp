#include "edge/api/router.hpp"

#include "sync/web/path_match.hpp"

namespace gatehouse::edge {

void Router::add(std::string method, std::string pattern, Access access, ApiHandler handler) {
    routes_.push_back({std::move(method), std::move(pattern), access, std::move(handler)});
}

RouteFound Router::find(std::string_view method, std::string_view path) const {
    RouteFound found;
    for (const Route& route : routes_) {
        auto parts = sync::match_path(route.pattern, path);
        if (!parts) continue;
        if (route.method == method) return {&route, std::move(*parts), {}};
        if (!found.allowed.empty()) found.allowed += ", ";
        found.allowed += route.method;
    }
    return found;
}

}  // namespace gatehouse::edge
