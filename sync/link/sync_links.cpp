#include "sync/link/sync_links.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "sync/link/address.hpp"
#include "sync/link/link_channel.hpp"
#include "sync/link/sync_listener.hpp"
#include "sync/link/tls_context.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string remote_of(VenueSocket& socket) {
    error_code error;
    const auto endpoint = beast::get_lowest_layer(socket).socket().remote_endpoint(error);
    if (error) return "unknown";
    const auto host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

// Why dialling failed; no reason: it did not.
struct DialFailure {
    DialFailure() = default;
    explicit DialFailure(std::string reason, std::uint32_t wait_s = 0)
        : why(std::move(reason)), retry_after_s(wait_s) {}
    std::string why;
    std::uint32_t retry_after_s = 0;
};

std::uint32_t retry_after(const http::response<http::string_body>& response) {
    const auto text = response[http::field::retry_after];
    std::uint32_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::min<std::uint32_t>(seconds, 3600);
}

Result<Url> sync_url(const std::string& text) {
    if (text.find("://") == std::string::npos) {
        auto address = parse_address(text);
        if (!address) return address.error();
        return Url{"wss", std::move(*address), "/sync"};
    }
    auto url = parse_url(text);
    if (url && url->scheme != "wss") return fail(ErrorCode::config, "machines are dialled by wss: " + text);
    if (url && url->path.empty()) url->path = "/sync";
    return url;
}

// Of a host that is a number; nothing of a name. All names wait for Asio's one resolving thread: behind one of a DNS
// that is down, for as long as that takes.
tcp::resolver::results_type by_number(const Address& address) {
    error_code a_name;
    const auto host = asio::ip::make_address(address.host, a_name);
    std::uint16_t port = 0;
    std::from_chars(address.port.data(), address.port.data() + address.port.size(), port);
    if (a_name) return {};
    return tcp::resolver::results_type::create(tcp::endpoint{host, port}, address.host, address.port);
}

}  // namespace

class SyncLinks::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& context, LinkOptions chosen, LinkCallbacks told)
        : io(context), options(std::move(chosen)), callbacks(std::move(told)) {}

    void open(VenueSocket socket, const std::string& url) {
        if (stopped) return;
        const auto key = peer_tls_key(socket.next_layer().native_handle());
        if (!key) return;
        const LinkId id{++last_link};
        ChannelCallbacks channel_callbacks;
        channel_callbacks.received = [self = weak_from_this(), id](Bytes frame) {
            if (const auto impl = self.lock()) impl->callbacks.received(id, std::move(frame));
        };
        channel_callbacks.sent = [self = weak_from_this(), id](std::size_t octets) {
            if (const auto impl = self.lock()) impl->callbacks.sent(id, octets);
        };
        channel_callbacks.closed = [self = weak_from_this(), id](const std::string& why) {
            const auto impl = self.lock();
            if (!impl) return;
            impl->channels.erase(id);
            impl->callbacks.closed(id, why);
        };
        const LinkOpened opened{id, *key, remote_of(socket), url};
        auto channel =
            std::make_shared<LinkChannel>(std::move(socket), options.send_queue, std::move(channel_callbacks));
        channels.emplace(id, channel);
        callbacks.opened(opened);
        channel->start();
    }

    static asio::awaitable<void> dial(std::shared_ptr<Impl> self, std::string text) {
        auto url = sync_url(text);
        DialFailure failure;
        if (!url)
            failure.why = url.error().detail;
        else
            failure = co_await connect(self, text, std::move(*url));
        if (!failure.why.empty() && !self->stopped)
            self->callbacks.dial_failed(text, failure.why, failure.retry_after_s);
    }

    static asio::awaitable<DialFailure> connect(std::shared_ptr<Impl> self, std::string text, Url url) {
        error_code error;
        auto context = venue_client_context(self->options.tls);
        if (!context) co_return DialFailure{context.error().detail};
        auto found = by_number(url.address);
        if (found.empty()) {
            tcp::resolver resolver{self->io};
            found = co_await resolver.async_resolve(url.address.host, url.address.port,
                                                    asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return DialFailure{error.message()};
        }
        VenueSocket socket{self->io, *context};
        auto& lowest = beast::get_lowest_layer(socket);
        lowest.expires_after(self->options.handshake_within);
        co_await lowest.async_connect(found, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return DialFailure{error.message()};
        error_code ignored;
        lowest.socket().set_option(tcp::no_delay{true}, ignored);
        auto& tls = socket.next_layer();
        judge_by_floor(tls.native_handle(), self->options.floor());
        co_await tls.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return DialFailure{error.message()};
        lowest.expires_never();
        prepare_socket(socket, self->options.handshake_within, self->options.silent_within);
        http::response<http::string_body> response;
        co_await socket.async_handshake(response, url.authority(), url.path,
                                        asio::redirect_error(asio::use_awaitable, error));
        if (error == websocket::error::upgrade_declined)
            co_return DialFailure{"answered " + std::to_string(response.result_int()), retry_after(response)};
        if (error) co_return DialFailure{error.message()};
        self->open(std::move(socket), text);
        co_return DialFailure{};
    }

    asio::io_context& io;
    LinkOptions options;
    LinkCallbacks callbacks;
    std::map<LinkId, std::shared_ptr<LinkChannel>> channels;
    std::shared_ptr<SyncListener> listener;
    std::uint64_t last_link = 0;
    bool stopped = false;
};

SyncLinks::SyncLinks(asio::io_context& io, LinkOptions options, LinkCallbacks callbacks)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(callbacks))) {}
SyncLinks::SyncLinks(SyncLinks&&) noexcept = default;
SyncLinks& SyncLinks::operator=(SyncLinks&& other) noexcept {
    if (impl_) stop();
    impl_ = std::move(other.impl_);
    return *this;
}
SyncLinks::~SyncLinks() {
    if (impl_) stop();
}

Result<std::string> SyncLinks::listen(ListenOptions options) {
    auto self = impl_;
    auto opened = [weak = std::weak_ptr{self}](VenueSocket socket) {
        if (const auto impl = weak.lock()) impl->open(std::move(socket), {});
    };
    auto count = [weak = std::weak_ptr{self}] {
        const auto impl = weak.lock();
        return impl ? impl->channels.size() : std::size_t{0};
    };
    auto listener =
        SyncListener::start(self->io, self->options, std::move(options), std::move(opened), std::move(count));
    if (!listener) return listener.error();
    self->listener = *listener;
    return self->listener->address();
}

void SyncLinks::dial(const std::string& url) { asio::co_spawn(impl_->io, Impl::dial(impl_, url), asio::detached); }

void SyncLinks::send(LinkId link, Bytes frame) {
    const auto found = impl_->channels.find(link);
    if (found != impl_->channels.end()) found->second->send(std::move(frame));
}

void SyncLinks::close(LinkId link, const std::string& why) {
    const auto found = impl_->channels.find(link);
    if (found == impl_->channels.end()) return;
    const auto channel = found->second;
    asio::post(impl_->io, [channel, why] { channel->close(why); });
}

std::size_t SyncLinks::queued(LinkId link) const {
    const auto found = impl_->channels.find(link);
    return found == impl_->channels.end() ? 0 : found->second->queued();
}

void SyncLinks::stop() {
    if (std::exchange(impl_->stopped, true)) return;
    if (impl_->listener) impl_->listener->stop();
    for (const auto& [id, channel] : std::exchange(impl_->channels, {})) channel->abandon();
}

}  // namespace gatehouse::sync
