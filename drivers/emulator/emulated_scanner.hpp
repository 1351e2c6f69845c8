// A scanner: what is held before it, it tells in its protocol.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>

#include "drivers/emulator/emulated_device.hpp"
#include "drivers/emulator/event_log.hpp"
#include "drivers/emulator/later.hpp"
#include "drivers/emulator/plug.hpp"
#include "drivers/emulator/scanner_voice.hpp"

namespace gatehouse::drivers::emulator {

class EmulatedScanner final : public EmulatedDevice {
public:
    EmulatedScanner(boost::asio::io_context& io, ScannerScenario scenario, EventLog& log);

    [[nodiscard]] const std::string& name() const override { return scenario_.name; }
    [[nodiscard]] boost::json::object perform(std::string_view what, const boost::json::object& request) override;

    // A code is shown; a line scanner sends it in one write. The stamp was taken before it.
    Stamp scan(std::string_view text);

    // As a scanner on a serial line: the last octet follows the one before it a character time later. `sent` gets the
    // stamp that was taken before the last octet was written. `text` is not empty. One after the other, in the order
    // they were asked for.
    using Sent = std::function<void(Stamp)>;
    void scan_at_own_pace(std::string text, Sent sent);

private:
    // What happens to the next frames of the device.
    enum class Fault : std::uint8_t { none, silence, garbage, bad_crc, half_frame, late, repeat };

    struct Paced {
        std::string text;
        Sent sent;
    };
    void begin_paced();
    void end_paced(std::uint8_t last);
    [[nodiscard]] boost::json::object send_hex(const std::string& hex);
    [[nodiscard]] boost::json::object set_fault(const boost::json::object& request);
    void send(Bytes frame);
    void disconnect();

    ScannerScenario scenario_;
    EventLog& log_;
    Later later_;
    Fault fault_ = Fault::none;
    std::int64_t faults_left_ = 0;
    std::chrono::milliseconds late_by_{};
    std::unique_ptr<ScannerVoice> voice_;
    std::unique_ptr<Plug> plug_;
    boost::asio::steady_timer character_;
    std::deque<Paced> paced_;  // the first is on its way
};

}  // namespace gatehouse::drivers::emulator
