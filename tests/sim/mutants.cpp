#include "tests/sim/mutants.hpp"

namespace gatehouse::sim {

std::string_view to_string(Mutant mutant) {
    switch (mutant) {
        case Mutant::none: return "none";
        case Mutant::sync_normal: return "sync_normal";
        case Mutant::lying_disk_retry: return "lying_disk_retry";
        case Mutant::ack_before_sync: return "ack_before_sync";
        case Mutant::reuse_seq_after_crash: return "reuse_seq_after_crash";
        case Mutant::dedupe_off: return "dedupe_off";
        case Mutant::lease_double: return "lease_double";
        case Mutant::deaf_peers: return "deaf_peers";
        case Mutant::late_peers: return "late_peers";
        case Mutant::open_early: return "open_early";
        case Mutant::receipt_before_commit: return "receipt_before_commit";
        case Mutant::refuse_all: return "refuse_all";
        case Mutant::refuse_at_lane: return "refuse_at_lane";
    }
    return "";
}

std::optional<Mutant> parse_mutant(std::string_view name) {
    for (const Mutant mutant : all_mutants)
        if (to_string(mutant) == name) return mutant;
    return std::nullopt;
}

}  // namespace gatehouse::sim
