#include "sync/central/bearer.hpp"

#include <charconv>

namespace gatehouse::central {

namespace {

constexpr std::string_view prefix = "g1.";
constexpr std::size_t mac_digits = 64;

std::string mac_of(const MacKey& key, std::string_view signed_part, std::string_view pin_hash) {
    std::string message{signed_part};
    message += '\n';
    message += pin_hash;
    return to_hex(hmac(key, view_of(message)));
}

}  // namespace

BearerToken issue_bearer(const MacKey& key, const Operator& operator_, WallTime now) {
    const auto seconds = now.value / 1000 + std::chrono::seconds{token_life}.count();
    std::string text = std::string{prefix} + operator_.name.value + '.' + std::to_string(seconds);
    const auto mac = mac_of(key, text, operator_.pin_hash);
    return {text + '.' + mac, WallTime{seconds * 1000}};
}

const Operator* check_bearer(const MacKey& key, const Catalogue& catalogue, std::string_view text, WallTime now) {
    if (text.size() > 256 || !text.starts_with(prefix)) return nullptr;
    // A name may contain dots: the last two fields are taken off the end.
    const auto mac_at = text.rfind('.');
    if (text.size() - mac_at - 1 != mac_digits || mac_at <= prefix.size()) return nullptr;
    const auto signed_part = text.substr(0, mac_at);
    const auto expires_at = signed_part.rfind('.');
    if (expires_at <= prefix.size()) return nullptr;
    const auto digits = signed_part.substr(expires_at + 1);
    std::int64_t expires = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), expires);
    if (error != std::errc{} || end != digits.data() + digits.size()) return nullptr;
    const OperatorName name{std::string{signed_part.substr(prefix.size(), expires_at - prefix.size())}};
    const auto* operator_ = catalogue.operator_named(name);
    if (operator_ == nullptr || operator_->pin_hash.empty()) return nullptr;
    const auto mac = mac_of(key, signed_part, operator_->pin_hash);
    if (!equal_constant_time(view_of(mac), view_of(text.substr(mac_at + 1)))) return nullptr;
    return now.value < expires * 1000 ? operator_ : nullptr;
}

}  // namespace gatehouse::central
