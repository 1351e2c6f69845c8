// A small blocking HTTP/1.1 client for the operator's command, enrolment and tests: TCP, TLS, unix socket.
// Not for the deciding thread. Each object is used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "sync/link/http_message.hpp"
#include "sync/link/http_server.hpp"

namespace gatehouse::sync {

// Trust of an https server. Names are not compared: a venue's machines have addresses, not names.
struct TrustCa {
    std::string ca;  // PEM; the server's chain must end there
};
struct TrustFingerprint {
    Hash ca{};  // SHA-256 of the CA certificate (DER), which the server must send in its chain; it must be central
};
struct TrustSystem {};  // the system's roots, names compared
using TlsTrust = std::variant<TrustSystem, TrustCa, TrustFingerprint>;

struct HttpClientOptions {
    std::string url;          // "http://127.0.0.1:8440" or "https://…"; a path is a prefix of every request's
    std::string unix_socket;  // instead of `url`
    TlsTrust trust;
    std::chrono::milliseconds connect_within{5'000};
    std::chrono::milliseconds answer_within{60'000};
    std::uint64_t largest_body = 1ULL << 30U;
};

class HttpClient {
public:
    // Connects on the first request, and again when the server closed in between. Errors: config (url).
    [[nodiscard]] static Result<HttpClient> make(HttpClientOptions options);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    // `target` is path and query, as it goes over the wire. Any status is a value. Errors: unavailable (cannot be
    // reached, or broke off), unauthenticated (TLS: not trusted), too_large, invalid_body (not HTTP). What TLS
    // refused says why: untrusted, other_central, not_tls, tls_wanted, tls_refused.
    // A request is sent again after a broken kept-alive connection only if nothing of the answer had come, and if
    // `method` is GET or PUT.
    [[nodiscard]] Result<HttpResponse> request(const std::string& method, const std::string& target,
                                               std::string body = {}, HttpFields fields = {});

    // Reads server-sent events until `on_event` answers false (ok), or the stream ends (unavailable).
    [[nodiscard]] Result<void> events(const std::string& target, HttpFields fields,
                                      const std::function<bool(const ServerSentEvent&)>& on_event);

private:
    class Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::sync
