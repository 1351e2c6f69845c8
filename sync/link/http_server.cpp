#include "sync/link/http_server.hpp"

#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sync/link/address.hpp"
#include "sync/link/http_connection.hpp"
#include "sync/link/tls_context.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

namespace {

HttpPeer peer_of(const tcp::socket& socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return {error ? std::string{"unknown"} : format_address(endpoint.address().to_string(), endpoint.port()), false,
            false};
}
HttpPeer peer_of(const Local::socket& /*socket*/) { return {"unix", true, false}; }

void quicken(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
}
void quicken(Local::socket& /*socket*/) {}

template <class Acceptor>
asio::awaitable<void> accept_all(std::shared_ptr<HttpService> service, std::shared_ptr<Acceptor> acceptor) {
    asio::steady_timer pause{service->io};
    while (!service->stopping) {
        error_code error;
        auto socket = co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {  // out of descriptors, most likely: others will end
            pause.expires_after(std::chrono::milliseconds{100});
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        auto peer = peer_of(socket);
        peer.crowded = service->open >= service->options.connections;
        if (service->open >= 2 * service->options.connections) continue;
        quicken(socket);
        PlainStream stream{std::move(socket)};
        const bool secure = service->tls && !peer.unix_socket;
        auto serving = secure ? serve_secure(service, std::move(stream), std::move(peer))
                              : serve_plain(service, std::move(stream), std::move(peer));
        asio::co_spawn(service->io, std::move(serving), asio::detached);
    }
}

// A socket that nobody listens on any more is in the way.
Result<void> clear_path(asio::io_context& io, const std::string& path) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) return fail(ErrorCode::config, path + " exists and is no socket");
    Local::socket probe{io};
    error_code error;
    probe.connect(Local::endpoint{path}, error);
    if (!error) return fail(ErrorCode::io, "somebody else listens on " + path);
    ::unlink(path.c_str());
    return {};
}

}  // namespace

class HttpServer::Impl {
public:
    explicit Impl(asio::io_context& io) : service(std::make_shared<HttpService>(io)) {}

    Result<void> listen_tcp(const std::string& listen) {
        const auto address = parse_address(listen);
        if (!address) return address.error();
        error_code error;
        tcp::resolver resolver{service->io};
        const auto found = resolver.resolve(address->host, address->port, tcp::resolver::passive, error);
        if (error || found.empty()) return fail(ErrorCode::config, "no address to listen on: " + listen);
        const tcp::endpoint endpoint = found.begin()->endpoint();
        tcp_acceptor = std::make_shared<tcp::acceptor>(service->io);
        tcp_acceptor->open(endpoint.protocol(), error);
        if (!error) tcp_acceptor->set_option(tcp::acceptor::reuse_address{true}, error);
        if (!error) tcp_acceptor->bind(endpoint, error);
        if (!error) tcp_acceptor->listen(asio::socket_base::max_listen_connections, error);
        if (error) return fail(ErrorCode::io, "cannot listen on " + listen + ": " + error.message());
        const auto local = tcp_acceptor->local_endpoint();
        address_text = format_address(local.address().to_string(), local.port());
        asio::co_spawn(service->io, accept_all(service, tcp_acceptor), asio::detached);
        return {};
    }

    Result<void> listen_unix(const std::string& path) {
        if (auto cleared = clear_path(service->io, path); !cleared) return cleared.error();
        error_code error;
        unix_acceptor = std::make_shared<Local::acceptor>(service->io);
        if (path.size() >= sizeof(sockaddr_un::sun_path)) return fail(ErrorCode::config, path + " is too long");
        unix_acceptor->open(Local{}, error);
        const auto mask = ::umask(0117);  // 0660 from the first moment on
        if (!error) unix_acceptor->bind(Local::endpoint{path}, error);
        ::umask(mask);
        if (!error) unix_acceptor->listen(asio::socket_base::max_listen_connections, error);
        if (error) return fail(ErrorCode::io, "cannot listen on " + path + ": " + error.message());
        asio::co_spawn(service->io, accept_all(service, unix_acceptor), asio::detached);
        return {};
    }

    void stop() {
        if (std::exchange(service->stopping, true)) return;
        error_code ignored;
        if (tcp_acceptor) tcp_acceptor->close(ignored);
        if (unix_acceptor) {
            unix_acceptor->close(ignored);
            ::unlink(service->options.unix_socket.c_str());
        }
        const auto idle = service->idle;
        for (const auto& [number, end] : idle) end();
        const auto streams = service->streams;
        for (const auto& [number, end] : streams) end();
    }

    std::shared_ptr<HttpService> service;
    std::shared_ptr<tcp::acceptor> tcp_acceptor;
    std::shared_ptr<Local::acceptor> unix_acceptor;
    std::string address_text;
};

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&& other) noexcept {
    if (impl_) impl_->stop();
    impl_ = std::move(other.impl_);
    return *this;
}
HttpServer::~HttpServer() {
    if (impl_) impl_->stop();
}

Result<HttpServer> HttpServer::start(asio::io_context& io, HttpServerOptions options, HttpHandler handler) {
    auto impl = std::make_shared<Impl>(io);
    if (options.tls) {
        auto context = server_context(*options.tls);
        if (!context) return context.error();
        impl->service->tls = std::move(*context);
    }
    impl->service->options = std::move(options);
    impl->service->handler = std::move(handler);
    const auto& chosen = impl->service->options;
    if (!chosen.listen.empty())
        if (auto listening = impl->listen_tcp(chosen.listen); !listening) return listening.error();
    if (!chosen.unix_socket.empty())
        if (auto listening = impl->listen_unix(chosen.unix_socket); !listening) {
            impl->stop();
            return listening.error();
        }
    return HttpServer{std::move(impl)};
}

void HttpServer::stop() { impl_->stop(); }
std::string HttpServer::address() const { return impl_->address_text; }
std::size_t HttpServer::connections() const { return impl_->service->open; }

}  // namespace gatehouse::sync
