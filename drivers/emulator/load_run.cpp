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
        latencies_.push_back(event.ns - waiting_.front().since);
        waiting_.pop_front();
    }
    const bool closed_loop = settings_.rate_per_s <= 0;
    if (!closed_loop) show_next();
    if (closed_loop && event.what == settings_.next_after && waiting_.empty())
        wait_for(settings_.pause, &LoadRun::scan_next);
}

// Closed loop: one after the other.
void LoadRun::scan_next() {
    if (next_ == settings_.codes.size()) {
        finish();
        return;
    }
    scan(std::nullopt);
    wait_for(settings_.patience, &LoadRun::give_up_scan);
}

void LoadRun::scan(std::optional<Stamp> stood_since) {
    showing_ = true;
    scanner_.scan_at_own_pace(settings_.codes[next_++], [self = shared_from_this(), stood_since](Stamp sent) {
        self->showing_ = false;
        self->waiting_.push_back({stood_since.value_or(sent), sent});
    });
}

void LoadRun::give_up_scan() {
    lost_ += waiting_.size();
    waiting_.clear();
    scan_next();
}

// Open loop: the next guest comes when he comes.
void LoadRun::schedule_arrival() {
    if (arrived_ == settings_.codes.size()) {
        wait_for(settings_.patience, &LoadRun::finish_when_gone);
        return;
    }
    const std::chrono::duration<double> pause(std::exponential_distribution<double>(settings_.rate_per_s)(chance_));
    arrival_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(pause);
    timer_.expires_at(arrival_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->arrive();
    });
}

void LoadRun::arrive() {
    ++arrived_;
    drop_overdue();
    const bool stands = is_crowded();
    if (stands) ++stood_;
    line_.push_back(stands ? std::optional{stamp_now()} : std::nullopt);
    show_next();
    schedule_arrival();
}

void LoadRun::show_next() {
    if (line_.empty() || showing_ || !waiting_.empty()) return;
    const auto stood_since = line_.front();
    line_.pop_front();
    scan(stood_since);
}

void LoadRun::drop_overdue() {
    const auto limit = stamp_now() - std::chrono::nanoseconds(settings_.patience).count();
    while (!waiting_.empty() && waiting_.front().shown < limit) {
        waiting_.pop_front();
        ++lost_;
    }
    show_next();
}

void LoadRun::finish_when_gone() {
    drop_overdue();
    if (is_crowded())
        wait_for(settings_.patience, &LoadRun::finish_when_gone);
    else
        finish();
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
           {"stood", stood_},
           {"file", settings_.file.string()},
           {"written", out.good()}});
}

}  // namespace gatehouse::drivers::emulator
