// Which ports are being recorded, and into which files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "drivers/link/recording.hpp"
#include "drivers/port/port.hpp"

namespace gatehouse::drivers {

// One an io_context, on its thread. `address` is to_string() of a port's settings.
class Recordings final : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id;
    explicit Recordings(boost::asio::execution_context& context) : boost::asio::execution_context::service(context) {}
    [[nodiscard]] static Recordings& of(boost::asio::io_context& io);

    struct Running {
        std::string file;
        Instant began{};
        std::size_t octets = 0;  // of the file
    };
    // `full`: else it could not be written.
    using Ended = std::function<void(const Running& recording, bool full)>;

    // Begins a new file, which must not be there yet, readable by its owner only. `ended` is called when the recording
    // ends without stop(). Errors: io; unavailable while the port is recorded already, which goes on.
    [[nodiscard]] Result<void> start(const std::string& address, const std::string& file, const RecordingHeader& header,
                                     Ended ended = {}, std::size_t largest = largest_recording / 2);
    // What was ended; nothing where the port was not recorded.
    std::optional<Running> stop(const std::string& address);
    [[nodiscard]] std::optional<Running> running(const std::string& address) const;

    // A port says what happens to it. A file that is full or cannot be written ends its recording.
    void note(const std::string& address, PortMoment what, ByteView bytes = {});

private:
    struct File {
        std::ofstream out;
        Running running;
        Ended ended;
        std::size_t largest = 0;
    };
    void shutdown() override { files_.clear(); }
    std::map<std::string, File> files_;
};

// A port that tells Recordings what passes through it.
class TappedPort final : public Port {
public:
    TappedPort(boost::asio::io_context& io, std::unique_ptr<Port> port, std::string address)
        : recordings_(Recordings::of(io)), port_(std::move(port)), address_(std::move(address)) {}

    void open(PortEvents events) override;
    void write(ByteView bytes, Duration patience) override;
    void close() override { port_->close(); }

private:
    Recordings& recordings_;
    std::unique_ptr<Port> port_;
    std::string address_;
};

}  // namespace gatehouse::drivers
