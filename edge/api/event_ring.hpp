// The last events of a node, so that a page that lost its connection goes on where it was. A value.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::edge {

// scan, passage, sale, print, lane, link, peer, device, incident, job, heartbeat
struct StreamEvent {
    std::string id;  // "RUN-N"
    std::string kind;
    std::string data;  // one JSON object
    friend bool operator==(const StreamEvent&, const StreamEvent&) = default;
};

class EventRing {
public:
    // `run` names this run of the program: another run's ids are not ours. At most `capacity` events are kept.
    EventRing(std::string run, std::size_t capacity);

    const StreamEvent& push(std::string kind, std::string data);
    // What came after the event of that id. Without an id nothing: a page reads the state first. A gap when the id is
    // of another run, or of an event that is not kept any more; then everything kept.
    struct Kept {
        bool gap = false;
        std::vector<StreamEvent> events;
    };
    [[nodiscard]] Kept resume(std::string_view id) const;
    [[nodiscard]] std::string last_id() const;

private:
    std::string run_;
    std::size_t capacity_;
    std::uint64_t next_ = 1;
    std::deque<StreamEvent> events_;
};

}  // namespace gatehouse::edge
