// What all ports share once they have a descriptor: reading, writing with patience, noticing the end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "drivers/port/port.hpp"

namespace gatehouse::drivers {

class StreamPort : public Port {
public:
    explicit StreamPort(boost::asio::io_context& io);
    ~StreamPort() override;
    StreamPort(const StreamPort&) = delete;
    StreamPort& operator=(const StreamPort&) = delete;

    void open(PortEvents events) final;
    void write(ByteView bytes, Duration patience) final;
    void close() final;

protected:
    // Called by open(): ends in one take_over() or one give_up(), now or later. What comes after abandon() is ignored.
    virtual void begin() = 0;
    virtual void abandon() = 0;

    // What was read, as it came from one read(): for tell(), translated where the device speaks another format.
    virtual void received(ByteView bytes) { tell(bytes); }
    // As ::write(), errno included: how much of `bytes` the device took.
    [[nodiscard]] virtual std::ptrdiff_t put(int device, ByteView bytes);
    // The device is open and was told to the machine; before anything is read.
    virtual void begun() {}

    void take_over(int descriptor);  // owns the descriptor from here on
    void tell(ByteView bytes) { events_.read(bytes); }
    [[nodiscard]] const PortEvents& events() const { return events_; }
    [[nodiscard]] int descriptor() { return descriptor_.native_handle(); }
    void give_up(const Error& error);
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    // Expires when the port is closed or opened again: what a late callback checks.
    [[nodiscard]] std::weak_ptr<const int> opening() const { return opening_; }

private:
    void wait_readable();
    void read_some();
    void wait_writable();
    [[nodiscard]] bool write_some();
    void lose(const Error& error);
    void lose_errno(const char* what);
    void drop_descriptor();

    boost::asio::io_context& io_;
    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::steady_timer patience_;
    std::shared_ptr<const int> opening_;
    PortEvents events_;
    Bytes unwritten_;
    Duration patience_length_{};
    bool waiting_writable_ = false;
};

}  // namespace gatehouse::drivers
