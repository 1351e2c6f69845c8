#include "sync/link/http_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "sync/link/address.hpp"
#include "sync/link/event_reader.hpp"
#include "sync/link/http_connection.hpp"
#include "sync/link/openssl_handles.hpp"
#include "sync/link/tls_context.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

namespace {

// A connection, secure or not.
struct Connection {
    explicit Connection(PlainStream stream) : plain(std::move(stream)) {}
    Connection(PlainStream stream, asio::ssl::context& tls) : secure(std::in_place, std::move(stream), tls) {}
    std::optional<PlainStream> plain;
    std::optional<SecureStream> secure;
    beast::flat_buffer buffer;
    bool answered = false;  // to any request
    PlainStream& lowest() { return plain ? *plain : secure->next_layer(); }
};

Error unreachable(const std::string& where, const error_code& error) {
    return fail(ErrorCode::unavailable, where + ": " + error.message());
}

Error no_tls(ErrorCode code, Why why, const std::string& where, const std::string& detail) {
    Error error = fail(code, where + ": " + detail);
    error.why = why;
    error.with = {{"where", where}};
    return error;
}

// What a handshake, or what came after it, says of the other end. TLS 1.3 refuses a client after its handshake.
Error refused_by_tls(const std::string& where, const error_code& error, const SSL* ssl) {
    const bool judged = error.category() == asio::error::get_ssl_category();
    const int reason = judged ? ERR_GET_REASON(static_cast<unsigned long>(error.value())) : 0;
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return no_tls(ErrorCode::unauthenticated, Why::untrusted, where,
                      X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_PACKET_LENGTH_TOO_LONG)
        return no_tls(ErrorCode::unavailable, Why::not_tls, where, error.message());
    return no_tls(ErrorCode::unavailable, Why::tls_refused, where, error.message());
}

// The other end hung up on the handshake, or answered it with an alert.
bool is_refusal(const error_code& error) {
    return error.category() == asio::error::get_ssl_category() || error == asio::error::eof ||
           error == http::error::end_of_stream || error == asio::error::connection_reset ||
           error == asio::ssl::error::stream_truncated;
}

// The first octet of a TLS alert, where HTTP was expected.
bool is_alert(const beast::flat_buffer& buffer) {
    constexpr unsigned char alert = 0x15;
    return buffer.size() > 0 && *static_cast<const unsigned char*>(buffer.data().data()) == alert;
}

bool needs_again(const std::string& method) { return method == "GET" || method == "PUT"; }

}  // namespace

class HttpClient::Impl {
public:
    explicit Impl(HttpClientOptions chosen) : options(std::move(chosen)) {}

    Result<void> prepare() {
        if (!options.unix_socket.empty()) {
            url.address.host = "localhost";
            return {};
        }
        auto parsed = parse_url(options.url);
        if (!parsed) return parsed.error();
        url = std::move(*parsed);
        if (url.path == "/") url.path.clear();
        if (!url.secure()) return {};
        tls.emplace(asio::ssl::context::tls_client);
        SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
        error_code error;
        if (const auto* ca = std::get_if<TrustCa>(&options.trust)) {
            tls->set_verify_mode(asio::ssl::verify_peer);
            tls->add_certificate_authority(asio::buffer(ca->ca), error);
            if (error) return fail(ErrorCode::config, "the CA is not a certificate");
        } else if (std::holds_alternative<TrustSystem>(options.trust)) {
            tls->set_verify_mode(asio::ssl::verify_peer);
            tls->set_default_verify_paths(error);
            tls->set_verify_callback(asio::ssl::host_name_verification{url.address.host});
        }
        return {};
    }

    // Runs one exchange on this thread until it ends.
    template <class T>
    Result<T> run(asio::awaitable<Result<T>> work) {
        std::optional<Result<T>> result;
        const auto done = [&](std::exception_ptr thrown, Result<T> value) {
            if (thrown)
                result = fail(ErrorCode::internal, "an exchange failed");
            else
                result = std::move(value);
        };
        io.restart();
        asio::co_spawn(io, std::move(work), done);
        io.run();
        return std::move(*result);
    }

    asio::awaitable<Result<void>> connect() {
        connection.reset();
        error_code error;
        if (!options.unix_socket.empty()) {
            Local::socket socket{io};
            const Local::endpoint endpoint{options.unix_socket};
            socket.connect(endpoint, error);
            if (error) co_return unreachable(options.unix_socket, error);
            connection.emplace(PlainStream{std::move(socket)});
            co_return Result<void>{};
        }
        tcp::resolver resolver{io};
        auto found = co_await resolver.async_resolve(url.address.host, url.address.port,
                                                     asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return unreachable(options.url, error);
        beast::basic_stream<tcp> stream{io};
        stream.expires_after(options.connect_within);
        co_await stream.async_connect(found, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return unreachable(options.url, error);
        auto socket = stream.release_socket();
        socket.set_option(tcp::no_delay{true}, error);
        PlainStream plain{std::move(socket)};
        if (!tls) {
            connection.emplace(std::move(plain));
            co_return Result<void>{};
        }
        connection.emplace(std::move(plain), *tls);
        auto secured = co_await secure();
        if (!secured) connection.reset();
        co_return secured;
    }

    asio::awaitable<Result<void>> secure() {
        auto& stream = *connection->secure;
        error_code error;
        connection->lowest().expires_after(options.connect_within);
        if (url.address.host.find(':') == std::string::npos)
            SSL_set_tlsext_host_name(stream.native_handle(), url.address.host.c_str());
        co_await stream.async_handshake(asio::ssl::stream_base::client,
                                        asio::redirect_error(asio::use_awaitable, error));
        if (error && is_refusal(error)) co_return refused_by_tls(options.url, error, stream.native_handle());
        if (error) co_return unreachable(options.url, error);
        const auto* pinned = std::get_if<TrustFingerprint>(&options.trust);
        if (pinned != nullptr && !is_central_below(stream.native_handle(), pinned->ca))
            co_return no_tls(ErrorCode::unauthenticated, Why::other_central, options.url,
                             "the server is not of this venue");
        co_return Result<void>{};
    }

    http::request<http::string_body> message(const std::string& method, const std::string& target, std::string body,
                                             const HttpFields& fields) const {
        http::request<http::string_body> request;
        request.method_string(method);
        request.target(url.path + target);
        request.version(11);
        request.set(http::field::host, options.unix_socket.empty() ? url.authority() : "localhost");
        request.set(http::field::user_agent, "gatehouse/" GATEHOUSE_VERSION);
        for (const auto& field : fields) request.set(field.name, field.value);
        request.body() = std::move(body);
        request.prepare_payload();
        return request;
    }

    // `answered`: something of an answer came.
    template <class Stream>
    asio::awaitable<Result<HttpResponse>> exchange_on(Stream& stream, http::request<http::string_body> request,
                                                      bool& answered) {
        error_code error;
        connection->lowest().expires_after(options.answer_within);
        co_await http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return unreachable(options.url, error);
        http::response_parser<http::string_body> parser;
        parser.body_limit(options.largest_body);
        if (request.method() == http::verb::head) parser.skip(true);
        co_await http::async_read(stream, connection->buffer, parser, asio::redirect_error(asio::use_awaitable, error));
        answered = parser.got_some() || !error;
        if (error == http::error::body_limit) co_return fail(ErrorCode::too_large, "the answer is too large");
        const bool broke_off = error == http::error::end_of_stream || error == http::error::partial_message ||
                               error.category() != make_error_code(http::error::bad_method).category();
        if (connection->secure && error.category() == asio::error::get_ssl_category())
            co_return refused_by_tls(options.url, error, connection->secure->native_handle());
        // A port of TLS hangs up on HTTP without a word (OpenSSL knows its methods), or says so with an alert.
        const bool mute = !answered && !connection->answered && is_refusal(error);
        const bool tcp = connection->plain && options.unix_socket.empty();
        if (error && tcp && (mute || is_alert(connection->buffer)))
            co_return no_tls(ErrorCode::unavailable, Why::tls_wanted, options.url, "hung up without an answer");
        if (error && !broke_off) co_return fail(ErrorCode::invalid_body, "the answer is not HTTP");
        if (error) co_return unreachable(options.url, error);
        connection->answered = true;
        auto answer = parser.release();
        HttpResponse response;
        response.status = answer.result_int();
        for (const auto& field : answer)
            response.fields.push_back({std::string{field.name_string()}, std::string{field.value()}});
        response.body = std::move(answer.body());
        if (!answer.keep_alive()) connection.reset();
        co_return response;
    }

    asio::awaitable<Result<HttpResponse>> exchange(http::request<http::string_body> request) {
        const bool was_open = connection.has_value();
        for (bool again = was_open;; again = false) {
            if (!connection) {
                auto connected = co_await connect();
                if (!connected) co_return connected.error();
            }
            bool answered = false;
            auto copy = request;
            Result<HttpResponse> response = fail(ErrorCode::internal, "");
            if (connection->plain)
                response = co_await exchange_on(*connection->plain, std::move(copy), answered);
            else
                response = co_await exchange_on(*connection->secure, std::move(copy), answered);
            if (response) co_return response;
            connection.reset();
            if (!again || answered || !needs_again(std::string{request.method_string()})) co_return response;
        }
    }

    template <class Stream>
    asio::awaitable<Result<void>> read_events(Stream& stream, http::request<http::string_body> request,
                                              const std::function<bool(const ServerSentEvent&)>& on_event) {
        error_code error;
        connection->lowest().expires_after(options.answer_within);
        co_await http::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
        http::response_parser<http::buffer_body> parser;
        parser.body_limit(boost::none);
        if (!error)
            co_await http::async_read_header(stream, connection->buffer, parser,
                                             asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return unreachable(options.url, error);
        if (parser.get().result_int() != 200)
            co_return fail(ErrorCode::unavailable, "answered " + std::to_string(parser.get().result_int()));
        EventReader reader;
        std::array<char, 8192> part{};
        while (!parser.is_done()) {
            parser.get().body().data = part.data();
            parser.get().body().size = part.size();
            connection->lowest().expires_after(options.answer_within);
            co_await http::async_read_some(stream, connection->buffer, parser,
                                           asio::redirect_error(asio::use_awaitable, error));
            if (error == http::error::need_buffer) error = {};
            if (error) co_return unreachable(options.url, error);
            const std::size_t size = part.size() - parser.get().body().size;
            auto events = reader.take({part.data(), size});
            if (!events) co_return events.error();
            for (const auto& event : *events)
                if (!on_event(event)) co_return Result<void>{};
        }
        co_return fail(ErrorCode::unavailable, "the stream of events ended");
    }

    asio::awaitable<Result<void>> follow(http::request<http::string_body> request,
                                         const std::function<bool(const ServerSentEvent&)>& on_event) {
        auto connected = co_await connect();
        if (!connected) co_return connected;
        Result<void> result;
        if (connection->plain)
            result = co_await read_events(*connection->plain, std::move(request), on_event);
        else
            result = co_await read_events(*connection->secure, std::move(request), on_event);
        connection.reset();
        co_return result;
    }

    HttpClientOptions options;
    Url url;
    asio::io_context io{1};
    std::optional<asio::ssl::context> tls;
    std::optional<Connection> connection;
};

Result<HttpClient> HttpClient::make(HttpClientOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    if (auto prepared = impl->prepare(); !prepared) return prepared.error();
    return HttpClient{std::move(impl)};
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpResponse> HttpClient::request(const std::string& method, const std::string& target, std::string body,
                                         HttpFields fields) {
    return impl_->run(impl_->exchange(impl_->message(method, target, std::move(body), fields)));
}

Result<void> HttpClient::events(const std::string& target, HttpFields fields,
                                const std::function<bool(const ServerSentEvent&)>& on_event) {
    fields.push_back({"Accept", "text/event-stream"});
    return impl_->run(impl_->follow(impl_->message("GET", target, {}, fields), on_event));
}

}  // namespace gatehouse::sync
