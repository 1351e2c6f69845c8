#include "sync/web/event_hub.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <future>

#include "sync/link/http_client.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/link/link_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

struct Heard {
    std::size_t events = 0;
    bool ended = false;  // by the server
};

// Listens until an event comes.
std::future<Heard> listen(const std::string& address, const std::string& bearer) {
    return std::async(std::launch::async, [address, bearer] {
        HttpClientOptions options;
        options.url = "http://" + address;
        auto client = HttpClient::make(options);
        Heard heard;
        const auto done = client->events("/events", {{"Authorization", bearer}}, [&](const ServerSentEvent&) {
            ++heard.events;
            return false;
        });
        heard.ended = done.has_error();
        return heard;
    });
}

}  // namespace

TEST_CASE("the stream of a bearer that no longer holds is ended, and the others go on") {
    boost::asio::io_context io;
    EventHub hub{"run", 16};
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server =
        HttpServer::start(io, std::move(options), [&](const HttpRequest& request, const HttpRespond& respond) {
            hub.add(respond.stream(), "", std::string{request.field("authorization").value_or("")});
        });
    REQUIRE(server.has_value());
    auto stays = listen(server->address(), "stays");
    auto goes = listen(server->address(), "goes");
    REQUIRE(run_until(io, [&] { return hub.listeners() == 2; }));
    hub.keep([](std::string_view bearer) { return bearer == "stays"; });
    CHECK(hub.listeners() == 1);
    hub.publish("sale", "{}");
    const auto ready = [](auto& future) {
        return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
    };
    REQUIRE(run_until(io, [&] { return ready(stays) && ready(goes); }));
    const Heard one = stays.get();
    CHECK(one.events == 1);
    CHECK_FALSE(one.ended);
    const Heard another = goes.get();
    CHECK(another.events == 0);
    CHECK(another.ended);
    hub.close_all();
}

}  // namespace gatehouse::sync::testing
