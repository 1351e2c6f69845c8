// Many scans at one lane, measured here so that nothing but the device protocols lies in the path.
//
// A latency runs from the stamp before the last octet of a scan was written to the stamp of the first octet of the next
// open command. A guest of the open loop who finds somebody before the scanner, whose barrier has not been told to
// open, shows the ticket after that, and the latency runs from the arrival: a lane holds one scan for the next turn and
// turns further ones away unused.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "drivers/emulator/emulated_scanner.hpp"
#include "drivers/emulator/event_log.hpp"

namespace gatehouse::drivers::emulator {

struct LoadSettings {
    std::vector<std::string> codes;
    std::string turnstile;
    std::filesystem::path file;  // gets a JSON array of nanoseconds, in the order of the openings
    double rate_per_s = 0;       // open loop, Poisson; 0: closed loop
    std::uint64_t seed = 1;
    std::string next_after = "sensed";          // closed loop: the turnstile's event after which the next scan may come
    std::chrono::milliseconds pause{1};         // closed loop: after that event
    std::chrono::milliseconds patience{2'000};  // for an open command; then the scan is lost
};

class LoadRun : public std::enable_shared_from_this<LoadRun> {
public:
    using Done = std::function<void(boost::json::object)>;
    LoadRun(boost::asio::io_context& io, EmulatedScanner& scanner, EventLog& log, LoadSettings settings, Done done);
    void start();  // keeps itself alive until done

private:
    struct Guest {
        Stamp since = 0;  // the latency's start: the scan, or the arrival of one who stood in line
        Stamp shown = 0;
    };
    void heard(const DeviceEvent& event);
    void scan_next();
    void scan(std::optional<Stamp> stood_since);
    void schedule_arrival();
    void arrive();
    void show_next();
    [[nodiscard]] bool is_crowded() const { return showing_ || !waiting_.empty() || !line_.empty(); }
    void wait_for(std::chrono::steady_clock::duration pause, void (LoadRun::*then)());
    void give_up_scan();
    void drop_overdue();
    void finish_when_gone();
    void finish();

    EmulatedScanner& scanner_;
    EventLog& log_;
    LoadSettings settings_;
    Done done_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point arrival_;
    std::mt19937_64 chance_;
    std::shared_ptr<void> listening_;
    std::size_t next_ = 0;                   // code that is shown next
    std::size_t arrived_ = 0;                // guests of the open loop
    std::size_t stood_ = 0;                  // of them, those who stood in line
    std::deque<std::optional<Stamp>> line_;  // arrivals in front of the scanner; a stamp for those who have to wait
    bool showing_ = false;                   // a code is being written
    std::deque<Guest> waiting_;              // scans without an open command yet
    std::vector<std::int64_t> latencies_;
    std::size_t lost_ = 0;
};

}  // namespace gatehouse::drivers::emulator
