// What every record says about itself, and the kinds there are. On disk and on the wire: schemas/records/FORMAT.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "schemas/base/bytes.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse {

// Stable numbers. A reader that does not know a kind stores and forwards the record untouched.
enum class Kind : std::uint16_t {
    // the node itself
    epoch_opened = 1,
    node_started = 2,
    clock_corrected = 3,
    config_applied = 4,
    device_changed = 5,
    storage_closed = 6,
    // people
    login_attempted = 10,
    login_succeeded = 11,
    // windows
    shift_opened = 20,
    cash_moved = 21,
    shift_closed = 22,
    sale = 30,
    refund = 31,
    reprint = 32,
    reissue = 33,
    print_resolved = 34,
    // gates
    verdict = 40,
    passage = 41,
    lane_mode_set = 42,
    emergency_set = 43,
    lane_counted = 44,
    scan_joined = 45,
    let_through_ordered = 46,
    // sessions
    lease_received = 50,
    // operators
    resync_ordered = 60,
    device_ordered = 61,
    // central's journal (node 0)
    catalogue_published = 100,
    node_enrolled = 101,
    node_revoked = 102,
    ticket_revoked = 103,
    lease_granted = 104,
    order_imported = 105,
    conflict_resolved = 106,
    enrolment_token_issued = 107,
    central_login = 108,
    resync_requested = 109,
    tender_settled = 110,
    lease_ordered = 111,
};

// "sale", "verdict", …; "unknown" for a number this release does not know.
[[nodiscard]] std::string_view to_string(Kind kind);

struct Header {
    Kind kind{};
    NodeId node;
    Epoch epoch;
    Seq seq;
    Hash prev{};  // hash of record seq-1; of the journal's genesis for seq 1
    WallTime wall;
    BootId boot{};
    std::uint64_t boot_ns = 0;  // CLOCK_BOOTTIME at the moment of deciding
    ClockQuality clock = ClockQuality::synced;
    Date business_date;  // provisional while `clock` is suspect; a clock_corrected record fixes it
    OperatorName actor;  // who acted; empty for the machine

    [[nodiscard]] RecordRef ref() const { return {node, epoch, seq}; }
    friend bool operator==(const Header&, const Header&) = default;

    template <class A>
    void serialize(A& a) {
        a(kind, node, epoch, seq, prev, wall, boot, boot_ns, clock, business_date, actor);
    }
};

}  // namespace gatehouse
