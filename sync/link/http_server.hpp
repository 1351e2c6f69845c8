// An HTTP/1.1 server: parsing, limits, time-outs, keep-alive, TLS, server-sent events. Routes are the handler's.
//
// Everything runs on the io_context's one thread; the handler is called there too and must not block. It may answer
// later, from any thread. A request that breaks a limit never reaches the handler:
// 400 malformed, no or two Hosts, path with dot segments · 413 body · 431 header · 503 too many connections. Who is
// too slow is cut off.
// connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "schemas/base/result.hpp"
#include "sync/link/http_message.hpp"
#include "sync/link/tls_identity.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::sync {

struct ServerSentEvent {
    std::string id;     // may be empty
    std::string event;  // may be empty
    std::string data;   // lines are sent as such
};

// An open stream of server-sent events. Copies share it; it may be used from any thread.
class HttpEventStream {
public:
    struct Shared;
    explicit HttpEventStream(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
    // Queues. False: the client has gone or is too slow (its queue was full; the stream was ended), let go of it.
    [[nodiscard]] bool send(ServerSentEvent event) const;
    void close() const;
    [[nodiscard]] bool is_open() const;

private:
    std::shared_ptr<Shared> shared_;
};

// Answers one request. Copies share it; only the first answer counts. Dropped unanswered: 500.
class HttpRespond {
public:
    struct Shared;
    explicit HttpRespond(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
    void operator()(HttpResponse response) const;
    // 200 text/event-stream with `fields`; the connection then belongs to the stream.
    [[nodiscard]] HttpEventStream stream(HttpFields fields = {}) const;

private:
    std::shared_ptr<Shared> shared_;
};

using HttpHandler = std::function<void(HttpRequest, HttpRespond)>;

struct HttpServerOptions {
    std::string listen;              // "127.0.0.1:8440"; port 0 takes any; empty: no TCP
    std::string unix_socket;         // path; empty: none. A stale file is replaced, mode 0660
    std::optional<TlsIdentity> tls;  // for TCP only; TLS 1.2 and 1.3
    // Largest body of a request; asked when its header was read, with that. Nothing of the body is read after an error:
    // unauthenticated is answered with 401, anything else with 403. Default: 1 MiB for all.
    std::function<Result<std::uint64_t>(const HttpRequest& header)> body_limit;
    std::uint32_t header_limit = 16U * 1024U;
    std::size_t connections = 256;
    std::chrono::milliseconds header_within{10'000};  // also the TLS handshake
    std::chrono::milliseconds body_within{60'000};
    std::chrono::milliseconds write_within{30'000};
    std::chrono::milliseconds idle_within{75'000};  // between requests of a kept connection
    std::size_t stream_queue = 1024;                // events waiting for one client
    std::size_t stream_octets = 1U << 20U;          // likewise
};

class HttpServer {
public:
    // Listens at once. Errors: config (address), io.
    [[nodiscard]] static Result<HttpServer> start(boost::asio::io_context& io, HttpServerOptions options,
                                                  HttpHandler handler);
    HttpServer(HttpServer&&) noexcept;
    HttpServer& operator=(HttpServer&&) noexcept;
    ~HttpServer();  // stops; on the io_context's thread, or when it no longer runs

    // No new connections or requests; running ones get their answers, streams are ended.
    void stop();
    [[nodiscard]] std::string address() const;  // "127.0.0.1:8440", with the port that was taken
    [[nodiscard]] std::size_t connections() const;

private:
    class Impl;
    explicit HttpServer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace gatehouse::sync
