#include "sync/link/link_channel.hpp"

#include <utility>

#include "sync/replication/messages.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {
constexpr auto goodbye_within = std::chrono::seconds{2};
constexpr std::size_t write_buffer = 64U * 1024U;
}  // namespace

void prepare_socket(VenueSocket& socket, std::chrono::milliseconds handshake_within,
                    std::chrono::milliseconds silent_within) {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = handshake_within;
    limits.idle_timeout = silent_within;
    limits.keep_alive_pings = true;
    socket.set_option(limits);
    socket.read_message_max(largest_frame);
    socket.binary(true);
    socket.auto_fragment(false);
    socket.write_buffer_bytes(write_buffer);
    socket.secure_prng(false);  // masks are for proxies of plain text; TLS lies beneath
}

LinkChannel::LinkChannel(VenueSocket socket, std::size_t most_queued, ChannelCallbacks callbacks)
    : socket_(std::move(socket)),
      most_queued_(most_queued),
      callbacks_(std::move(callbacks)),
      patience_(socket_.get_executor()) {}

void LinkChannel::start() {
    beast::get_lowest_layer(socket_).expires_never();
    read();
}

void LinkChannel::read() {
    socket_.async_read(incoming_, [self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->ended_) return;
        if (error) return self->end(error.message());
        const auto data = self->incoming_.cdata();
        const auto* first = static_cast<const std::uint8_t*>(data.data());
        Bytes frame{first, first + data.size()};
        self->incoming_.consume(self->incoming_.size());
        const bool binary = self->socket_.got_binary();
        if (!binary)
            self->close("a text message");
        else if (!self->closing_)
            self->callbacks_.received(std::move(frame));
        if (!self->ended_) self->read();
    });
}

void LinkChannel::send(Bytes frame) {
    if (ended_ || closing_) return;
    queued_ += frame.size();
    outgoing_.push_back(std::move(frame));
    if (queued_ > most_queued_) {
        asio::post(socket_.get_executor(), [self = shared_from_this()] { self->end("the peer reads too slowly"); });
        return;
    }
    if (!writing_) write();
}

void LinkChannel::write() {
    writing_ = true;
    socket_.async_write(asio::buffer(outgoing_.front()),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->writing_ = false;
                            if (self->ended_) return;
                            if (error) return self->end(error.message());
                            const auto size = self->outgoing_.front().size();
                            self->outgoing_.pop_front();
                            self->queued_ -= size;
                            if (!self->outgoing_.empty())
                                self->write();
                            else if (self->closing_)
                                self->say_goodbye();
                            if (!self->closing_) self->callbacks_.sent(size);
                        });
}

void LinkChannel::close(const std::string& why) {
    if (ended_ || closing_) return;
    closing_ = why;
    patience_.expires_after(goodbye_within);
    patience_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error && !self->ended_) self->end(*self->closing_);
    });
    if (!writing_) say_goodbye();
}

void LinkChannel::say_goodbye() {
    websocket::close_reason reason{websocket::close_code::normal};
    socket_.async_close(reason, [self = shared_from_this()](const error_code&) {
        if (!self->ended_) self->end(*self->closing_);
    });
}

void LinkChannel::end(const std::string& why) {
    if (std::exchange(ended_, true)) return;
    patience_.cancel();
    beast::get_lowest_layer(socket_).close();
    // The pending read or write keeps this alive until it has failed.
    const auto closed = std::exchange(callbacks_, {}).closed;
    if (closed) closed(closing_.value_or(why));
}

void LinkChannel::abandon() {
    callbacks_ = {};
    end("stopped");
}

}  // namespace gatehouse::sync
