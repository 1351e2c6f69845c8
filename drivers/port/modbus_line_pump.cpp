#include "drivers/port/modbus_line_pump.hpp"

namespace gatehouse::drivers {

class ModbusLinePump::Wire final : public TurnstilePump::Wire {
public:
    Wire(std::shared_ptr<ModbusLinePump> line, BusPosition position) : line_(std::move(line)), position_(position) {}
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() override { line_->handlers_.erase(position_.value); }
    void ask(const GateRequest& request) override { line_->loop_->step(GateAsked{position_, request}); }
    [[nodiscard]] const LinkState& link() const override { return line_->loop_->link(); }
    [[nodiscard]] std::optional<Instant> last_answer() const override { return line_->bus().last_answer(position_); }

private:
    std::shared_ptr<ModbusLinePump> line_;
    BusPosition position_;
};

ModbusLinePump::ModbusLinePump(boost::asio::io_context& io, const PortSettings& port, const ModbusLineOptions& options)
    : loop_(std::make_shared<Loop>(
          io, port, ModbusBusSession(options), [this](const ModbusBusEffect& effect) { hand_out(effect); },
          [this](const LinkState& link) { tell_link(link); })) {
    loop_->start();
}

ModbusLinePump::~ModbusLinePump() { loop_->stop(); }

bool ModbusLinePump::has_unit(std::uint8_t unit) { return bus().has_unit(unit); }

std::unique_ptr<TurnstilePump::Wire> ModbusLinePump::add(const std::shared_ptr<ModbusLinePump>& line,
                                                         const ModbusGateOptions& gate, Handler handler) {
    const auto position = line->bus().add(gate);
    line->handlers_.emplace(position.value, std::move(handler));
    return std::make_unique<Wire>(line, position);
}

void ModbusLinePump::hand_out(const ModbusBusEffect& effect) {
    const auto* reported = std::get_if<GateReported>(&effect);
    if (reported == nullptr) return;
    const auto handler = handlers_.find(reported->position.value);
    if (handler == handlers_.end()) return;
    handler->second.reported(
        std::visit([](const auto& report) -> TurnstileEffect { return report; }, reported->report));
}

void ModbusLinePump::tell_link(const LinkState& link) {
    for (const auto& [position, handler] : handlers_)
        if (handler.link) handler.link(link);
}

}  // namespace gatehouse::drivers
