// One port with a Modbus line behind it, and the turnstiles on it. Stops with its last wire.
#pragma once

#include <map>

#include "drivers/port/device_loop.hpp"
#include "drivers/port/device_pump.hpp"

namespace gatehouse::drivers {

class ModbusLinePump {
public:
    using Handler = TurnstilePump::Handler;

    ModbusLinePump(boost::asio::io_context& io, const PortSettings& port, const ModbusLineOptions& options);
    ModbusLinePump(const ModbusLinePump&) = delete;
    ModbusLinePump& operator=(const ModbusLinePump&) = delete;
    ~ModbusLinePump();

    [[nodiscard]] bool has_unit(std::uint8_t unit);
    [[nodiscard]] static std::unique_ptr<TurnstilePump::Wire> add(const std::shared_ptr<ModbusLinePump>& line,
                                                                  const ModbusGateOptions& gate, Handler handler);

private:
    using Loop = DeviceLoop<std::variant<ModbusBusSession>, ModbusBusEvent, ModbusBusEffect>;
    class Wire;

    [[nodiscard]] ModbusBusSession& bus() { return std::get<ModbusBusSession>(loop_->session()); }
    void hand_out(const ModbusBusEffect& effect);
    void tell_link(const LinkState& link);

    std::map<std::uint32_t, Handler> handlers_;
    std::shared_ptr<Loop> loop_;
};

}  // namespace gatehouse::drivers
