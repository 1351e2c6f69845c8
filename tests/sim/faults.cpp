#include "tests/sim/faults.hpp"

namespace gatehouse::sim {

std::string_view to_string(Fault fault) {
    switch (fault) {
        case Fault::process_killed: return "process killed";
        case Fault::killed_in_commit: return "process killed in a commit";
        case Fault::killed_before_answer: return "process killed between commit and answer";
        case Fault::power_cut: return "power cut";
        case Fault::power_cut_in_commit: return "power cut in a commit";
        case Fault::sectors_dropped: return "unsynced sectors dropped";
        case Fault::sectors_torn: return "unsynced sectors torn";
        case Fault::sync_failed: return "flush failed";
        case Fault::disk_full: return "disk full";
        case Fault::disk_slow: return "disk slow";
        case Fault::link_lost: return "connection lost";
        case Fault::partition: return "partition";
        case Fault::one_way_partition: return "one-way partition";
        case Fault::frame_duplicated: return "frame duplicated";
        case Fault::frame_reordered: return "frames reordered";
        case Fault::frame_corrupted: return "frame corrupted";
        case Fault::clock_stepped: return "clock stepped";
        case Fault::clock_lost: return "clock back to 1970";
        case Fault::central_restarted: return "central restarted";
        case Fault::central_died_before_answer: return "central died between commit and answer";
        case Fault::central_late: return "central answered late";
        case Fault::poison_record: return "poison record";
        case Fault::unknown_record: return "record of an unknown kind";
        case Fault::turnstile_lost: return "turnstile lost";
        case Fault::printer_lost: return "printer lost";
        case Fault::client_retried: return "client retried with the same id";
        case Fault::code_cloned: return "code shown at several gates";
        case Fault::last_ticket_race: return "last units raced for";
        case Fault::resync: return "everything offered again";
        case Fault::database_lost: return "database lost";
    }
    return "";
}

}  // namespace gatehouse::sim
