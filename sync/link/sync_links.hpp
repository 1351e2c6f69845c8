// Connections between machines of a venue: WebSocket over TLS 1.3, certificates on both sides, one binary message a
// frame of sync/replication. One object both listens and dials; a link is the same whoever made it.
//
// All calls and callbacks are on the io_context's one thread. Callbacks are never made from within a call.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "sync/link/enrolment.hpp"
#include "sync/link/tls_identity.hpp"
#include "sync/replication/replicator.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::sync {

struct LinkOpened {
    LinkId link;
    Hash tls_key{};       // SHA-256 of the peer's SubjectPublicKeyInfo
    std::string address;  // "10.0.0.12:51234"
    std::string url;      // what was dialled; empty on the listener's side
    [[nodiscard]] bool dialled() const { return !url.empty(); }
};

struct LinkCallbacks {
    std::function<void(const LinkOpened&)> opened;
    std::function<void(LinkId, Bytes frame)> received;
    std::function<void(LinkId, std::size_t octets)> sent;        // frames of so many octets have gone to the kernel
    std::function<void(LinkId, const std::string& why)> closed;  // once for each `opened`
    std::function<void(const std::string& url, const std::string& why, std::uint32_t retry_after_s)> dial_failed;
};

struct LinkOptions {
    VenueTls tls;
    std::function<WallTime()> floor;  // the clock's floor: judges not-after. Called at each handshake
    std::chrono::milliseconds handshake_within{10'000};
    std::chrono::milliseconds silent_within{20'000};  // pings go out at half of it; then the link is taken for dead
    std::size_t send_queue = 16U << 20U;              // octets; a link whose queue passes it is closed: slow reader
};

struct ListenOptions {
    std::string listen;           // "0.0.0.0:8443"; port 0 takes any
    std::size_t links = 256;      // more are answered 503 with Retry-After
    std::size_t handshakes = 32;  // at once; more are closed before TLS
    std::uint32_t retry_after_s = 15;
    EnrolmentDesk* enrolment = nullptr;  // answers POST /enrol from clients without a certificate. Outlives this
};

class SyncLinks {
public:
    SyncLinks(boost::asio::io_context& io, LinkOptions options, LinkCallbacks callbacks);
    SyncLinks(SyncLinks&&) noexcept;
    SyncLinks& operator=(SyncLinks&&) noexcept;
    ~SyncLinks();  // stops

    // May be called once. The answer is the address with the port that was taken. Errors: config, io.
    [[nodiscard]] Result<std::string> listen(ListenOptions options);
    // `url`: "wss://host:port/sync", or "host:port". Ends in `opened` or `dial_failed`.
    void dial(const std::string& url);
    // Calls about links that are gone are ignored.
    void send(LinkId link, Bytes frame);
    void close(LinkId link, const std::string& why);      // flushes what is queued, for at most two seconds
    [[nodiscard]] std::size_t queued(LinkId link) const;  // octets
    // Closes everything; no callbacks afterwards.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace gatehouse::sync
