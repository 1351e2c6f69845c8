// Machines that are wrong on purpose, by a wrong shell or setting, never by other product code: each must be caught.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::sim {

enum class Mutant : std::uint8_t {
    none,
    sync_normal,            // PRAGMA synchronous=NORMAL
    lying_disk_retry,       // a failed flush is tried again, and believed
    ack_before_sync,        // "synced" is said when the record is queued
    reuse_seq_after_crash,  // after a power cut an older copy of the database is put back, the epoch goes on
    dedupe_off,             // a client's id is forgotten when the process dies
    lease_double,           // central grants without looking at its pool
    deaf_peers,             // what peers send is thrown away
    late_peers,             // what peers send is looked at a second later
    open_early,             // the barrier opens when the verdict is queued
    receipt_before_commit,  // central acknowledges before its commit
    refuse_all,             // nodes believe another authority, so that no other seller's ticket is good
    refuse_at_lane,         // one lane takes itself for one of another zone
};
inline constexpr std::array all_mutants{
    Mutant::sync_normal, Mutant::lying_disk_retry,      Mutant::ack_before_sync, Mutant::reuse_seq_after_crash,
    Mutant::dedupe_off,  Mutant::lease_double,          Mutant::deaf_peers,      Mutant::late_peers,
    Mutant::open_early,  Mutant::receipt_before_commit, Mutant::refuse_all,      Mutant::refuse_at_lane};
[[nodiscard]] std::string_view to_string(Mutant mutant);
[[nodiscard]] std::optional<Mutant> parse_mutant(std::string_view name);

}  // namespace gatehouse::sim
