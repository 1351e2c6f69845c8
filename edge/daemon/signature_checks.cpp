#include "edge/daemon/signature_checks.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "sync/link/thread_urgency.hpp"

namespace gatehouse::edge {

namespace {

struct Waiting {
    CheckSignature check;
    Instant asked;
};

// Below that the deciding thread is quicker by itself than another is woken.
constexpr std::size_t worth_waking = 2;

}  // namespace

struct SignatureChecks::Inner {
    Inner(const VenueId& of, Post poster, Checked told)
        : venue(of), post(std::move(poster)), checked(std::make_shared<const Checked>(std::move(told))) {}

    VenueId venue{};
    Post post;
    std::shared_ptr<const Checked> checked;  // what was posted may outlive the thread
    std::mutex mutex;
    std::condition_variable woken;
    // Guarded by `mutex`.
    std::deque<Waiting> waiting;
    bool asleep = true;
    bool stopping = false;

    std::thread thread;

    [[nodiscard]] SignatureChecked judge(const CheckSignature& check) const {
        const auto signs = [&](const PublicKey& key) { return verify_ticket(key, venue, *check.code); };
        return {check.check, std::ranges::any_of(check.keys, signs)};
    }
    std::optional<Waiting> take() {
        if (waiting.empty()) return std::nullopt;
        auto first = std::move(waiting.front());
        waiting.pop_front();
        return first;
    }
    void run();
};

// Once awake it goes on until nothing waits.
void SignatureChecks::Inner::run() {
    describe_thread("signatures", Urgency::ordinary);
    std::unique_lock lock{mutex};
    while (true) {
        asleep = true;
        woken.wait(lock, [this] { return stopping || waiting.size() >= worth_waking; });
        asleep = false;
        while (!stopping) {
            const auto next = take();
            if (!next) break;
            lock.unlock();
            post(
                [checked = checked, outcome = judge(next->check), asked = next->asked] { (*checked)(outcome, asked); });
            lock.lock();
        }
        if (stopping) return;
    }
}

SignatureChecks::SignatureChecks(const VenueId& venue, Post post, Checked checked)
    : inner_(std::make_unique<Inner>(venue, std::move(post), std::move(checked))) {
    // On one processor a second thread only takes turns with the first.
    if (std::thread::hardware_concurrency() > 1) inner_->thread = std::thread{[inner = inner_.get()] { inner->run(); }};
}

SignatureChecks::~SignatureChecks() {
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->stopping = true;
    }
    inner_->woken.notify_one();
    if (inner_->thread.joinable()) inner_->thread.join();
}

void SignatureChecks::add(CheckSignature check, Instant now) {
    bool wake = false;
    {
        const std::scoped_lock lock{inner_->mutex};
        inner_->waiting.push_back({std::move(check), now});
        wake = inner_->asleep && inner_->waiting.size() >= worth_waking;
    }
    if (wake) inner_->woken.notify_one();
}

std::optional<std::pair<SignatureChecked, Instant>> SignatureChecks::check_one() {
    std::unique_lock lock{inner_->mutex};
    const auto next = inner_->take();
    lock.unlock();
    if (!next) return std::nullopt;
    return std::pair{inner_->judge(next->check), next->asked};
}

}  // namespace gatehouse::edge
