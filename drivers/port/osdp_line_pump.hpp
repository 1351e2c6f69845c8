// One port with an OSDP line behind it, and the turnstiles and card readers on it. Stops with its last wire.
#pragma once

#include <map>

#include "drivers/port/device_loop.hpp"
#include "drivers/port/device_pump.hpp"

namespace gatehouse::drivers {

// The keys of `files` in the order in which a device is tried with them. ErrorCode::config names the file and what is
// wrong with it.
[[nodiscard]] Result<std::vector<AesBlock>> read_osdp_keys(const OsdpKeyFiles& files);

class OsdpLinePump : public std::enable_shared_from_this<OsdpLinePump> {
public:
    OsdpLinePump(boost::asio::io_context& io, const PortSettings& port, const OsdpBusOptions& options);
    OsdpLinePump(const OsdpLinePump&) = delete;
    OsdpLinePump& operator=(const OsdpLinePump&) = delete;
    ~OsdpLinePump();

    // Keys that cannot be read leave the device untrusted, and its handler is told why. Fails when the address has a
    // gate, or a reader, already.
    [[nodiscard]] Result<std::unique_ptr<TurnstilePump::Wire>> add_gate(const OsdpTurnstileOptions& options,
                                                                        TurnstilePump::Handler handler);
    [[nodiscard]] Result<std::unique_ptr<ScannerPump::Source>> add_reader(const CardReaderSetup& setup,
                                                                          ScannerPump::Handler handler);
    void ask(std::uint8_t address, const OsdpRequest& request) { loop_->step(OsdpAsked{address, request}); }

private:
    using Loop = DeviceLoop<std::variant<OsdpBusSession>, OsdpBusEvent, OsdpBusEffect>;
    class Wire;
    class Reader;
    struct Listener {
        ScannerPump::Handler handler;
        LinkState link{false, "not heard of yet", LinkTrouble::none};
    };

    [[nodiscard]] OsdpBusSession& bus() { return std::get<OsdpBusSession>(loop_->session()); }
    [[nodiscard]] OsdpUnitOptions with_keys(OsdpUnitOptions unit, const OsdpKeyFiles& files);
    void hand_out(const OsdpBusEffect& effect);
    void tell_gate(const OsdpGateTold& told);
    void tell_reader(const OsdpReaderTold& told);
    static void tell_link(Listener& reader, const LinkState& link);
    void tell_link(const LinkState& link);

    std::map<std::uint8_t, TurnstilePump::Handler> gates_;
    std::map<std::uint8_t, Listener> readers_;
    std::map<std::uint8_t, std::string> key_faults_;
    std::shared_ptr<Loop> loop_;
};

}  // namespace gatehouse::drivers
