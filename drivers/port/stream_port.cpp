#include "drivers/port/stream_port.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "drivers/port/descriptor.hpp"
#include "schemas/crypto/wipe.hpp"

namespace gatehouse::drivers {

namespace {
constexpr std::size_t read_at_once = 4096;
constexpr std::chrono::milliseconds after_nothing{20};
using Wait = boost::asio::posix::stream_descriptor::wait_type;

struct Opened {
    std::optional<Descriptor> device;
    Error error;  // without one
};
}  // namespace

StreamPort::StreamPort(boost::asio::io_context& io)
    : io_(io), slow_(io), descriptor_(io), patience_(io), nothing_(io), read_(std::make_shared<Bytes>(read_at_once)) {}

StreamPort::~StreamPort() { StreamPort::drop_descriptor(); }

void StreamPort::open(PortEvents events) {
    close();
    events_ = std::move(events);
    opening_ = std::make_shared<const int>(0);
    begin();
}

void StreamPort::close() {
    if (!opening_) return;
    opening_.reset();
    abandon();
    drop_descriptor();
}

void StreamPort::drop_descriptor() {
    patience_.cancel();
    nothing_.cancel();
    unwritten_.clear();
    waiting_writable_ = false;
    had_to_wait_ = false;
    resting_ = false;
    readable_ = false;
    if (descriptor_.is_open()) let_go(descriptor_.release());
}

// Closing a tty waits until the device has taken what was written. Behind the other slow calls, none of which finds its
// descriptor's number given to another file.
void StreamPort::let_go(int device) {
    if (slow_.has_begun())
        slow_.ask([device] { close_device(device); });
    else
        ::close(device);
}

void StreamPort::open_slowly(std::function<Result<int>()> open) {
    const auto opened = std::make_shared<Opened>();
    slow_.ask(
        [opened, open = std::move(open)] {
            if (const auto device = open())
                opened->device.emplace(*device);
            else
                opened->error = device.error();
        },
        [this, opened, alive = opening()] {
            if (!opened->device) {
                if (!alive.expired()) lose(opened->error);
            } else if (alive.expired()) {
                let_go(opened->device->release());
            } else {
                take_over(opened->device->release());
            }
        });
}

void StreamPort::take_over(int descriptor) {
    boost::system::error_code refused;
    descriptor_.assign(descriptor, refused);
    if (refused) {
        let_go(descriptor);
        give_up(fail(ErrorCode::io, "the device cannot be waited for: " + refused.message()));
        return;
    }
    boost::asio::post(io_, [this, alive = opening()] {
        if (alive.expired()) return;
        wait_readable();
        events_.opened();
        if (!alive.expired()) begun();
    });
}

// Later, so that no callback comes from inside a call.
void StreamPort::give_up(const Error& error) {
    boost::asio::post(io_, [this, error, alive = opening()] {
        if (!alive.expired()) lose(error);
    });
}

void StreamPort::wait_readable() {
    descriptor_.async_wait(Wait::wait_read, [this, alive = opening()](const boost::system::error_code& error) {
        if (alive.expired() || error) return;
        readable_ = resting_;
        if (!resting_) read_some();
    });
}

// Not at once: some printers have an empty packet whenever they are asked for one.
void StreamPort::read_soon() {
    nothing_.expires_after(after_nothing);
    nothing_.async_wait([this, alive = opening()](const boost::system::error_code& error) {
        if (!error && !alive.expired()) wait_readable();
    });
}

// End of file from most devices means unplugged. The descriptor is closed at once: while it stays open, the device
// comes back under another name.
void StreamPort::read_some() {
    const auto buffer = read_;
    const auto count = ::read(descriptor_.native_handle(), buffer->data(), buffer->size());
    if (count == 0) {
        if (!ends_with_nothing()) return read_soon();
        lose(fail(ErrorCode::io, "the device is gone"));
        return;
    }
    if (count < 0) {
        if (errno == EAGAIN || errno == EINTR)
            wait_readable();
        else
            lose_errno("reading failed");
        return;
    }
    const auto alive = opening();
    const auto brought = std::span(*buffer).first(static_cast<std::size_t>(count));
    received(brought);
    gatehouse::wipe(brought);
    if (!alive.expired()) wait_readable();
}

void StreamPort::write(ByteView bytes, Duration patience) {
    if (!descriptor_.is_open() || bytes.empty()) return;
    unwritten_.insert(unwritten_.end(), bytes.begin(), bytes.end());
    patience_length_ = patience;
    if (waiting_writable_ || resting_) return;
    if (!write_on()) give_up(fail(ErrorCode::io, std::string("writing failed: ") + std::strerror(errno)));
}

void StreamPort::go_on() {
    resting_ = false;
    const auto alive = opening();
    if (std::exchange(readable_, false)) read_some();
    if (alive.expired() || waiting_writable_ || unwritten_.empty()) return;
    if (!write_on()) lose_errno("writing failed");
}

// As write_some(), and the rest when the device can take more.
bool StreamPort::write_on() {
    if (!write_some()) return false;
    if (!unwritten_.empty())
        wait_writable();
    else if (std::exchange(had_to_wait_, false))
        tell_progress();
    return true;
}

// Later, so that no callback comes from inside a call.
void StreamPort::tell_progress() {
    boost::asio::post(io_, [this, progress = WriteProgressed{unwritten_.size()}, alive = opening()] {
        if (!alive.expired() && events_.write_progressed) events_.write_progressed(progress);
    });
}

// False on an error, which is in errno.
bool StreamPort::write_some() {
    const int device = descriptor_.native_handle();
    while (!unwritten_.empty()) {
        const auto count = put(device, unwritten_);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN;
        unwritten_.erase(unwritten_.begin(), unwritten_.begin() + count);
    }
    return true;
}

std::ptrdiff_t StreamPort::put(int device, ByteView bytes) { return ::write(device, bytes.data(), bytes.size()); }

void StreamPort::wait_writable() {
    waiting_writable_ = true;
    had_to_wait_ = true;
    tell_progress();
    if (patience_length_ != without_limit) be_patient();
    descriptor_.async_wait(Wait::wait_write, [this, alive = opening()](const boost::system::error_code& error) {
        if (alive.expired() || error) return;
        waiting_writable_ = false;
        patience_.cancel();
        if (!resting_ && !write_on()) lose_errno("writing failed");
    });
}

void StreamPort::be_patient() {
    patience_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(patience_length_));
    patience_.async_wait([this, alive = opening()](const boost::system::error_code& error) {
        if (alive.expired() || error || !waiting_writable_) return;
        lose(fail(ErrorCode::unavailable, "the device takes no more bytes"));
    });
}

void StreamPort::lose_errno(const char* what) {
    lose(fail(ErrorCode::io, std::string(what) + ": " + std::strerror(errno)));
}

void StreamPort::lose(const Error& error) {
    close();
    const auto closed = std::exchange(events_, {}).closed;
    closed(error);
}

}  // namespace gatehouse::drivers
