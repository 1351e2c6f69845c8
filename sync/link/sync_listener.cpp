#include "sync/link/sync_listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "sync/link/address.hpp"
#include "sync/link/enrolment_json.hpp"
#include "sync/link/http_exchange.hpp"
#include "sync/link/tls_context.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t header_limit = 16U * 1024U;
constexpr std::uint64_t body_limit = 64U * 1024U;
constexpr auto desk_within = std::chrono::seconds{25};

std::string spell(const tcp::endpoint& endpoint) {
    return format_address(endpoint.address().to_string(), endpoint.port());
}

http::response<http::string_body> reply(unsigned status, std::string body, const char* type) {
    http::response<http::string_body> response{static_cast<http::status>(status), 11};
    response.set(http::field::content_type, type);
    response.keep_alive(false);
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

http::response<http::string_body> refuse(const Error& error) {
    const unsigned status = http_status(error.code);
    auto response = reply(status, problem_json(error, status), "application/problem+json");
    if (error.retry_after_s != 0) response.set(http::field::retry_after, std::to_string(error.retry_after_s));
    return response;
}

// What the desk's answer is handed over in, from whatever thread it comes.
struct DeskAnswer {
    explicit DeskAnswer(asio::io_context& io) : bell(std::make_shared<Bell>(io)) {}
    const std::shared_ptr<Bell> bell;
    std::mutex mutex;  // guards what follows
    std::optional<Result<EnrolmentGrant>> given;
};

}  // namespace

SyncListener::SyncListener(asio::io_context& io, LinkOptions links, ListenOptions options,
                           std::function<void(VenueSocket)> opened, std::function<std::size_t()> count)
    : io_(io),
      links_(std::move(links)),
      options_(std::move(options)),
      opened_(std::move(opened)),
      count_(std::move(count)),
      acceptor_(io) {}

Result<std::shared_ptr<SyncListener>> SyncListener::start(asio::io_context& io, LinkOptions links,
                                                          ListenOptions options,
                                                          std::function<void(VenueSocket)> opened,
                                                          std::function<std::size_t()> count) {
    // Only enrolment speaks to clients without a certificate.
    const auto client = options.enrolment == nullptr ? ClientCertificate::required : ClientCertificate::optional;
    auto context = venue_server_context(links.tls, client);
    if (!context) return context.error();
    std::shared_ptr<SyncListener> self{
        new SyncListener{io, std::move(links), std::move(options), std::move(opened), std::move(count)}};
    self->tls_ = std::make_shared<asio::ssl::context>(std::move(*context));
    if (auto bound = self->bind(); !bound) return bound.error();
    asio::co_spawn(io, accept_all(self), asio::detached);
    return self;
}

Result<void> SyncListener::bind() {
    const auto address = parse_address(options_.listen);
    if (!address) return address.error();
    error_code error;
    tcp::resolver resolver{io_};
    const auto found = resolver.resolve(address->host, address->port, tcp::resolver::passive, error);
    if (error || found.empty()) return fail(ErrorCode::config, "no address to listen on: " + options_.listen);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(ErrorCode::io, "cannot listen on " + options_.listen + ": " + error.message());
    address_ = spell(acceptor_.local_endpoint());
    return {};
}

void SyncListener::stop() {
    stopped_ = true;
    error_code ignored;
    acceptor_.close(ignored);
}

asio::awaitable<void> SyncListener::accept_all(std::shared_ptr<SyncListener> self) {
    asio::steady_timer pause{self->io_};
    while (!self->stopped_) {
        error_code error;
        tcp::socket socket = co_await self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {  // out of descriptors, most likely: others will end
            pause.expires_after(std::chrono::milliseconds{100});
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        if (self->handshakes_ >= self->options_.handshakes) continue;  // the cheapest refusal: before TLS
        socket.set_option(tcp::no_delay{true}, error);
        VenueStream stream{beast::tcp_stream{std::move(socket)}, *self->tls_};
        auto greeting = greet(self, std::move(stream));
        asio::co_spawn(self->io_, std::move(greeting), asio::detached);
    }
}

asio::awaitable<void> SyncListener::greet(std::shared_ptr<SyncListener> self, VenueStream stream) {
    struct Count {
        explicit Count(std::size_t& n) : number(n) { ++number; }
        ~Count() { --number; }
        Count(const Count&) = delete;
        Count& operator=(const Count&) = delete;
        std::size_t& number;
    };
    const Count counted{self->handshakes_};
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(self->links_.handshake_within);
    judge_by_floor(stream.native_handle(), self->links_.floor());
    error_code error;
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.header_limit(header_limit);
    parser.body_limit(body_limit);
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    auto request = parser.release();
    if (websocket::is_upgrade(request))
        co_await upgrade(self, std::move(stream), std::move(request));
    else
        co_await answer(self, std::move(stream), std::move(request));
}

asio::awaitable<void> SyncListener::upgrade(std::shared_ptr<SyncListener> self, VenueStream stream, Request request) {
    error_code error;
    const bool member = peer_tls_key(stream.native_handle()).has_value();
    const bool room = self->count_() < self->options_.links;
    if (!member || !room || request.target() != "/sync" || self->stopped_) {
        auto why = fail(ErrorCode::not_found, "links are at /sync");
        if (!member)
            why = fail(ErrorCode::forbidden, "a certificate of this venue is wanted");
        else if (!room)
            why = fail(ErrorCode::unavailable, "no room for another link");
        if (!room) why.retry_after_s = self->options_.retry_after_s;
        const auto response = refuse(why);
        co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
        co_return;
    }
    beast::get_lowest_layer(stream).expires_never();
    VenueSocket socket{std::move(stream)};
    prepare_socket(socket, self->links_.handshake_within, self->links_.silent_within);
    co_await socket.async_accept(request, asio::redirect_error(asio::use_awaitable, error));
    if (!error && !self->stopped_) self->opened_(std::move(socket));
}

asio::awaitable<void> SyncListener::answer(std::shared_ptr<SyncListener> self, VenueStream stream, Request request) {
    error_code error;
    auto& lowest = beast::get_lowest_layer(stream);
    const auto endpoint = lowest.socket().remote_endpoint(error);
    Response response = refuse(fail(ErrorCode::not_found, "nothing is here"));
    const bool enrols = self->options_.enrolment != nullptr && request.target() == "/enrol";
    if (enrols && request.method() == http::verb::post) {
        lowest.expires_after(desk_within + self->links_.handshake_within);
        response = co_await enrolment(self, std::move(request), spell(endpoint));
    }
    lowest.expires_after(self->links_.handshake_within);
    co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<SyncListener::Response> SyncListener::enrolment(std::shared_ptr<SyncListener> self, Request request,
                                                                std::string peer) {
    auto asked = parse_enrolment_request(request.body(), peer);
    if (!asked) co_return refuse(asked.error());
    auto answer = std::make_shared<DeskAnswer>(self->io_);
    std::function<void(Result<EnrolmentGrant>)> take = [answer](Result<EnrolmentGrant> grant) {
        {
            const std::lock_guard lock{answer->mutex};
            if (!answer->given) answer->given = std::move(grant);
        }
        answer->bell->ring();
    };
    self->options_.enrolment->enrol(std::move(*asked), std::move(take));
    std::optional<Result<EnrolmentGrant>> given;
    answer->bell->timer.expires_after(desk_within);
    for (bool rung = true; !given && rung;) {
        {
            const std::lock_guard lock{answer->mutex};
            given = std::exchange(answer->given, std::nullopt);
        }
        if (given) break;
        error_code error;
        co_await answer->bell->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        rung = error == asio::error::operation_aborted;
    }
    if (!given) co_return refuse(fail(ErrorCode::unavailable, "central is busy"));
    if (!*given) co_return refuse(given->error());
    co_return reply(201, spell_enrolment_grant(**given), "application/json");
}

}  // namespace gatehouse::sync
