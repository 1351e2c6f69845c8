// Paths of an interface, segment by segment; `{}` stands for one of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::sync {

// What stood for each `{}` of `pattern`, or nothing when `path` is not like it.
[[nodiscard]] std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

}  // namespace gatehouse::sync
