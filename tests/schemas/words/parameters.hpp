// What a text leaves open.
#pragma once

#include <set>
#include <string>
#include <string_view>

/// The parameters of a text, with their braces: `{name}`.
inline std::set<std::string> parameters(std::string_view text) {
    std::set<std::string> names;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
        names.emplace(text.substr(open, text.find('}', open) - open + 1));
    return names;
}
