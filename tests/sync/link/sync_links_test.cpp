#include "sync/link/sync_links.hpp"

#include <doctest/doctest.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include "sync/link/http_client.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/link/link_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

ListenOptions anywhere() {
    ListenOptions options;
    options.listen = "127.0.0.1:0";
    return options;
}

// Dials until the link is open on both sides; false when it is not.
bool connect(boost::asio::io_context& io, TestLinks& server, TestLinks& client, const std::string& address) {
    client.links.dial("wss://" + address + "/sync");
    run_until(io, [&] { return !client.failures.empty() || (!client.opened.empty() && !server.opened.empty()); });
    return client.failures.empty();
}

}  // namespace

TEST_CASE("two machines of a venue exchange frames and know each other's keys") {
    const TestVenue venue;
    boost::asio::io_context io;
    const auto server_tls = venue.machine("central");
    const auto client_tls = venue.machine("booth");
    TestLinks server{io, server_tls};
    TestLinks client{io, client_tls};
    const auto address = server.links.listen(anywhere());
    REQUIRE(address);
    REQUIRE(connect(io, server, client, *address));
    CHECK(client.opened[0].dialled());
    CHECK_FALSE(server.opened[0].dialled());
    CHECK(server.opened[0].tls_key == *spki_hash_of_certificate(client_tls.identity.certificate));
    CHECK(client.opened[0].tls_key == *spki_hash_of_certificate(server_tls.identity.certificate));

    const Bytes small = bytes_of("hello");
    Bytes large(largest_frame);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 7);
    client.links.send(client.opened[0].link, small);
    client.links.send(client.opened[0].link, large);
    server.links.send(server.opened[0].link, small);
    auto& there = server.received[server.opened[0].link];
    auto& back = client.received[client.opened[0].link];
    REQUIRE(run_until(io, [&] { return there.size() == 2 && back.size() == 1; }));
    CHECK(there[0] == small);
    CHECK(there[1] == large);
    CHECK(back[0] == small);
    CHECK(client.sent == small.size() + large.size());
    CHECK(client.links.queued(client.opened[0].link) == 0);

    client.links.close(client.opened[0].link, "enough");
    REQUIRE(run_until(io, [&] { return !client.closed.empty() && !server.closed.empty(); }));
    CHECK(client.closed.begin()->second == "enough");
}

TEST_CASE("a machine of another venue is refused on either side") {
    const TestVenue venue;
    const TestVenue other;
    boost::asio::io_context io;
    TestLinks server{io, venue.machine("central")};
    TestLinks client{io, other.machine("booth")};
    const auto address = server.links.listen(anywhere());
    CHECK_FALSE(connect(io, server, client, *address));
    // A client that trusts the server but shows a certificate of another CA is cut off in the handshake.
    auto mixed = other.machine("booth");
    mixed.ca = venue.ca.certificate;
    TestLinks impostor{io, mixed};
    impostor.links.dial("wss://" + *address + "/sync");
    REQUIRE(run_until(io, [&] { return !impostor.failures.empty(); }));
    CHECK(server.opened.empty());
}

TEST_CASE("a certificate that ended before the clock's floor is refused, one that begins later is not") {
    const TestVenue venue;
    boost::asio::io_context io;
    TestLinks server{io, venue.machine("central")};
    TestLinks ended{io, venue.machine("booth", WallTime{today.value - 86'400'000})};
    const auto address = server.links.listen(anywhere());
    ended.links.dial("wss://" + *address + "/sync");
    REQUIRE(run_until(io, [&] { return !ended.failures.empty(); }));
    CHECK(server.opened.empty());

    auto early = TestLinks::with(venue.machine("gate"));
    early.floor = [] { return WallTime{86'400'000}; };  // 1970: everything begins later
    TestLinks client{io, early};
    CHECK(connect(io, server, client, *address));
}

TEST_CASE("clients without certificate, TLS 1.2 and plain text get nothing from a machine's listener") {
    namespace asio = boost::asio;
    const TestVenue venue;
    asio::io_context io;
    TestLinks server{io, venue.machine("gate-a")};
    const auto address = server.links.listen(anywhere());
    REQUIRE(address);
    const auto colon = address->rfind(':');
    const auto port = static_cast<unsigned short>(std::stoi(address->substr(colon + 1)));
    const asio::ip::tcp::endpoint endpoint{asio::ip::make_address(address->substr(0, colon)), port};
    const std::string text = "GET /sync HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const auto method : {asio::ssl::context::tlsv12_client, asio::ssl::context::tlsv13_client}) {
        asio::ssl::context tls{method};
        asio::ssl::stream<asio::ip::tcp::socket> stream{io, tls};
        stream.next_layer().connect(endpoint);
        std::optional<boost::system::error_code> ended;
        std::array<char, 64> part{};
        stream.async_handshake(asio::ssl::stream_base::client, [&](boost::system::error_code error) {
            if (error) ended = error;
            if (error) return;
            asio::async_write(stream, asio::buffer(text), [](auto, auto) {});
            stream.async_read_some(asio::buffer(part), [&](boost::system::error_code e, auto) { ended = e; });
        });
        REQUIRE(run_until(io, [&] { return ended.has_value(); }));
        CHECK(*ended);
    }
    asio::ip::tcp::socket plain{io};
    plain.connect(endpoint);
    asio::write(plain, asio::buffer(text));
    std::string got;
    bool ended = false;
    asio::async_read(plain, asio::dynamic_buffer(got), [&](auto, auto) { ended = true; });
    REQUIRE(run_until(io, [&] { return ended; }));
    CHECK(got.find("HTTP") == std::string::npos);
    CHECK(server.opened.empty());
}

TEST_CASE("a frame beyond the limit ends the link") {
    const TestVenue venue;
    boost::asio::io_context io;
    TestLinks server{io, venue.machine("central")};
    TestLinks client{io, venue.machine("booth")};
    const auto address = server.links.listen(anywhere());
    REQUIRE(connect(io, server, client, *address));
    client.links.send(client.opened[0].link, Bytes(largest_frame + 1));
    REQUIRE(run_until(io, [&] { return !server.closed.empty() && !client.closed.empty(); }));
    CHECK(server.received.empty());
}

TEST_CASE("a link whose peer reads too slowly is closed when its queue is full") {
    const TestVenue venue;
    boost::asio::io_context io;
    auto options = TestLinks::with(venue.machine("booth"));
    options.send_queue = 4U << 20U;
    TestLinks server{io, venue.machine("central")};
    TestLinks client{io, options};
    const auto address = server.links.listen(anywhere());
    REQUIRE(connect(io, server, client, *address));
    for (int i = 0; i < 6; ++i) client.links.send(client.opened[0].link, Bytes(largest_frame));
    REQUIRE(run_until(io, [&] { return !client.closed.empty(); }));
    CHECK(client.closed.begin()->second == "the peer reads too slowly");
}

TEST_CASE("one link more than there is room for is told when to come back") {
    const TestVenue venue;
    boost::asio::io_context io;
    TestLinks server{io, venue.machine("central")};
    TestLinks first{io, venue.machine("booth")};
    TestLinks second{io, venue.machine("gate")};
    auto options = anywhere();
    options.links = 1;
    options.retry_after_s = 17;
    const auto address = server.links.listen(options);
    REQUIRE(connect(io, server, first, *address));
    second.links.dial(*address);
    REQUIRE(run_until(io, [&] { return !second.failures.empty(); }));
    CHECK(second.failures[0] == "answered 503");
    CHECK(second.retry_after == 17);
}

TEST_CASE("dialling nobody fails with a reason") {
    const TestVenue venue;
    boost::asio::io_context io;
    TestLinks client{io, venue.machine("booth")};
    client.links.dial("127.0.0.1:1");
    client.links.dial("not an address");
    client.links.dial("http://127.0.0.1:1/sync");
    REQUIRE(run_until(io, [&] { return client.failures.size() == 3; }));
    CHECK_FALSE(client.failures[0].empty());
}

TEST_CASE("a silent link is taken for dead") {
    const TestVenue venue;
    boost::asio::io_context io;
    boost::asio::io_context stuck;  // its machine stops running
    auto options = TestLinks::with(venue.machine("central"));
    options.silent_within = std::chrono::milliseconds{400};
    TestLinks server{io, options};
    TestLinks client{stuck, venue.machine("booth")};
    const auto address = server.links.listen(anywhere());
    client.links.dial(*address);
    REQUIRE(run_until(io, [&] {
        stuck.restart();
        stuck.run_one_for(std::chrono::milliseconds{5});
        return !server.opened.empty();
    }));
    REQUIRE(run_until(io, [&] { return !server.closed.empty(); }));
}

}  // namespace gatehouse::sync::testing
