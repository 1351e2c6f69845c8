// The calls of central's API: where each is, and who may make it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "sync/central/api/services.hpp"

namespace gatehouse::central {

struct Route {
    std::string_view method;
    std::string_view path;
    std::optional<Right> right;  // none: open to anybody
    void (*handler)(const Call&);
};

[[nodiscard]] std::span<const Route> api_routes();

}  // namespace gatehouse::central
