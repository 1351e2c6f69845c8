// The seam between device machines and the world: bytes in, bytes out, gone.
//
// One thread: all calls, and all callbacks, on the thread that runs the io_context. Callbacks are never made from
// inside a call of open(), write() or close().
#pragma once

#include <functional>
#include <memory>

#include "drivers/link/link_events.hpp"
#include "drivers/link/port_settings.hpp"
#include "drivers/link/write_progress.hpp"
#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::drivers {

struct PortEvents {
    std::function<void()> opened;
    std::function<void(ByteView)> read;  // the view lives for the call only
    // Opening failed, or the device went away. The descriptor is closed before the port opens again.
    std::function<void(const Error&)> closed;
    std::function<void(const PrinterStatusRead&)> printer_status{};  // of a DeviceFileSettings port; may be empty
    std::function<void(const WriteProgressed&)> write_progressed{};  // may be empty
};

// For writers that hear of their progress and say by themselves when it takes too long.
constexpr Duration without_limit = Duration::max();

class Port {
public:
    virtual ~Port() = default;
    // Begins to open. Ends in one `opened` or one `closed`; after `opened`, `closed` comes at most once.
    virtual void open(PortEvents events) = 0;
    // Queues bytes; written at once as far as the device takes them. When it takes none for `patience`, the port
    // closes with ErrorCode::unavailable; without_limit never. Ignored while closed.
    virtual void write(ByteView bytes, Duration patience) = 0;
    // Closes without a `closed`; no callback follows.
    virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<Port> make_port(boost::asio::io_context& io, const PortSettings& settings);

}  // namespace gatehouse::drivers
