#include "drivers/port/osdp_line_pump.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

Result<AesBlock> read_key(const std::string& path) {
    std::ifstream file(path);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file) return fail(ErrorCode::config, path + " cannot be read");
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
    const auto bytes = from_hex(text);
    AesBlock key{};
    if (!bytes || bytes->size() != key.size())
        return fail(ErrorCode::config, path + " must hold 32 hexadecimal digits");
    std::ranges::copy(*bytes, key.begin());
    return key;
}

// Drawn once in each process, for all devices: their addresses and the challenges' numbers tell them apart.
const AesBlock& process_chance() {
    static const auto chance = [] {
        AesBlock block{};
        check(::getrandom(block.data(), block.size(), 0) == static_cast<ssize_t>(block.size()),
              "the kernel gives random octets");
        return block;
    }();
    return chance;
}

std::string_view why_text(UnitLoss why) {
    switch (why) {
        case UnitLoss::link_down: return "link_down";
        case UnitLoss::no_answer: return "no_answer";
        case UnitLoss::not_trusted: return "not_trusted";
    }
    return "no_answer";
}

}  // namespace

Result<std::vector<AesBlock>> read_osdp_keys(const OsdpKeyFiles& files) {
    std::vector<AesBlock> keys;
    for (const auto* path : {&files.current, &files.previous}) {
        if (path->empty()) continue;
        const auto key = read_key(*path);
        if (!key) return key.error();
        keys.push_back(*key);
    }
    if (files.install) keys.push_back(osdp_default_key);
    return keys;
}

class OsdpLinePump::Wire final : public TurnstilePump::Wire {
public:
    Wire(std::shared_ptr<OsdpLinePump> line, std::uint8_t address) : line_(std::move(line)), address_(address) {}
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() override { line_->gates_.erase(address_); }
    void ask(const GateRequest& request) override {
        line_->ask(address_, std::visit([](const auto& each) -> OsdpRequest { return each; }, request));
    }
    [[nodiscard]] const LinkState& link() const override { return line_->loop_->link(); }
    [[nodiscard]] std::optional<Instant> last_answer() const override { return line_->bus().last_answer(address_); }

private:
    std::shared_ptr<OsdpLinePump> line_;
    std::uint8_t address_;
};

class OsdpLinePump::Reader final : public ScannerPump::Source {
public:
    Reader(std::shared_ptr<OsdpLinePump> line, std::uint8_t address) : line_(std::move(line)), address_(address) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() override { line_->readers_.erase(address_); }
    void show(VerdictSign sign, const std::string& text) override { line_->ask(address_, SignRequested{sign, text}); }
    [[nodiscard]] const LinkState& link() const override { return line_->readers_.at(address_).link; }
    [[nodiscard]] Instant last_read() const override { return line_->loop_->last_read(); }

private:
    std::shared_ptr<OsdpLinePump> line_;
    std::uint8_t address_;
};

OsdpLinePump::OsdpLinePump(boost::asio::io_context& io, const PortSettings& port, const OsdpBusOptions& options)
    : loop_(std::make_shared<Loop>(
          io, port, OsdpBusSession(options), [this](const OsdpBusEffect& effect) { hand_out(effect); },
          [this](const LinkState& link) { tell_link(link); })) {
    loop_->start();
}

OsdpLinePump::~OsdpLinePump() { loop_->stop(); }

Result<std::unique_ptr<TurnstilePump::Wire>> OsdpLinePump::add_gate(const OsdpTurnstileOptions& options,
                                                                    TurnstilePump::Handler handler) {
    if (bus().has_gate(options.unit.address))
        return fail(ErrorCode::config, "two turnstiles have the same OSDP address");
    bus().add_gate(with_keys(options.unit, options.keys), options.gate);
    gates_.emplace(options.unit.address, std::move(handler));
    return std::unique_ptr<TurnstilePump::Wire>(std::make_unique<Wire>(shared_from_this(), options.unit.address));
}

Result<std::unique_ptr<ScannerPump::Source>> OsdpLinePump::add_reader(const CardReaderSetup& setup,
                                                                      ScannerPump::Handler handler) {
    if (bus().has_reader(setup.unit.address)) return fail(ErrorCode::config, "two readers have the same OSDP address");
    bus().add_reader(with_keys(setup.unit, setup.keys), setup.reader);
    readers_.emplace(setup.unit.address, Listener{std::move(handler)});
    return std::unique_ptr<ScannerPump::Source>(std::make_unique<Reader>(shared_from_this(), setup.unit.address));
}

// Without its keys a device that should have a channel is never spoken with in clear.
OsdpUnitOptions OsdpLinePump::with_keys(OsdpUnitOptions unit, const OsdpKeyFiles& files) {
    unit.chance = process_chance();
    if (!unit.secure) return unit;
    auto keys = read_osdp_keys(files);
    if (keys)
        unit.keys = std::move(*keys);
    else
        key_faults_[unit.address] = keys.error().detail;
    return unit;
}

void OsdpLinePump::hand_out(const OsdpBusEffect& effect) {
    std::visit(
        Match{[](const WriteBytes&) {}, [](const HangUp&) {}, [this](const OsdpGateTold& told) { tell_gate(told); },
              [this](const OsdpReaderTold& told) { tell_reader(told); }},
        effect);
}

void OsdpLinePump::tell_gate(const OsdpGateTold& told) {
    const auto found = gates_.find(told.address);
    if (found == gates_.end()) return;
    found->second.reported(std::visit([](const auto& report) -> TurnstileEffect { return report; }, told.report));
    const auto fault = key_faults_.find(told.address);
    const bool untrusted = told.report == GateReport{ReportFault{TurnstileFault::not_trusted}};
    if (untrusted && fault != key_faults_.end() && found->second.link)
        found->second.link({false, fault->second, LinkTrouble::silent});
}

void OsdpLinePump::tell_reader(const OsdpReaderTold& told) {
    const auto found = readers_.find(told.address);
    if (found == readers_.end()) return;
    auto& reader = found->second;
    std::visit(Match{[&](const ReportScan& scan) { reader.handler.scanned(scan); },
                     [&](const ReportDropped& dropped) {
                         if (reader.handler.dropped) reader.handler.dropped(dropped);
                     },
                     [&](const ReportReaderTrouble& report) {
                         if (reader.handler.troubled) reader.handler.troubled(report);
                     },
                     [&](const UnitOnline&) { tell_link(reader, {true, "", LinkTrouble::none}); },
                     [&](const UnitLost& lost) {
                         const auto fault = key_faults_.find(told.address);
                         const bool keyless = lost.why == UnitLoss::not_trusted && fault != key_faults_.end();
                         if (lost.why == UnitLoss::link_down) return;  // the port has said why by itself
                         const std::string why = keyless ? fault->second : std::string(why_text(lost.why));
                         tell_link(reader, {false, why, LinkTrouble::silent});
                     }},
               told.report);
}

void OsdpLinePump::tell_link(Listener& reader, const LinkState& link) {
    reader.link = link;
    if (reader.handler.link) reader.handler.link(link);
}

// A reader is up when its device answers, not when the port is open.
void OsdpLinePump::tell_link(const LinkState& link) {
    for (const auto& [address, handler] : gates_)
        if (handler.link) handler.link(link);
    for (auto& [address, reader] : readers_)
        if (!link.up) tell_link(reader, link);
}

}  // namespace gatehouse::drivers
