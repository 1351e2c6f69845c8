// Which handler answers which call. A value: paths are matched segment by segment, `{}` stands for one of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/desk/commands.hpp"
#include "sync/link/http_server.hpp"

namespace gatehouse::edge {

struct ApiServices;

// One call on its way: what was asked, by whom, and how to answer. Copies share the answer.
struct ApiCall {
    sync::HttpRequest request;
    std::vector<std::string> parts;  // what stood for each `{}`
    Actor actor;                     // empty on open paths
    sync::HttpRespond respond;
    ApiServices* services = nullptr;
    std::string bearer = {};  // the token that it came with; empty on open paths

    void answer(sync::HttpResponse response) const { respond(std::move(response)); }
};

using ApiHandler = std::function<void(std::shared_ptr<ApiCall>)>;

enum class Access : std::uint8_t {
    open,   // anybody: login and the health paths
    named,  // a token of an operator
};

struct Route {
    std::string method;
    std::string pattern;
    Access access{};
    ApiHandler handler;
};

struct RouteFound {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::vector<std::string> parts;
    std::string allowed;  // methods of the path, for 405; empty: no such path
};

class Router {
public:
    void add(std::string method, std::string pattern, Access access, ApiHandler handler);
    [[nodiscard]] RouteFound find(std::string_view method, std::string_view path) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
};

}  // namespace gatehouse::edge
