#include "drivers/emulator/load_run.hpp"

#include <fstream>

namespace gatehouse::drivers::emulator {

LoadRun::LoadRun(boost::asio::io_context& io, EmulatedScanner& scanner, EventLog& log, LoadSettings settings, Done done)
    : scanner_(scanner),
      log_(log),
      settings_(std::move(settings)),
      done_(std::move(done)),
      timer_(io),
      chance_(settings_.seed) {}

void LoadRun::start() {
    latencies_.reserve(settings_.codes.size());
    listening_ = log_.listen([self = shared_from_this()](const DeviceEvent& event) { self->heard(event); });
    arrival_ = std::chrono::steady_clock::now();
    if (settings_.rate_per_s > 0)
        schedule_arrival();
    else
        scan_next();
}

void LoadRun::heard(const DeviceEvent& event) {
    if (event.device != settings_.turnstile) return;
    if (event.what == "open" && !waiting_.empty()) {
        latencies_.push_back(event.ns - waiting_.front());
        waiting_.pop_front();
    }
    const bool closed_loop = settings_.rate_per_s <= 0;
    if (closed_loop && event.what == settings_.next_after && waiting_.empty())
        wait_for(settings_.pause, &LoadRun::scan_next);
}

// Closed loop: one after the other.
void LoadRun::scan_next() {
    if (next_ == settings_.codes.size()) {
        finish();
        return;
    }
    scan(settings_.codes[next_++]);
    wait_for(settings_.patience, &LoadRun::give_up_scan);
}

void LoadRun::scan(const std::string& code) {
    scanner_.scan_at_own_pace(code, [self = shared_from_this()](Stamp sent) { self->waiting_.push_back(sent); });
}

void LoadRun::give_up_scan() {
    lost_ += waiting_.size();
    waiting_.clear();
    scan_next();
}

// Open loop: the next guest comes when he comes.
void LoadRun::schedule_arrival() {
    drop_overdue();
    if (next_ == settings_.codes.size()) {
        wait_for(settings_.patience, &LoadRun::finish);
        return;
    }
    const std::chrono::duration<double> pause(std::exponential_distribution<double>(settings_.rate_per_s)(chance_));
    arrival_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(pause);
    timer_.expires_at(arrival_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error) return;
        self->scan(self->settings_.codes[self->next_++]);
        self->schedule_arrival();
    });
}

void LoadRun::drop_overdue() {
    const auto limit = stamp_now() - std::chrono::nanoseconds(settings_.patience).count();
    while (!waiting_.empty() && waiting_.front() < limit) {
        waiting_.pop_front();
        ++lost_;
    }
}

void LoadRun::wait_for(std::chrono::steady_clock::duration pause, void (LoadRun::*then)()) {
    timer_.expires_after(pause);
    timer_.async_wait([self = shared_from_this(), then](const boost::system::error_code& error) {
        if (!error) (self.get()->*then)();
    });
}

void LoadRun::finish() {
    lost_ += waiting_.size();
    listening_.reset();
    std::ofstream out(settings_.file);
    out << '[';
    for (std::size_t i = 0; i < latencies_.size(); ++i) out << (i == 0 ? "" : ",") << latencies_[i];
    out << "]\n" << std::flush;
    done_({{"scanned", settings_.codes.size()},
           {"opened", latencies_.size()},
           {"lost", lost_},
           {"file", settings_.file.string()},
           {"written", out.good()}});
}

}  // namespace gatehouse::drivers::emulator
