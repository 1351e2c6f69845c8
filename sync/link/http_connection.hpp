// One connection of the HTTP server: reads requests, waits for answers, writes them. For this folder's .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <functional>
#include <memory>

#include "sync/link/http_server.hpp"

namespace gatehouse::sync {

// TCP and unix sockets alike: one instantiation for both.
using PlainStream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
using SecureStream = boost::asio::ssl::stream<PlainStream>;

// What all connections of a server share.
struct HttpService {
    explicit HttpService(boost::asio::io_context& i) : io(i) {}
    boost::asio::io_context& io;
    HttpServerOptions options;
    HttpHandler handler;
    std::optional<boost::asio::ssl::context> tls;
    bool stopping = false;
    // Open connections, with how to end each while it has nothing to answer.
    std::map<std::uint64_t, std::function<void()>> idle;
    std::map<std::uint64_t, std::function<void()>> streams;  // likewise, of event streams
    std::uint64_t last = 0;
    std::size_t open = 0;
};

struct HttpPeer {
    std::string name;
    bool unix_socket = false;
    bool crowded = false;  // more connections than there may be: answer 503
};

// Serves until the client goes, breaks a limit, or the server stops.
[[nodiscard]] boost::asio::awaitable<void> serve_plain(std::shared_ptr<HttpService> service, PlainStream stream,
                                                       HttpPeer peer);
[[nodiscard]] boost::asio::awaitable<void> serve_secure(std::shared_ptr<HttpService> service, PlainStream stream,
                                                        HttpPeer peer);

}  // namespace gatehouse::sync
