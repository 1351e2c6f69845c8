// A whole node in one process: its four threads and what they post to each other. Tests run several at once.
//
//   deciding   devices, desk                      journal    the one that writes
//   api        HTTP on TCP and a unix socket      sync       links to central and peers
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "edge/config/settings.hpp"
#include "edge/daemon/identity.hpp"

namespace gatehouse::edge {

// Why a node ended by itself. `exit` is a sysexits code.
struct NodeEnd {
    int exit = 0;
    std::string why;
    std::optional<Error> settings_fault = std::nullopt;  // it never ran: with other settings it may
};

class Node {
public:
    // Starts everything; the journal is opened in the background, with the API and the devices up already.
    // `ended` is called once, from some thread, when the node must end by itself: the disk failed (74), its journal
    // is not what others know of it (65), or it cannot listen for peers (78, 74) or have its data directory (75).
    // Errors: config, io, not_found (not enrolled).
    [[nodiscard]] static Result<std::unique_ptr<Node>> start(Settings settings, std::function<void(NodeEnd)> ended);
    ~Node();  // as stop()

    [[nodiscard]] std::string api_address() const;
    [[nodiscard]] std::string peer_address() const;  // empty until the journal is open, and without a listener
    // In order: closing records are written and offered, devices closed. Not from a thread of the node. Idempotent.
    // Another node may then have its data directory, devices and addresses; what is left to be destroyed may take long.
    void stop();

private:
    class Threads;
    Node() = default;
    std::unique_ptr<Threads> threads_;
};

}  // namespace gatehouse::edge
