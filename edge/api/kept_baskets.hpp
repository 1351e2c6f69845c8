// Baskets of a window as a file of mode 0600, so that they are there again when node and page start anew together.
// What is not in a file of an earlier release stays unknown. Not flushed: nobody has bought them, and no sale waits for
// them.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>

#include "edge/api/services.hpp"
#include "schemas/json/json_reader.hpp"

namespace gatehouse::edge {

// `windows/NAME/baskets` of schemas/api/node.openapi.yaml.
[[nodiscard]] boost::json::object baskets_json(const Baskets& baskets);
[[nodiscard]] Baskets read_baskets(JsonReader& in);

// Replaces the file of the window at once. Errors: io.
[[nodiscard]] Result<void> keep_baskets(const std::filesystem::path& folder, const WindowName& window,
                                        const Baskets& baskets);
// Nothing when there are none, or none that can be read.
[[nodiscard]] std::optional<Baskets> kept_baskets(const std::filesystem::path& folder, const WindowName& window);

}  // namespace gatehouse::edge
