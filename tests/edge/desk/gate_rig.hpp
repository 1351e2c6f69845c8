// A desk at a gate whose peer, booth 9, is heard, with tickets that it has sold. Used by the tests of lanes.
#pragma once

#include <string>

#include "tests/edge/desk/desk_rig.hpp"

namespace gatehouse::test {

inline const DeviceName turnstile{"turn-1"};

inline edge::ScanRead read(const std::string& code) { return {DeviceName{"scan-1"}, code}; }

// A ticket of booth 9, which only its signature tells about.
inline std::string foreign_code(std::uint64_t seq, std::uint16_t persons = 1) {
    TicketPayload ticket;
    ticket.id = {{NodeId{9}, Epoch{1}, Seq{seq}}, 1};
    ticket.product = ProductId{"adult"};
    ticket.persons = persons;
    ticket.valid_from = ticket.valid_to = Date{20'000};
    ticket.zones = {ZoneId{"park"}};
    return issue_code(rig_key(9), rig_venue, *encode_payload(ticket));
}

struct Gate : DeskRig {
    Gate() {
        central(NodeEnrolled{NodeId{9}, NodeName{"booth-9"}, rig_certificate(9, "booth-9")});
        store_foreign();
        step(edge::PeersChanged{{NodeId{9}}});
        seen.clear();
    }
    // The turnstile takes the command and the person walks.
    void walk() {
        const auto opened = take<edge::OpenBarrier>();
        REQUIRE(opened.size() == 1);
        step(edge::TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
        step(edge::TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
        settle();
    }
    void tick(Duration later) {
        clock.now += later;
        clock.wall.value += std::chrono::duration_cast<std::chrono::milliseconds>(later).count();
        step(edge::Ticked{});
    }
};

}  // namespace gatehouse::test
