#include <doctest/doctest.h>

#include <boost/asio.hpp>
#include <filesystem>
#include <future>

#include "sync/link/http_client.hpp"
#include "sync/link/http_server.hpp"
#include "sync/link/http_target.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/link/link_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

namespace asio = boost::asio;

// A server that echoes, on this thread; clients block on another one.
struct HttpRig {
    explicit HttpRig(HttpServerOptions options = {}, HttpHandler handler = echo) {
        if (options.listen.empty() && options.unix_socket.empty()) options.listen = "127.0.0.1:0";
        auto started = HttpServer::start(io, std::move(options), std::move(handler));
        REQUIRE(started);
        server.emplace(std::move(*started));
    }
    static void echo(HttpRequest request, HttpRespond respond) {
        std::string text = request.method + " " + request.path;
        for (const auto& [key, value] : request.query) text += " " + key + "=" + value;
        respond(http_response(200, "text/plain", text + "\n" + request.body));
    }
    template <class Work>
    auto beside(Work work) {
        auto result = std::async(std::launch::async, std::move(work));
        run_until(io, [&] { return result.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
        return result.get();
    }
    // What the server says to these octets until it closes, or `enough` octets came.
    std::string raw(const std::string& text, std::size_t enough = 1U << 20U) {
        const auto address = server->address();
        const auto colon = address.rfind(':');
        const auto port = static_cast<unsigned short>(std::stoi(address.substr(colon + 1)));
        asio::ip::tcp::socket socket{io};
        socket.connect({asio::ip::make_address(address.substr(0, colon)), port});
        std::string got;
        bool ended = false;
        asio::async_write(socket, asio::buffer(text), [](auto, auto) {});
        asio::async_read(socket, asio::dynamic_buffer(got), asio::transfer_at_least(enough),
                         [&](auto, auto) { ended = true; });
        run_until(io, [&] { return ended; });
        return got;
    }
    HttpClientOptions plain() const {
        HttpClientOptions options;
        options.url = "http://" + server->address();
        return options;
    }

    asio::io_context io;
    std::optional<HttpServer> server;
};

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find('\r')); }

}  // namespace

TEST_CASE("requests are answered over one kept connection") {
    HttpRig rig;
    const auto bodies = rig.beside([options = rig.plain()] {
        auto client = HttpClient::make(options);
        std::vector<std::string> out;
        for (const auto* target : {"/a", "/b?x=1&y=%E7%A5%A8", "/c%20d"})
            out.push_back(client->request("GET", target)->body);
        out.push_back(client->request("POST", "/big", std::string(100'000, 'x'))->body.substr(0, 12));
        return out;
    });
    CHECK(bodies == std::vector<std::string>{"GET /a\n", "GET /b x=1 y=票\n", "GET /c d\n", "POST /big\nxx"});
    CHECK(rig.server->connections() == 0);
}

TEST_CASE("a request with no Host, two Hosts or a path with dot segments is malformed") {
    HttpRig rig;
    CHECK(status_line(rig.raw("GET / HTTP/1.1\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("what is this\r\n\r\n")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_line(rig.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == "HTTP/1.1 200 OK");
}

TEST_CASE("a header or body beyond its limit is refused, one at the limit is not") {
    HttpServerOptions options;
    options.body_limit = [](const HttpRequest& header) { return header.path == "/import" ? 2000U : 1000U; };
    HttpRig rig{std::move(options)};
    const auto post = [&](const std::string& path, std::size_t size) {
        return status_line(rig.raw("POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " +
                                   std::to_string(size) + "\r\n\r\n" + std::string(size, 'x')));
    };
    CHECK(post("/a", 1000) == "HTTP/1.1 200 OK");
    CHECK(post("/a", 1001) == "HTTP/1.1 413 Payload Too Large");
    CHECK(post("/import", 2000) == "HTTP/1.1 200 OK");
    CHECK(post("/import", 2001) == "HTTP/1.1 413 Payload Too Large");
    std::string chunked = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 20; ++i) chunked += "64\r\n" + std::string(100, 'x') + "\r\n";
    CHECK(status_line(rig.raw(chunked + "0\r\n\r\n")) == "HTTP/1.1 413 Payload Too Large");
    const auto with_header = [&](std::size_t size) {
        return status_line(
            rig.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: " + std::string(size, 'x') + "\r\n\r\n"));
    };
    CHECK(with_header(15'000) == "HTTP/1.1 200 OK");
    CHECK(with_header(17'000) == "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_CASE("of a body that nobody may send nothing is read") {
    HttpServerOptions options;
    options.body_limit = [](const HttpRequest& header) -> Result<std::uint64_t> {
        if (header.field("authorization")) return fail(ErrorCode::forbidden, "not this one");
        return fail(ErrorCode::unauthenticated, "not without a name");
    };
    HttpRig rig{std::move(options)};
    const std::string head = "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n";
    CHECK(status_line(rig.raw(head + "\r\n")) == "HTTP/1.1 401 Unauthorized");
    CHECK(status_line(rig.raw(head + "Authorization: Bearer x\r\n\r\n")) == "HTTP/1.1 403 Forbidden");
}

TEST_CASE("a client that never finishes its header is cut off") {
    HttpServerOptions options;
    options.header_within = std::chrono::milliseconds{200};
    HttpRig rig{std::move(options)};
    CHECK(rig.raw("GET / HTTP/1.1\r\nHos").empty());
}

TEST_CASE("a client that expects it is told to go on") {
    HttpRig rig;
    const auto answer = rig.raw(
        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
    CHECK(status_line(answer) == "HTTP/1.1 100 Continue");
    CHECK(answer.find("POST /a\nhi") != std::string::npos);
}

TEST_CASE("more connections than there may be are turned away") {
    HttpServerOptions options;
    options.connections = 1;
    HttpRig rig{std::move(options)};
    asio::ip::tcp::socket first{rig.io};
    const auto address = rig.server->address();
    const auto port = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
    first.connect({asio::ip::make_address("127.0.0.1"), port});
    REQUIRE(run_until(rig.io, [&] { return rig.server->connections() == 1; }));
    CHECK(status_line(rig.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) == "HTTP/1.1 503 Service Unavailable");
}

TEST_CASE("an answer may come later, from another thread, once; and a dropped request is answered 500") {
    std::vector<std::thread> threads;
    HttpRig rig{{}, [&](HttpRequest request, HttpRespond respond) {
                    if (request.path == "/dropped") return;
                    threads.emplace_back([respond = std::move(respond)] {
                        respond(http_response(201, "text/plain", "first"));
                        respond(http_response(202, "text/plain", "second"));
                    });
                }};
    const auto answers = rig.beside([options = rig.plain()] {
        auto client = HttpClient::make(options);
        return std::pair{*client->request("GET", "/later"), *client->request("GET", "/dropped")};
    });
    for (auto& thread : threads) thread.join();
    CHECK(answers.first.status == 201);
    CHECK(answers.first.body == "first");
    CHECK(answers.second.status == 500);
}

TEST_CASE("the unix socket serves, replaces a stale file, and leaves others alone") {
    const auto path = std::filesystem::temp_directory_path() / ("gatehouse-http-" + std::to_string(::getpid()));
    {
        asio::io_context io;
        asio::local::stream_protocol::acceptor stale{io, asio::local::stream_protocol::endpoint{path.string()}};
    }
    HttpServerOptions options;
    options.unix_socket = path.string();
    HttpRig rig{options};
    const auto mode = std::filesystem::status(path).permissions();
    CHECK(mode == static_cast<std::filesystem::perms>(0660));
    const auto body = rig.beside([&] {
        HttpClientOptions client_options;
        client_options.unix_socket = path.string();
        auto client = HttpClient::make(client_options);
        return client->request("GET", "/over/unix")->body;
    });
    CHECK(body == "GET /over/unix\n");
    asio::io_context other;
    const auto second = HttpServer::start(other, options, HttpRig::echo);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::io);
    rig.server->stop();
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("TLS serves those who trust the CA, and only them") {
    const TestVenue venue;
    HttpServerOptions options;
    options.listen = "127.0.0.1:0";
    options.tls = venue.machine("central").identity;
    HttpRig rig{std::move(options)};
    const auto statuses = rig.beside([&] {
        std::vector<std::string> out;
        for (const TlsTrust& trust :
             {TlsTrust{TrustCa{venue.ca.certificate}}, TlsTrust{TrustFingerprint{*fingerprint(venue.ca.certificate)}},
              TlsTrust{TrustCa{TestVenue{}.ca.certificate}}, TlsTrust{TrustFingerprint{}}, TlsTrust{TrustSystem{}}}) {
            HttpClientOptions client_options;
            client_options.url = "https://" + rig.server->address();
            client_options.trust = trust;
            auto client = HttpClient::make(client_options);
            const auto answer = client->request("GET", "/");
            out.push_back(answer ? std::to_string(answer->status) : std::string{to_string(answer.error().code)});
        }
        return out;
    });
    CHECK(statuses == std::vector<std::string>{"200", "200", "unauthenticated", "unauthenticated", "unauthenticated"});
}

TEST_CASE("events reach a client in order, with their ids") {
    std::optional<HttpEventStream> stream;
    HttpRig rig{{}, [&](HttpRequest, HttpRespond respond) {
                    stream = respond.stream();
                    CHECK(stream->send({"1", "sale", "{\"total\":1}"}));
                    CHECK(stream->send({"2", "", "two\nlines"}));
                }};
    const auto got = rig.beside([options = rig.plain()] {
        auto client = HttpClient::make(options);
        std::vector<ServerSentEvent> events;
        const auto ended = client->events("/events", {}, [&](const ServerSentEvent& event) {
            events.push_back(event);
            return events.size() < 2;
        });
        CHECK(ended);
        return events;
    });
    REQUIRE(got.size() == 2);
    CHECK(got[0].id == "1");
    CHECK(got[0].event == "sale");
    CHECK(got[0].data == "{\"total\":1}");
    CHECK(got[1].data == "two\nlines");
    // The client has gone: sooner or later sending says so.
    CHECK(run_until(rig.io, [&] { return !stream->send({"3", "", "x"}); }));
    stream.reset();  // before the context it runs on
}

TEST_CASE("a client that does not read its events loses the stream, not our memory") {
    std::optional<HttpEventStream> stream;
    HttpServerOptions options;
    options.stream_queue = 16;
    HttpRig rig{std::move(options), [&](HttpRequest, HttpRespond respond) { stream = respond.stream(); }};
    asio::ip::tcp::socket socket{rig.io};
    const auto address = rig.server->address();
    const auto port = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    asio::write(socket, asio::buffer(std::string{"GET /events HTTP/1.1\r\nHost: a\r\n\r\n"}));
    REQUIRE(run_until(rig.io, [&] { return stream.has_value(); }));
    const std::string data(60'000, 'x');
    CHECK(run_until(rig.io, [&] { return !stream->send({"", "", data}); }));
    CHECK_FALSE(stream->is_open());
    stream.reset();  // before the context it runs on
}

TEST_CASE("a stopping server waits for nobody who sends a body slowly, or only connects") {
    HttpRig rig;
    const auto address = rig.server->address();
    const auto port = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
    asio::ip::tcp::socket slow{rig.io};
    asio::ip::tcp::socket silent{rig.io};
    for (auto* socket : {&slow, &silent}) socket->connect({asio::ip::make_address("127.0.0.1"), port});
    asio::write(slow, asio::buffer(std::string{"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"}));
    REQUIRE(run_until(rig.io, [&] { return rig.server->connections() == 2; }));
    rig.io.run_for(std::chrono::milliseconds{50});  // the header is read, and the body waited for
    const auto began = std::chrono::steady_clock::now();
    rig.server->stop();
    REQUIRE(run_until(rig.io, [&] { return rig.server->connections() == 0; }));
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{5});
}

TEST_CASE("a stopping server ends streams and idle connections, and answers what is running") {
    std::optional<HttpRespond> waiting;
    std::optional<HttpEventStream> stream;
    HttpRig rig{{}, [&](HttpRequest request, HttpRespond respond) {
                    if (request.path == "/events")
                        stream = respond.stream();
                    else if (request.path == "/slow")
                        waiting = respond;
                    else
                        respond(http_response(200, "text/plain", ""));
                }};
    auto slow = std::async(std::launch::async, [options = rig.plain()] {
        return HttpClient::make(options)->request("GET", "/slow")->status;
    });
    auto events = std::async(std::launch::async, [options = rig.plain()] {
        return HttpClient::make(options)->events("/events", {}, [](const auto&) { return true; }).has_error();
    });
    REQUIRE(run_until(rig.io, [&] { return waiting && stream; }));
    rig.server->stop();
    (*waiting)(http_response(200, "text/plain", "done"));
    REQUIRE(run_until(rig.io, [&] { return rig.server->connections() == 0; }));
    CHECK(slow.get() == 200);
    CHECK(events.get());
    waiting.reset();  // before the context it runs on
    stream.reset();   // before the context it runs on
}

TEST_CASE("targets are taken apart strictly") {
    HttpRequest request;
    CHECK(parse_target("/api/v1/sales?after=7-1-3&limit=10", request));
    CHECK(request.path == "/api/v1/sales");
    CHECK(request.parameter("limit") == "10");
    for (const auto* bad :
         {"", "api", "http://x/", "/%", "/%4", "/%zz", "/%00", "/a\x01", "/..", "/./a", "/?x=%c0%af"}) {
        HttpRequest other;
        CHECK_FALSE(parse_target(bad, other));
    }
}

}  // namespace gatehouse::sync::testing
