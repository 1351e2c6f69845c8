#include "schemas/base/filled.hpp"

#include <algorithm>

namespace gatehouse {

std::string filled(std::string_view text, std::span<const NamedValue> parameters) {
    std::string out;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
        out += text.substr(0, open);
        text.remove_prefix(open);
        const auto name = text.substr(1, text.find('}') == std::string_view::npos ? 0 : text.find('}') - 1);
        const auto found = std::ranges::find(parameters, name, &NamedValue::first);
        const auto length = found == parameters.end() ? 1 : name.size() + 2;
        out += found == parameters.end() ? text.substr(0, 1) : std::string_view{found->second};
        text.remove_prefix(length);
    }
    return out.append(text);
}

}  // namespace gatehouse
