#include "sync/link/beacon_socket.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <string>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::sync;

namespace {

BeaconNetwork loopback() {
    BeaconNetwork network;
    network.host = "127.0.0.1";
    network.port = static_cast<std::uint16_t>(20'000 + ::getpid() % 10'000);  // nobody else's who runs this beside us
    return network;
}

struct Node {
    explicit Node(boost::asio::io_context& io, const BeaconNetwork& network = loopback())
        : socket(io, network, [this](ByteView datagram, const std::string& host) {
              heard.push_back(host + " " + std::string(datagram.begin(), datagram.end()));
          }) {}
    std::vector<std::string> heard;
    BeaconSocket socket;
};

void run_until(boost::asio::io_context& io, const std::function<bool()>& there) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!there() && std::chrono::steady_clock::now() < deadline) {
        io.restart();
        io.run_for(std::chrono::milliseconds{10});
    }
    CHECK(there());
}

}  // namespace

TEST_CASE("nodes on one network hear each other, and who sent it is its address") {
    boost::asio::io_context io;
    Node a{io};
    Node b{io};
    b.socket.send(view_of("here"));  // nobody has joined but b
    a.socket.send(view_of("there"));
    run_until(io, [&] { return a.heard.size() == 1 && b.heard.size() == 2; });
    CHECK(a.heard.front() == "127.0.0.1 there");
    CHECK(b.heard == std::vector<std::string>{"127.0.0.1 here", "127.0.0.1 there"});
    a.socket.stop();
    b.socket.send(view_of("still"));
    run_until(io, [&] { return b.heard.size() == 3; });
    CHECK(a.heard.size() == 1);
}

TEST_CASE("what is too long for a beacon arrives cut, and what follows arrives") {
    boost::asio::io_context io;
    Node a{io};
    a.socket.send(view_of(std::string(9'000, 'x')));
    a.socket.send(view_of("short"));
    run_until(io, [&] { return a.heard.size() == 2; });
    CHECK(a.heard.front().size() < 600);
    CHECK(a.heard.back() == "127.0.0.1 short");
}

TEST_CASE("a network that is not there is left out") {
    boost::asio::io_context io;
    auto nowhere = loopback();
    nowhere.host = "192.0.2.77";
    Node a{io, nowhere};
    Node b{io};
    b.socket.send(view_of("one"));
    a.socket.send(view_of("lost"));
    b.socket.send(view_of("two"));
    run_until(io, [&] { return b.heard.size() == 2; });
    CHECK(a.heard.empty());
    CHECK(b.heard.back() == "127.0.0.1 two");
}

TEST_CASE("every network of the machine is asked for, and none of them is no fault") {
    boost::asio::io_context io;
    auto all = loopback();
    all.host = "0.0.0.0";
    Node a{io, all};
    a.socket.send(view_of("anybody?"));
    a.socket.send(view_of("nobody else"));
    io.run_for(std::chrono::milliseconds{50});
    // From each of them under its own address.
    for (const auto& heard : a.heard) CHECK((heard.ends_with(" anybody?") || heard.ends_with(" nobody else")));
}
