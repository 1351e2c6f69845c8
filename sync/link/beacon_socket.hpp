// Datagrams to whoever of the venue is on the same networks: UDP multicast, which no router carries on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "schemas/base/bytes.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::sync {

struct BeaconNetwork {
    // "0.0.0.0", "::" or a name: every interface that is up and can multicast, as they come and go; else the one with
    // this address.
    std::string host;
    std::string group = "239.255.71.72";  // organization-local, RFC 2365
    std::uint16_t port = 8442;
};

// On the io_context's one thread. Networks that cannot be reached are left out, and tried again with the next `send`:
// a cable that is off is nothing to be told of.
class BeaconSocket {
public:
    // `heard(datagram, host)`: also what we sent. Not called after `stop`, nor from within a call.
    BeaconSocket(boost::asio::io_context& io, BeaconNetwork network,
                 std::function<void(ByteView, const std::string& host)> heard);
    ~BeaconSocket();

    // On each network; never waits: what finds no room is not sent.
    void send(ByteView datagram);
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace gatehouse::sync
