// One open WebSocket: reads frames, writes them from a bounded queue. For this folder's .cpp files only.
#pragma once

#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "schemas/base/bytes.hpp"

namespace gatehouse::sync {

using VenueStream = boost::asio::ssl::stream<boost::beast::tcp_stream>;
using VenueSocket = boost::beast::websocket::stream<VenueStream>;

// Message size, time-outs and pings, as every link has them. Call before the WebSocket's handshake.
void prepare_socket(VenueSocket& socket, std::chrono::milliseconds handshake_within,
                    std::chrono::milliseconds silent_within);

struct ChannelCallbacks {
    std::function<void(Bytes)> received;
    std::function<void(std::size_t)> sent;
    std::function<void(const std::string&)> closed;  // once; never from within a call
};

class LinkChannel : public std::enable_shared_from_this<LinkChannel> {
public:
    LinkChannel(VenueSocket socket, std::size_t most_queued, ChannelCallbacks callbacks);
    void start();
    void send(Bytes frame);
    void close(const std::string& why);
    void abandon();  // no more callbacks; the socket goes at once
    [[nodiscard]] std::size_t queued() const { return queued_; }

private:
    void read();
    void write();
    void say_goodbye();
    void end(const std::string& why);

    VenueSocket socket_;
    const std::size_t most_queued_;
    ChannelCallbacks callbacks_;
    boost::beast::flat_buffer incoming_;
    std::deque<Bytes> outgoing_;
    std::size_t queued_ = 0;
    bool writing_ = false;
    std::optional<std::string> closing_;  // why
    bool ended_ = false;
    boost::asio::steady_timer patience_;  // for the goodbye
};

}  // namespace gatehouse::sync
