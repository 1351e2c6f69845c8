#include "schemas/base/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace gatehouse {

std::string to_string(const RecordRef& ref) {
    return std::to_string(ref.node.value) + '-' + std::to_string(ref.epoch.value) + '-' + std::to_string(ref.seq.value);
}

std::string to_string(const TicketId& id) { return to_string(id.sold) + '-' + std::to_string(id.ordinal); }

namespace {

// Splits "a-b-c" into exactly `parts.size()` decimal numbers without signs or leading zeros.
bool parse_numbers(std::string_view text, std::span<std::uint64_t> parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
        const auto length = static_cast<std::size_t>(end - text.data());
        if (error != std::errc{} || (length > 1 && text.front() == '0')) return false;
        text.remove_prefix(length);
        const bool last = i + 1 == parts.size();
        if (last) return text.empty();
        if (!text.starts_with('-')) return false;
        text.remove_prefix(1);
    }
    return false;
}

std::optional<RecordRef> make_ref(std::uint64_t node, std::uint64_t epoch, std::uint64_t seq) {
    if (node > std::numeric_limits<std::uint16_t>::max() || epoch > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    return RecordRef{NodeId{static_cast<std::uint16_t>(node)}, Epoch{static_cast<std::uint32_t>(epoch)}, Seq{seq}};
}

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<RecordRef> parse_record_ref(std::string_view text) {
    std::array<std::uint64_t, 3> n{};
    if (!parse_numbers(text, n)) return std::nullopt;
    return make_ref(n[0], n[1], n[2]);
}

std::optional<TicketId> parse_ticket_id(std::string_view text) {
    std::array<std::uint64_t, 4> n{};
    if (!parse_numbers(text, n) || n[3] > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    const auto ref = make_ref(n[0], n[1], n[2]);
    if (!ref) return std::nullopt;
    return TicketId{*ref, static_cast<std::uint16_t>(n[3])};
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 32 && is_name_start(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_name_start(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_client_id(std::string_view text) {
    const auto allowed = [](char c) {
        return is_name_start(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

}  // namespace gatehouse
