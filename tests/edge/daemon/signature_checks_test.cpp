#include "edge/daemon/signature_checks.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

constexpr VenueId checked_venue{1, 2, 3};
constexpr auto patience = std::chrono::seconds{20};

SigningKey seller() { return SigningKey::from_seed(Seed{2}); }

CheckSignature check_of(std::uint64_t n, bool forged = false) {
    TicketPayload payload;
    payload.product = ProductId{"adult"};
    payload.zones = {ZoneId{"park"}};
    payload.id = {{NodeId{1}, Epoch{1}, Seq{n}}, 1};
    auto code = *decode_code(issue_code(seller(), checked_venue, *encode_payload(payload)));
    if (forged) code.signature[0] ^= 1;
    const auto other = SigningKey::from_seed(Seed{3}).public_key();
    return {n, std::make_shared<const ScannedCode>(std::move(code)), {other, seller().public_key()}};
}

// A deciding thread that does nothing but listen.
class Listener {
public:
    std::map<std::uint64_t, bool> told;

    void hear(std::size_t count) {
        std::unique_lock lock{mutex_};
        while (told.size() < count) {
            REQUIRE(posted_.wait_for(lock, patience, [this] { return !work_.empty(); }));
            for (const auto& work : std::exchange(work_, {})) work();
        }
    }

private:
    void post(std::function<void()> work) {
        const std::scoped_lock lock{mutex_};
        work_.push_back(std::move(work));
        posted_.notify_one();
    }
    std::mutex mutex_;
    std::condition_variable posted_;
    std::vector<std::function<void()>> work_;

public:
    // Last: its thread posts until it is gone.
    SignatureChecks checks{checked_venue, [this](std::function<void()> work) { post(std::move(work)); },
                           [this](const SignatureChecked& outcome, Instant) { told[outcome.check] = outcome.good; }};
};

}  // namespace

TEST_CASE("a check that is alone is done by the deciding thread when it has nothing else to do") {
    Listener listener;
    CHECK(!listener.checks.check_one());
    const Instant asked{std::chrono::seconds{5}};
    listener.checks.add(check_of(1), asked);
    const auto good = listener.checks.check_one();
    REQUIRE(good);
    CHECK(good->first.check == 1);
    CHECK(good->first.good);
    CHECK(good->second == asked);
    listener.checks.add(check_of(2, true), asked);
    const auto forged = listener.checks.check_one();
    REQUIRE(forged);
    CHECK(!forged->first.good);
    CHECK(!listener.checks.check_one());
}

TEST_CASE("checks beyond one are done beside the deciding thread, each once") {
    if (std::thread::hardware_concurrency() < 2) return;
    Listener listener;
    for (std::uint64_t n = 1; n <= 40; ++n) listener.checks.add(check_of(n, n % 3 == 0), {});
    listener.hear(40);
    for (const auto& [n, good] : listener.told) CHECK(good == (n % 3 != 0));
    CHECK(!listener.checks.check_one());
}

TEST_CASE("both take from one queue: each check is told once, whoever did it, and what waits at the end is dropped") {
    if (std::thread::hardware_concurrency() < 2) return;
    Listener listener;
    std::map<std::uint64_t, bool> mine;
    const auto take = [&] {
        const auto one = listener.checks.check_one();
        if (one) CHECK(mine.emplace(one->first.check, one->first.good).second);
        return one.has_value();
    };
    for (std::uint64_t n = 1; n <= 60; ++n) {
        listener.checks.add(check_of(n, n % 5 == 0), {});
        if (n % 3 == 0) take();
    }
    while (take()) continue;
    listener.hear(60 - mine.size());
    CHECK(mine.size() + listener.told.size() == 60);
    mine.merge(listener.told);
    CHECK(listener.told.empty());
    for (const auto& [n, good] : mine) CHECK(good == (n % 5 != 0));
    for (std::uint64_t n = 61; n <= 70; ++n) listener.checks.add(check_of(n), {});
}
