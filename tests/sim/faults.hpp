// What can go wrong, and how often it did: a fault that never fired in a whole run of seeds proves nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gatehouse::sim {

enum class Fault : std::uint8_t {
    process_killed,
    killed_in_commit,
    killed_before_answer,
    power_cut,
    power_cut_in_commit,
    sectors_dropped,
    sectors_torn,
    sync_failed,
    disk_full,
    disk_slow,
    link_lost,
    partition,
    one_way_partition,
    frame_duplicated,
    frame_reordered,
    frame_corrupted,
    clock_stepped,
    clock_lost,
    central_restarted,
    central_died_before_answer,
    central_late,
    poison_record,
    unknown_record,
    turnstile_lost,
    printer_lost,
    client_retried,
    code_cloned,
    last_ticket_race,
    resync,
    database_lost,
};
constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::database_lost) + 1;
[[nodiscard]] std::string_view to_string(Fault fault);

class FaultCounts {
public:
    void fired(Fault fault, std::uint64_t times = 1) { counts_[static_cast<std::size_t>(fault)] += times; }
    [[nodiscard]] std::uint64_t of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
    void add(const FaultCounts& other) {
        for (std::size_t i = 0; i < fault_count; ++i) counts_[i] += other.counts_[i];
    }

private:
    std::array<std::uint64_t, fault_count> counts_{};
};

}  // namespace gatehouse::sim
