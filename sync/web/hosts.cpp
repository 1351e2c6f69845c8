#include "sync/web/hosts.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::sync {

namespace {

// "127.0.0.1:8440" -> "127.0.0.1", "[::1]:1" -> "[::1]", "gate" -> "gate"
std::string_view host_of(std::string_view authority) {
    if (!authority.starts_with('[')) return authority.substr(0, authority.find(':'));
    const auto end = authority.find(']');
    return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
}

bool equal_but_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

KnownHosts::KnownHosts(std::string_view listen, std::vector<std::string> names) : names_(std::move(names)) {
    for (const auto* name : {"localhost", "127.0.0.1", "[::1]"}) names_.emplace_back(name);
    names_.emplace_back(host_of(listen));
}

bool KnownHosts::knows(std::string_view authority) const {
    const auto host = host_of(authority);
    return !host.empty() && std::ranges::any_of(names_, [&](const auto& name) { return equal_but_case(name, host); });
}

bool KnownHosts::allow(const HttpRequest& request) const {
    if (!request.unix_socket && !knows(request.authority)) return false;
    const auto origin = request.field("origin");
    if (!origin) return true;
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin->starts_with(scheme)) return knows(origin->substr(scheme.size()));
    return false;  // "null" and other schemes
}

}  // namespace gatehouse::sync
