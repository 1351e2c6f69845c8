#include "edge/api/host_check.hpp"

#include <algorithm>

namespace gatehouse::edge {

namespace {

bool equal_but_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
    }
    return authority.substr(0, authority.find(':'));
}

HostCheck::HostCheck(std::string_view listen, std::vector<std::string> names) : names_(std::move(names)) {
    for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) names_.emplace_back(name);
    names_.emplace_back(host_of(listen));
}

bool HostCheck::known(std::string_view host) const {
    return !host.empty() && std::any_of(names_.begin(), names_.end(),
                                        [&](const std::string& name) { return equal_but_case(name, host); });
}

bool HostCheck::allows(const sync::HttpRequest& request) const {
    if (!request.unix_socket && !known(host_of(request.authority))) return false;
    const auto origin = request.field("origin");
    if (!origin) return true;
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin->starts_with(scheme)) return known(host_of(origin->substr(scheme.size())));
    return false;  // "null" and other schemes
}

}  // namespace gatehouse::edge
