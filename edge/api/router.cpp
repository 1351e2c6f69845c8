#include "edge/api/router.hpp"

namespace gatehouse::edge {

namespace {

std::string_view take_segment(std::string_view& rest) {
    rest.remove_prefix(1);  // '/'
    const auto end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    return segment;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> parts;
    while (!pattern.empty() && !path.empty() && path.front() == '/') {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (wanted == "{}" && !given.empty()) {
            parts.emplace_back(given);
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parts;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Access access, ApiHandler handler) {
    routes_.push_back({std::move(method), std::move(pattern), access, std::move(handler)});
}

RouteFound Router::find(std::string_view method, std::string_view path) const {
    RouteFound found;
    for (const Route& route : routes_) {
        auto parts = match(route.pattern, path);
        if (!parts) continue;
        if (route.method == method) return {&route, std::move(*parts), {}};
        if (!found.allowed.empty()) found.allowed += ", ";
        found.allowed += route.method;
    }
    return found;
}

}  // namespace gatehouse::edge
