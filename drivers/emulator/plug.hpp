// Where an emulated device is plugged in: a pseudo-terminal behind a stable link, or a TCP listener.
//
// One thread, that of the io_context. `read` is never called from inside a call.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "drivers/emulator/scenario.hpp"
#include "drivers/emulator/stamp.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

using Caller = int;  // one of the hosts that speak to the device; a pty has only 0

struct PlugEvents {
    std::function<void(Caller, ByteView, Stamp)> read;  // the stamp was taken as the read returned
    std::function<void(Caller)> hung_up;
};

class Plug {
public:
    virtual ~Plug() = default;
    // Appears. Throws std::system_error when the operating system refuses: a scenario that cannot be played.
    virtual void connect() = 0;
    // Disappears as if pulled out: hosts read end of file, the link is gone, connections are refused.
    virtual void disconnect() = 0;
    [[nodiscard]] virtual bool is_connected() const = 0;
    // To one caller, or to all. Bytes that nobody takes are lost, as on a wire.
    virtual void send(ByteView bytes, std::optional<Caller> caller) = 0;
    [[nodiscard]] virtual std::string address() const = 0;
};

[[nodiscard]] std::unique_ptr<Plug> make_plug(boost::asio::io_context& io, const PlugSettings& settings,
                                              PlugEvents events);

}  // namespace gatehouse::drivers::emulator
