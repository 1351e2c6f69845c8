// How values go into rows and come back: the only place that knows their SQL shapes. Internal to sync/ledger.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>

#include "schemas/base/ids.hpp"
#include "schemas/base/money.hpp"
#include "sync/ledger/database.hpp"
#include "sync/ledger/ledger.hpp"

namespace gatehouse::ledger {

// Whether to_key can spell it.
[[nodiscard]] constexpr bool has_key(const RecordRef& ref) {
    return ref.epoch.value <= largest_epoch && ref.seq.value <= largest_seq;
}
// Whether it is one that a window can have taken or given back.
[[nodiscard]] constexpr bool is_amount(Minor amount) {
    return amount.value >= -largest_amount.value && amount.value <= largest_amount.value;
}
// Whether it is what a drawer can come to. By comparison: the least number has no opposite that std::abs could give.
[[nodiscard]] constexpr bool is_sum(Minor sum) {
    return sum.value >= -largest_sum.value && sum.value <= largest_sum.value;
}
[[nodiscard]] constexpr std::int64_t journal_key(JournalId id) {
    return (std::int64_t{id.node.value} << 15) | std::int64_t{id.epoch.value};
}
[[nodiscard]] constexpr JournalId journal_of(std::int64_t key) {
    return {NodeId{static_cast<std::uint16_t>(key >> 15)}, Epoch{static_cast<std::uint32_t>(key & largest_epoch)}};
}
// First and last key that a record of this node, or of this journal, can have.
struct KeyRange {
    std::int64_t first;
    std::int64_t last;
};
[[nodiscard]] constexpr KeyRange keys_of(NodeId node) {
    const std::int64_t first = std::int64_t{node.value} << 47;
    return {first, first | ((std::int64_t{1} << 47) - 1)};
}
[[nodiscard]] constexpr KeyRange keys_of(JournalId id) {
    const std::int64_t first = journal_key(id) << 32;
    return {first, first | std::int64_t{0xffffffff}};
}

inline void bind_value(Statement& statement, std::nullopt_t) { statement.bind_null(); }
template <std::integral T>
void bind_value(Statement& statement, T value) {
    statement.bind(static_cast<std::int64_t>(value));
}
template <class T>
    requires std::is_enum_v<T>
void bind_value(Statement& statement, T value) {
    statement.bind(static_cast<std::int64_t>(value));
}
inline void bind_value(Statement& statement, const std::string& text) { statement.bind(std::string_view{text}); }
inline void bind_value(Statement& statement, std::string_view text) { statement.bind(text); }
inline void bind_value(Statement& statement, ByteView blob) { statement.bind(blob); }
inline void bind_value(Statement& statement, const Bytes& blob) { statement.bind(ByteView{blob}); }
template <std::size_t N>
void bind_value(Statement& statement, const std::array<std::uint8_t, N>& blob) {
    statement.bind(ByteView{blob});
}
// Precondition: has_key(ref).
inline void bind_value(Statement& statement, const RecordRef& ref) { statement.bind(to_key(ref)); }
inline void bind_value(Statement& statement, JournalId id) { statement.bind(journal_key(id)); }
template <class Tag, class Rep>
void bind_value(Statement& statement, const Strong<Tag, Rep>& value) {
    bind_value(statement, value.value);
}
template <class T>
void bind_value(Statement& statement, const std::optional<T>& value) {
    if (value)
        bind_value(statement, *value);
    else
        statement.bind_null();
}

// A statement with its parameters in order. Blobs must outlive it.
template <class... Values>
[[nodiscard]] Statement ask(Database& database, const char* sql, const Values&... values) {
    Statement statement = database.prepare(sql);
    (bind_value(statement, values), ...);
    return statement;
}

[[nodiscard]] inline std::string text_at(const Statement& row, int column) { return std::string{row.text(column)}; }
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> octets_at(const Statement& row, int column) {
    std::array<std::uint8_t, N> out{};
    const auto blob = row.blob(column);
    if (blob.size() == N) std::copy(blob.begin(), blob.end(), out.begin());
    return out;
}
// What total() added up: sum() fails where amounts pass 2^63, which other nodes' records can bring about, and a read
// that fails is taken for a broken disk. Exact as far as here, which no venue comes to; what is beyond is told as this
// much.
constexpr std::int64_t largest_total = std::int64_t{1} << 53;
[[nodiscard]] inline Minor total_at(const Statement& row, int column) {
    return Minor{std::clamp(row.number(column), -largest_total, largest_total)};
}
[[nodiscard]] inline RecordRef ref_at(const Statement& row, int column) { return from_key(row.number(column)); }
template <class T>
[[nodiscard]] T as(std::int64_t value) {
    return static_cast<T>(value);
}

// For those who read: a row, or nothing at the end and on a storage error (which the connection remembers).
[[nodiscard]] inline bool next(Statement& rows) {
    const auto stepped = rows.step();
    return stepped && *stepped;
}

}  // namespace gatehouse::ledger
