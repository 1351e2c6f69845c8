// The control socket: one JSON object a line in, one a line out, in order on each connection.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>

#include "drivers/emulator/device_set.hpp"

namespace gatehouse::drivers::emulator {

class Control {
public:
    // Takes the place of a socket that an earlier run left. Throws boost::system::system_error.
    Control(boost::asio::io_context& io, const std::filesystem::path& path, DeviceSet& devices);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

private:
    void accept();

    std::filesystem::path path_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    DeviceSet& devices_;
};

}  // namespace gatehouse::drivers::emulator
