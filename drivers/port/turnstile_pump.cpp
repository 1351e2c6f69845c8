#include <algorithm>

#include "drivers/port/device_loop.hpp"
#include "drivers/port/device_pump.hpp"
#include "drivers/port/modbus_line_pump.hpp"
#include "drivers/port/osdp_line_pump.hpp"
#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

// A turnstile that has its port for itself.
class OwnWire final : public TurnstilePump::Wire {
public:
    using Sessions = std::variant<BytesTurnstileSession, GpioTurnstileSession>;

    OwnWire(boost::asio::io_context& io, const PortSettings& port, Sessions session, TurnstilePump::Handler handler)
        : loop_(std::make_shared<Loop>(io, port, std::move(session), std::move(handler.reported),
                                       std::move(handler.link))) {
        loop_->start();
    }
    OwnWire(const OwnWire&) = delete;
    OwnWire& operator=(const OwnWire&) = delete;
    ~OwnWire() override { loop_->stop(); }
    void ask(const GateRequest& request) override {
        loop_->step(std::visit([](const auto& each) -> TurnstileEvent { return each; }, request));
    }
    [[nodiscard]] const LinkState& link() const override { return loop_->link(); }

private:
    using Loop = DeviceLoop<Sessions, TurnstileEvent, TurnstileEffect>;
    std::shared_ptr<Loop> loop_;
};

// Where a port is found among those that are shared: a serial device by its path, whatever its other settings.
bool same_place(const PortSettings& a, const PortSettings& b) {
    const auto* one = std::get_if<SerialSettings>(&a);
    const auto* other = std::get_if<SerialSettings>(&b);
    return one != nullptr && other != nullptr ? one->path == other->path : a == b;
}

template <class Line>
struct SharedLine {
    PortSettings port;
    std::weak_ptr<Line> line;
};

// The line on `port`, made when there is none. ErrorCode::config when it is there with other settings.
template <class Line, class Make>
Result<std::shared_ptr<Line>> line_on(std::vector<SharedLine<Line>>& lines, const PortSettings& port, Make make) {
    for (const auto& each : lines) {
        if (!same_place(each.port, port)) continue;
        auto line = each.line.lock();
        if (!line) continue;
        if (each.port != port)
            return fail(ErrorCode::config, to_string(port) + ": two devices differ in baud or parity");
        return line;
    }
    auto line = make();
    lines.push_back({port, line});
    return line;
}

}  // namespace

struct TurnstileLines::Shared {
    std::vector<SharedLine<ModbusLinePump>> modbus;
    std::vector<SharedLine<OsdpLinePump>> osdp;
};

TurnstileLines::TurnstileLines(boost::asio::io_context& io) : io_(io), shared_(std::make_unique<Shared>()) {}
TurnstileLines::~TurnstileLines() = default;

Result<std::unique_ptr<TurnstilePump>> TurnstileLines::add(const TurnstileSetup& setup,
                                                           TurnstilePump::Handler handler) {
    using Made = Result<std::unique_ptr<TurnstilePump>>;
    const auto pump = [](std::unique_ptr<TurnstilePump::Wire> wire) -> Made {
        return std::make_unique<TurnstilePump>(std::move(wire));
    };
    return std::visit(
        Match{[&](const ModbusTurnstileOptions& modbus) -> Made {
                  const auto make = [&] { return std::make_shared<ModbusLinePump>(io_, setup.port, modbus.line); };
                  // Each Modbus TCP device has its own connection: gateways serve several.
                  if (std::holds_alternative<TcpSettings>(setup.port))
                      return pump(ModbusLinePump::add(make(), modbus.gate, std::move(handler)));
                  const auto line = line_on(shared_->modbus, setup.port, make);
                  if (!line) return line.error();
                  if ((*line)->has_unit(modbus.gate.unit))
                      return fail(ErrorCode::config, to_string(setup.port) + ": two devices have the same unit");
                  return pump(ModbusLinePump::add(*line, modbus.gate, std::move(handler)));
              },
              [&](const OsdpTurnstileOptions& osdp) -> Made {
                  const auto line = line_on(shared_->osdp, setup.port,
                                            [&] { return std::make_shared<OsdpLinePump>(io_, setup.port, osdp.bus); });
                  if (!line) return line.error();
                  auto wire = (*line)->add_gate(osdp, std::move(handler));
                  if (!wire) return wire.error();
                  return pump(std::move(*wire));
              },
              [&](const BytesTurnstileOptions& bytes) -> Made {
                  return pump(
                      std::make_unique<OwnWire>(io_, setup.port, BytesTurnstileSession(bytes), std::move(handler)));
              },
              [&](const GpioTurnstileOptions& gpio) -> Made {
                  return pump(
                      std::make_unique<OwnWire>(io_, setup.port, GpioTurnstileSession(gpio), std::move(handler)));
              }},
        setup.driver);
}

Result<std::unique_ptr<ScannerPump>> TurnstileLines::add_reader(const CardReaderSetup& setup,
                                                                ScannerPump::Handler handler) {
    const auto line =
        line_on(shared_->osdp, setup.port, [&] { return std::make_shared<OsdpLinePump>(io_, setup.port, setup.bus); });
    if (!line) return line.error();
    auto source = (*line)->add_reader(setup, std::move(handler));
    if (!source) return source.error();
    return std::make_unique<ScannerPump>(std::move(*source));
}

TurnstilePump::TurnstilePump(boost::asio::io_context& io, const TurnstileSetup& setup, Handler handler) {
    TurnstileLines alone(io);
    auto made = alone.add(setup, std::move(handler));
    check(made.has_value(), "a turnstile alone on its line shares nothing");
    wire_ = std::move((*made)->wire_);
}

}  // namespace gatehouse::drivers
