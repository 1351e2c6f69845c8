#include "sync/link/http_connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "sync/link/http_exchange.hpp"
#include "sync/link/http_target.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

using Parser = http::request_parser<http::string_body>;

// Counts a connection, and says how to end it while it is idle.
class Place {
public:
    Place(std::shared_ptr<HttpService> service, PlainStream& lowest) : service_(std::move(service)), lowest_(lowest) {
        number_ = ++service_->last;
        ++service_->open;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        service_->idle.erase(number_);
        --service_->open;
    }
    // From here to busy() a server that stops cuts the connection off: whoever sends slowly is not waited for.
    void interruptible() {
        service_->idle[number_] = [this] { lowest_.cancel(); };
    }
    void busy() { service_->idle.erase(number_); }

private:
    std::shared_ptr<HttpService> service_;
    PlainStream& lowest_;
    std::uint64_t number_ = 0;
};

// Lets a stopping server wake a stream that has nothing to say.
class StreamPlace {
public:
    StreamPlace(std::shared_ptr<HttpService> service, const std::shared_ptr<Bell>& bell)
        : service_(std::move(service)), number_(++service_->last) {
        service_->streams[number_] = [bell] { bell->ring(); };
    }
    StreamPlace(const StreamPlace&) = delete;
    StreamPlace& operator=(const StreamPlace&) = delete;
    ~StreamPlace() { service_->streams.erase(number_); }

private:
    std::shared_ptr<HttpService> service_;
    std::uint64_t number_;
};

unsigned status_of(const error_code& error) {
    if (error == http::error::header_limit) return 431;
    if (error == http::error::body_limit) return 413;
    return 400;
}

bool is_malformed(const error_code& error) {
    return error.category() == make_error_code(http::error::bad_method).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
}

HttpResponse problem(unsigned status, const char* code) {
    const std::string number = std::to_string(status);
    return http_response(status, "application/problem+json",
                         "{\"code\":\"" + std::string{code} + "\",\"status\":" + number + "}\n");
}

Result<HttpRequest> to_request(Parser::value_type& message, const HttpPeer& peer, bool secure) {
    HttpRequest request;
    request.method = std::string{message.method_string()};
    const auto hosts = message.equal_range(http::field::host);
    if (hosts.first == hosts.second || std::next(hosts.first) != hosts.second)
        return fail(ErrorCode::invalid_body, "one Host is wanted");
    request.authority = std::string{hosts.first->value()};
    if (auto parsed = parse_target(std::string_view{message.target().data(), message.target().size()}, request);
        !parsed)
        return parsed.error();
    for (const auto& field : message)
        request.fields.push_back({std::string{field.name_string()}, std::string{field.value()}});
    request.peer = peer.name;
    request.unix_socket = peer.unix_socket;
    request.secure = secure;
    return request;
}

template <class Stream>
PlainStream& lowest(Stream& stream) {
    return beast::get_lowest_layer(stream);
}

template <class Stream>
asio::awaitable<bool> write_response(Stream& stream, HttpResponse response, bool head, bool keep,
                                     std::chrono::milliseconds within) {
    http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
    for (const auto& field : response.fields) message.insert(field.name, field.value);
    message.keep_alive(keep);
    if (response.status != 204 && response.status != 304) message.content_length(response.body.size());
    if (!head) message.body() = std::move(response.body);
    lowest(stream).expires_after(within);
    error_code error;
    http::response_serializer<http::string_body> serializer{message};
    if (head)
        co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, error));
    else
        co_await http::async_write(stream, serializer, asio::redirect_error(asio::use_awaitable, error));
    co_return !error && keep;
}

// Everything that waits for the client goes on one stream of text; ends when either side has had enough.
template <class Stream>
asio::awaitable<void> write_events(Stream& stream, std::shared_ptr<HttpService> service, HttpResponse response,
                                   std::shared_ptr<HttpEventStream::Shared> events) {
    std::string text = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    for (const auto& field : response.fields) text += field.name + ": " + field.value + "\r\n";
    text += "\r\n";
    const StreamPlace place{service, events->bell};
    error_code error;
    bool open = true;
    while (!error) {
        if (!text.empty()) {
            lowest(stream).expires_after(service->options.write_within);
            co_await asio::async_write(stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
            text.clear();
            if (error) break;
        }
        {
            const std::lock_guard lock{events->mutex};
            for (auto& event : events->queue) text += event;
            events->queue.clear();
            events->octets = 0;
            open = events->open;
        }
        if (!text.empty()) continue;
        if (!open || service->stopping) break;
        error_code rung;
        co_await events->bell->timer.async_wait(asio::redirect_error(asio::use_awaitable, rung));
    }
    const std::lock_guard lock{events->mutex};
    events->open = false;
}

template <class Stream>
asio::awaitable<bool> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                std::shared_ptr<HttpService> service, HttpPeer peer, bool secure) {
    const auto& options = service->options;
    auto& message = parser.get();
    auto parsed = to_request(message, peer, secure);
    if (!parsed) {
        co_await write_response(stream, problem(400, "invalid_body"), false, false, options.write_within);
        co_return false;
    }
    const Result<std::uint64_t> limit = options.body_limit ? options.body_limit(*parsed) : std::uint64_t{1U << 20U};
    if (!limit) {
        const bool unnamed = limit.error().code == ErrorCode::unauthenticated;
        auto refused = unnamed ? problem(401, "unauthenticated") : problem(403, "forbidden");
        co_await write_response(stream, std::move(refused), false, false, options.write_within);
        co_return false;
    }
    parser.body_limit(*limit);
    if (const auto length = parser.content_length(); length && *length > *limit) {
        co_await write_response(stream, problem(413, "too_large"), false, false, options.write_within);
        co_return false;
    }
    lowest(stream).expires_after(options.body_within);
    error_code error;
    if (beast::iequals(message[http::field::expect], "100-continue")) {
        const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        co_await asio::async_write(stream, asio::buffer(go_on), asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return false;
    }
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_return true;
    if (is_malformed(error))
        co_await write_response(stream, problem(status_of(error), "invalid_body"), false, false, options.write_within);
    co_return false;
}

// True: the connection may bring another request.
template <class Stream>
asio::awaitable<bool> serve_one(Stream& stream, beast::flat_buffer& buffer, std::shared_ptr<HttpService> service,
                                HttpPeer peer, bool secure, Place& place) {
    const auto& options = service->options;
    Parser parser;
    parser.header_limit(options.header_limit);
    parser.body_limit(boost::none);
    lowest(stream).expires_after(options.header_within);
    place.interruptible();
    error_code error;
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        if (is_malformed(error))
            co_await write_response(stream, problem(status_of(error), "invalid_body"), false, false,
                                    options.write_within);
        co_return false;
    }
    const bool readable = co_await read_body(stream, buffer, parser, service, peer, secure);
    place.busy();
    if (!readable) co_return false;
    auto& message = parser.get();
    auto request = to_request(message, peer, secure);
    if (!request) co_return false;
    request->body = std::move(message.body());
    const bool head = request->method == "HEAD";
    const bool keep = message.keep_alive() && !service->stopping;

    auto bell = std::make_shared<Bell>(service->io);
    auto answer = std::make_shared<HttpAnswer>(bell);
    HttpRespond respond{std::make_shared<HttpRespond::Shared>(answer, options.stream_queue, options.stream_octets)};
    lowest(stream).expires_never();
    service->handler(std::move(*request), std::move(respond));
    HttpResponse response;
    std::shared_ptr<HttpEventStream::Shared> events;
    for (bool given = false; !given;) {
        {
            const std::lock_guard lock{answer->mutex};
            given = answer->given;
            if (given) {
                response = std::move(answer->response);
                events = std::move(answer->stream);
            }
        }
        error_code rung;
        if (!given) co_await bell->timer.async_wait(asio::redirect_error(asio::use_awaitable, rung));
    }
    if (events) {
        co_await write_events(stream, service, std::move(response), std::move(events));
        co_return false;
    }
    const bool going_on = co_await write_response(stream, std::move(response), head, keep, options.write_within);
    co_return going_on;
}

template <class Stream>
asio::awaitable<void> serve(std::shared_ptr<HttpService> service, Stream& stream, HttpPeer peer, bool secure,
                            Place& place) {
    beast::flat_buffer buffer;
    if (peer.crowded) {
        auto response = problem(503, "unavailable");
        response.fields.push_back({"Retry-After", "5"});
        co_await write_response(stream, std::move(response), false, false, service->options.write_within);
        co_return;
    }
    for (bool going_on = true, first = true; going_on && !service->stopping; first = false) {
        if (buffer.size() == 0) {
            place.interruptible();
            lowest(stream).expires_after(first ? service->options.header_within : service->options.idle_within);
            error_code error;
            const auto room = buffer.prepare(4096);
            const auto size = co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
            place.busy();
            if (error) co_return;
            buffer.commit(size);
        }
        going_on = co_await serve_one(stream, buffer, service, peer, secure, place);
    }
}

}  // namespace

asio::awaitable<void> serve_plain(std::shared_ptr<HttpService> service, PlainStream stream, HttpPeer peer) {
    Place place{service, stream};
    co_await serve(service, stream, peer, false, place);
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_both, ignored);
}

asio::awaitable<void> serve_secure(std::shared_ptr<HttpService> service, PlainStream plain, HttpPeer peer) {
    SecureStream stream{std::move(plain), *service->tls};
    Place place{service, lowest(stream)};  // a handshake takes a place, too
    place.interruptible();
    lowest(stream).expires_after(service->options.header_within);
    error_code error;
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    co_await serve(service, stream, peer, true, place);
    lowest(stream).expires_after(std::chrono::seconds{2});
    co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
}

}  // namespace gatehouse::sync
