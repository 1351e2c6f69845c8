#include "sync/replication/dial_session.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::sync {

DialSession::DialSession(DialOptions options) : options_(std::move(options)) {
    check(!options_.urls.empty(), "there is somewhere to dial");
}

void DialSession::wait(Duration longest, double jitter, Instant now) {
    const auto share = std::clamp(jitter, 0.0, 1.0);
    phase_ = Phase::waiting;
    next_ = now + Duration{static_cast<Duration::rep>(static_cast<double>(longest.count()) * share)};
}

// Full jitter over a doubling window; "busy" is waited out first.
void DialSession::back_off(Duration busy, double jitter, Instant now) {
    auto window = options_.backoff_start;
    for (unsigned i = 0; i < failures_ && window < options_.backoff_cap; ++i) window *= 2;
    ++failures_;
    url_ = (url_ + 1) % options_.urls.size();
    wait(std::max(std::min(window, options_.backoff_cap), busy), jitter, now);
    next_ += busy;
}

std::optional<Dial> DialSession::step(const DialEvent& event, Instant now) {
    std::optional<Dial> dial;
    std::visit(Match{
                   [&](const DialStarted& started) {
                       if (phase_ == Phase::idle) wait(options_.first_within, started.jitter, now);
                   },
                   [&](const DialConnected&) {
                       if (phase_ != Phase::dialling) return;
                       phase_ = Phase::up;
                       up_since_ = now;
                   },
                   [&](const DialFailed& failed) {
                       if (phase_ != Phase::dialling) return;
                       const Duration busy = std::chrono::seconds{failed.retry_after_s};
                       back_off(std::min(busy, options_.backoff_cap), failed.jitter, now);
                   },
                   [&](const DialLinkEnded& ended) {
                       if (phase_ != Phase::up && phase_ != Phase::dialling) return;
                       if (phase_ == Phase::up && now - up_since_ >= options_.stable_after) failures_ = 0;
                       if (!ended.superseded)
                           return back_off(std::chrono::seconds{ended.retry_after_s}, ended.jitter, now);
                       wait(options_.backoff_cap, ended.jitter, now + options_.backoff_cap);
                   },
                   [&](const DialTicked&) {
                       if (phase_ != Phase::waiting || now < next_) return;
                       phase_ = Phase::dialling;
                       dial = Dial{options_.urls[url_]};
                   },
               },
               event);
    return dial;
}

void DialSession::set_urls(std::vector<std::string> urls) {
    check(!urls.empty(), "there is somewhere to dial");
    options_.urls = std::move(urls);
    url_ %= options_.urls.size();
}

std::optional<Instant> DialSession::deadline() const {
    if (phase_ != Phase::waiting) return std::nullopt;
    return next_;
}

}  // namespace gatehouse::sync
