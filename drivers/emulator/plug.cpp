#include "drivers/emulator/plug.hpp"

#include "drivers/emulator/pty_plug.hpp"
#include "drivers/emulator/tcp_plug.hpp"

namespace gatehouse::drivers::emulator {

std::unique_ptr<Plug> make_plug(boost::asio::io_context& io, const PlugSettings& settings, PlugEvents events) {
    if (settings.link.empty()) return std::make_unique<TcpPlug>(io, settings, std::move(events));
    return std::make_unique<PtyPlug>(io, settings.link, std::move(events));
}

}  // namespace gatehouse::drivers::emulator
