// What all ports share once they have a descriptor: reading, writing with patience, noticing the end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "drivers/port/port.hpp"
#include "drivers/port/slow_calls.hpp"

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

    // What a read() of no octets means: the end, if not said otherwise.
    [[nodiscard]] virtual bool ends_with_nothing() const { return true; }

    // begin() of a device that may be long about it: `open` on the thread of the slow calls, after what was open before
    // has been closed there; then take_over(), or closed.
    void open_slowly(std::function<Result<int>()> open);
    // Between the two nothing is read or written; what is to be written waits.
    void rest() { resting_ = true; }
    void go_on();
    [[nodiscard]] SlowCalls& slow_calls() { return slow_; }

    void take_over(int descriptor);  // owns the descriptor from here on
    void tell(ByteView bytes) { events_.read(bytes); }
    [[nodiscard]] const PortEvents& events() const { return events_; }
    [[nodiscard]] int descriptor() { return descriptor_.native_handle(); }
    void give_up(const Error& error);
    [[nodiscard]] Duration patience() const { return patience_length_; }  // of the last write
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    // Expires when the port is closed or opened again: what a late callback checks.
    [[nodiscard]] std::weak_ptr<const int> opening() const { return opening_; }

private:
    void wait_readable();
    void read_some();
    void wait_writable();
    void be_patient();
    void read_soon();
    [[nodiscard]] bool write_some();
    [[nodiscard]] bool write_on();
    void tell_progress();
    void lose(const Error& error);
    void lose_errno(const char* what);
    void drop_descriptor();
    void let_go(int device);

    boost::asio::io_context& io_;
    SlowCalls slow_;
    boost::asio::posix::stream_descriptor descriptor_;
    boost::asio::steady_timer patience_;
    boost::asio::steady_timer nothing_;
    std::shared_ptr<const int> opening_;
    PortEvents events_;
    // What a read() brought, wiped once the machine has it: an identity card's number may be in it. It outlives a port
    // that its machine lets go of meanwhile.
    std::shared_ptr<Bytes> read_;
    Bytes unwritten_;
    Duration patience_length_{};
    bool waiting_writable_ = false;
    bool had_to_wait_ = false;  // and that was told
    bool resting_ = false;
    bool readable_ = false;  // while resting
};

}  // namespace gatehouse::drivers
