// Server-sent events for many listeners, resumable by id: the last ones are kept, so that a page that lost its
// connection goes on where it was. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sync/link/http_server.hpp"

namespace gatehouse::sync {

class EventHub {
public:
    // `run` names this run of the program: another run's ids are not ours. At most `kept` events are kept.
    EventHub(std::string run, std::size_t kept) : run_(std::move(run)), kept_(kept) {}

    // `data` is one JSON object.
    void publish(std::string kind, std::string data);
    // Sends what came after `last_id` first; nothing when it is empty. When it is of another run or gone, an event
    // `snapshot_needed` comes first, then everything kept. `bearer` is the token that it was asked for with.
    void add(HttpEventStream stream, std::string_view last_id, std::string bearer);
    // Closes the streams whose bearer `holds` no longer. It is called with the hub locked.
    void keep(const std::function<bool(std::string_view bearer)>& holds);
    void close_all();
    [[nodiscard]] std::size_t listeners() const;

private:
    struct Listener {
        HttpEventStream stream;
        std::string bearer;
    };
    struct Resumed {
        std::size_t position = 0;  // in events_
        bool lost = false;         // events in between are not kept
    };
    [[nodiscard]] Resumed resume(std::string_view id) const;

    mutable std::mutex mutex_;
    std::string run_;
    std::size_t kept_;
    std::uint64_t next_ = 1;
    std::deque<ServerSentEvent> events_;
    std::vector<Listener> listeners_;
};

}  // namespace gatehouse::sync
