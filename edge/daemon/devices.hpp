// The pumps of every configured device, by name: commands go out, reports come back as the desk's events.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "drivers/port/device_pump.hpp"
#include "drivers/turnstile/turnstile_condition.hpp"
#include "edge/api/board.hpp"
#include "edge/config/settings.hpp"
#include "edge/daemon/device_tests.hpp"
#include "edge/daemon/machine_clock.hpp"
#include "edge/desk/effects.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/crypto/pin.hpp"

namespace gatehouse::edge {

// All on the deciding thread.
class Devices {
public:
    struct Handler {
        std::function<void(Event)> reported;
        std::function<void(DeviceView)> shown;
    };
    // Opens every port at once. With `latched` every turnstile is told to hold open before its link can come up, so
    // that no start-up "all off" closes it. `pepper` keys what an identity card's reader says. Precondition: the
    // settings have no faults.
    Devices(boost::asio::io_context& io, const Settings& settings, const Pepper& pepper, bool latched, Handler handler);
    ~Devices();

    void open(const OpenBarrier& effect);
    void hold_open(const HoldOpen& effect);
    void release(const ReleaseBarrier& effect);
    void print(const PrintTickets& effect);
    // Now or never: one that works again later does not open a drawer beside which nobody stands any more.
    void open_drawer(const OpenDrawer& effect);
    // To the scanner that was last read at the lane, or to all of its.
    void show(const ShowVerdict& effect);

    // Shows every device as it is now, its counters and how far its recording has come, too.
    void show_all();
    // test: a scanner shows a sign, where it can; a printer prints the paper; a turnstile is looked at, never opened.
    // record: into a file under data_dir, until told to stop or the file is full; one that runs goes on. Answered once,
    // at the latest when the test's deadline has come; not any more when this is gone. Errors: not_found, forbidden (an
    // identity card's reader is never recorded), io, unavailable (the device does not work, or does not answer).
    void obey(const InstructDevice& order, std::function<void(Result<DeviceReply>)> answered);

private:
    void add_scanner(boost::asio::io_context& io, const DeviceName& name, const drivers::DeviceSettings& settings);
    [[nodiscard]] Result<std::unique_ptr<drivers::ScannerPump>> scanner(boost::asio::io_context& io,
                                                                        const drivers::DeviceSettings& settings,
                                                                        drivers::ScannerPump::Handler handler) const;
    [[nodiscard]] Result<std::unique_ptr<drivers::ScannerPump>> card_reader(const drivers::DeviceSettings& settings,
                                                                            drivers::ScannerPump::Handler handler);
    void add_turnstile(const DeviceName& name, const drivers::DeviceSettings& settings, bool latched);
    void add_printer(boost::asio::io_context& io, const DeviceName& name, const drivers::DeviceSettings& settings);
    void link_changed(const DeviceName& name, const drivers::LinkState& link, bool tell_desk);
    void turnstile_reported(const DeviceName& name, const drivers::TurnstileEffect& effect);
    void show(const DeviceName& name, const drivers::TurnstileCondition::Shown& shown);
    void printer_reported(const DeviceName& name, const drivers::PrinterEffect& effect);
    void show(const DeviceName& name, DeviceState state, std::string reason, std::string trouble);
    void tell(const DeviceName& name, DeviceState state, std::string reason);
    void job_ended(drivers::PrintJobId id, PrintReport report);
    void scanned(const DeviceName& name, const drivers::ReportScan& scan);
    void answering(const DeviceName& name, bool answers);
    void troubled(const DeviceName& name, drivers::ReaderTrouble trouble);
    void faulted(const DeviceName& name, std::string reason, std::string trouble);
    void count(const DeviceName& name, drivers::DeviceCount what) { views_.at(name).health.count(what); }
    void answered(const DeviceName& name);
    void test(const InstructDevice& order, std::function<void(Result<DeviceReply>)> answered);
    void test_print(const InstructDevice& order, DeviceTests::Answered answered);
    [[nodiscard]] Result<DeviceReply> record(const DeviceName& name);
    [[nodiscard]] DeviceReply stop_recording(const DeviceName& name);
    [[nodiscard]] std::optional<RecordingView> recording_of(const DeviceName& name) const;

    boost::asio::io_context& io_;
    Handler handler_;
    MacKey card_key_;
    std::filesystem::path recordings_;
    std::map<DeviceName, drivers::DeviceSettings> settings_;
    std::map<LaneName, std::vector<DeviceName>> lane_scanners_;
    std::map<DeviceName, drivers::TurnstileCondition> conditions_;
    std::map<DeviceName, Instant> asked_;  // who owes an answer, since when
    MachineClock clock_;
    drivers::TurnstileLines lines_;  // devices on a bus share its port
    std::map<DeviceName, DeviceView> views_;
    std::map<DeviceName, std::unique_ptr<drivers::ScannerPump>> scanners_;
    std::map<DeviceName, std::unique_ptr<drivers::TurnstilePump>> turnstiles_;
    std::map<DeviceName, std::unique_ptr<drivers::PrinterPump>> printers_;
    std::map<drivers::PrintJobId, RecordRef> jobs_;
    std::set<drivers::PrintJobId> drawers_;  // jobs that print nothing
    std::uint64_t next_job_ = 1;
    DeviceTests tests_;
};

}  // namespace gatehouse::edge
