#include <algorithm>
#include <map>

#include "drivers/port/device_loop.hpp"
#include "drivers/port/device_pump.hpp"

namespace gatehouse::drivers {

namespace {
using BusLoop = DeviceLoop<std::variant<ModbusBusSession>, ModbusBusEvent, ModbusBusEffect>;
}  // namespace

// One port, one bus, and the handlers of the turnstiles on it. Stops with its last pump.
class TurnstilePump::Line {
public:
    Line(boost::asio::io_context& io, const PortSettings& port, const ModbusLineOptions& options)
        : loop_(std::make_shared<BusLoop>(
              io, port, ModbusBusSession(options), [this](const ModbusBusEffect& effect) { hand_out(effect); },
              [this](const LinkState& link) { tell_link(link); })) {
        loop_->start();
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() { loop_->stop(); }

    [[nodiscard]] BusPosition add(const ModbusGateOptions& gate, Handler handler) {
        const auto position = bus().add(gate);
        handlers_.emplace(position.value, std::move(handler));
        return position;
    }
    void remove(std::uint32_t position) { handlers_.erase(position); }
    [[nodiscard]] bool has_unit(std::uint8_t unit) { return bus().has_unit(unit); }
    void ask(std::uint32_t position, const GateRequest& request) {
        loop_->step(GateAsked{BusPosition{position}, request});
    }
    [[nodiscard]] const LinkState& link() const { return loop_->link(); }

private:
    ModbusBusSession& bus() { return std::get<ModbusBusSession>(loop_->session()); }

    void hand_out(const ModbusBusEffect& effect) {
        const auto* reported = std::get_if<GateReported>(&effect);
        if (reported == nullptr) return;
        const auto handler = handlers_.find(reported->position.value);
        if (handler == handlers_.end()) return;
        handler->second.reported(
            std::visit([](const auto& report) -> TurnstileEffect { return report; }, reported->report));
    }
    void tell_link(const LinkState& link) {
        for (const auto& [position, handler] : handlers_)
            if (handler.link) handler.link(link);
    }

    std::map<std::uint32_t, Handler> handlers_;
    std::shared_ptr<BusLoop> loop_;
};

TurnstilePump::TurnstilePump(boost::asio::io_context& io, const TurnstileSetup& setup, Handler handler)
    : TurnstilePump(std::make_shared<Line>(io, setup.port, std::get<ModbusTurnstileOptions>(setup.driver).line), setup,
                    std::move(handler)) {}

TurnstilePump::TurnstilePump(std::shared_ptr<Line> line, const TurnstileSetup& setup, Handler handler)
    : line_(std::move(line)),
      position_(line_->add(std::get<ModbusTurnstileOptions>(setup.driver).gate, std::move(handler)).value) {}

TurnstilePump::~TurnstilePump() { line_->remove(position_); }

void TurnstilePump::open(OpenId id, Direction direction) { line_->ask(position_, OpenRequested{id, direction}); }
void TurnstilePump::hold_open(Hold hold, std::optional<Direction> direction) {
    line_->ask(position_, HoldOpenRequested{hold, direction});
}
void TurnstilePump::release(Hold hold) { line_->ask(position_, ReleaseRequested{hold}); }
const LinkState& TurnstilePump::link() const { return line_->link(); }

Result<std::unique_ptr<TurnstilePump>> TurnstileLines::add(const TurnstileSetup& setup,
                                                           TurnstilePump::Handler handler) {
    const auto& modbus = std::get<ModbusTurnstileOptions>(setup.driver);
    const auto* serial = std::get_if<SerialSettings>(&setup.port);
    std::shared_ptr<TurnstilePump::Line> line;
    for (const auto& shared : lines_) {
        const auto* other = std::get_if<SerialSettings>(&shared.port);
        if (serial == nullptr || other == nullptr || other->path != serial->path) continue;
        line = shared.line.lock();
        if (!line) continue;
        if (*other != *serial) return fail(ErrorCode::config, serial->path + ": two devices differ in baud or parity");
        if (line->has_unit(modbus.gate.unit))
            return fail(ErrorCode::config, serial->path + ": two devices have the same unit");
    }
    if (!line) {
        line = std::make_shared<TurnstilePump::Line>(io_, setup.port, modbus.line);
        lines_.push_back({setup.port, line});
    }
    return std::unique_ptr<TurnstilePump>(new TurnstilePump(std::move(line), setup, std::move(handler)));
}

}  // namespace gatehouse::drivers
