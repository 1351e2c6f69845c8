#include "edge/daemon/sync_loop.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>

#include "edge/daemon/machine_clock.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/log.hpp"
#include "sync/link/thread_urgency.hpp"

namespace gatehouse::edge {

namespace {

sync::DialOptions dial_options(std::vector<std::string> urls) {
    sync::DialOptions options;
    options.urls = std::move(urls);
    options.first_within = std::chrono::milliseconds{20};  // a node that starts is alone: no herd to spread
    options.backoff_cap = std::chrono::seconds{15};
    return options;
}

}  // namespace

double SyncPump::Loop::jitter() {
    std::array<std::uint8_t, 4> octets{};
    random_bytes(octets);
    std::uint32_t value = 0;
    std::memcpy(&value, octets.data(), octets.size());
    return static_cast<double>(value) / 4294967296.0;
}

SyncPump::Loop::Dialled::Dialled(std::vector<std::string> urls) : session(dial_options(std::move(urls))) {}

SyncPump::Loop::Loop(SyncOptions options, ledger::LedgerReader reader, SyncOutlets outlets)
    : options_(std::move(options)),
      reader_(std::move(reader)),
      outlets_(std::move(outlets)),
      work_(io_.get_executor()),
      timer_(io_),
      replicator_({options_.session, std::chrono::seconds{5}, options_.pulls}),
      links_(io_, options_.links, callbacks()) {
    central_.configured = !options_.central_urls.empty();
    if (central_.configured) dialled_.emplace_back(options_.central_urls).central = true;
    for (const std::string& peer : options_.peers) dialled_.emplace_back(std::vector{peer});
}

SyncPump::Loop::~Loop() { stop(); }

Result<std::string> SyncPump::Loop::listen() {
    if (options_.listen.empty()) return std::string{};
    sync::ListenOptions listening;
    listening.listen = options_.listen;
    auto address = links_.listen(listening);
    if (address) listening_ = *address;
    return address;
}

void SyncPump::Loop::run() {
    boost::asio::post(io_, [this] { begin(); });
    thread_ = std::thread{[this] {
        describe_thread("sync", Urgency::bulk);
        io_.run();
    }};
}

void SyncPump::Loop::stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] {
        timer_.cancel();
        beacons_.reset();
        links_.stop();
        work_.reset();
        io_.stop();
    });
    thread_.join();
}

void SyncPump::Loop::begin() {
    const Instant now = boot_now();
    carry_out(replicator_.revocations_changed(load_revocations(), now));
    carry_out(replicator_.journals_grown(load_held(), now));
    compare_until_ = now + options_.compare_within;
    show_central("");
    if (options_.discovery && !listening_.empty()) begin_discovery();
    for (Dialled& dialled : dialled_) dial_step(dialled, sync::DialStarted{jitter()});
    judge_compared();
    arm_timer();
}

sync::LinkCallbacks SyncPump::Loop::callbacks() {
    sync::LinkCallbacks calls;
    calls.opened = [this](const sync::LinkOpened& link) { opened(link); };
    calls.received = [this](sync::LinkId link, Bytes frame) {
        if (central_.connected && replicator_.link_to(central_node) == link)
            central_.last_contact = MachineClock{}.read().wall;
        carry_out(replicator_.step(link, sync::FrameReceived{std::move(frame)}, boot_now()));
        judge_compared();
        arm_timer();
    };
    calls.sent = [this](sync::LinkId link, std::size_t octets) {
        carry_out(replicator_.step(link, sync::FrameSent{octets}, boot_now()));
        arm_timer();
    };
    calls.closed = [this](sync::LinkId link, const std::string& why) { closed(link, why); };
    calls.dial_failed = [this](const std::string& url, const std::string& why, std::uint32_t retry_after_s) {
        dial_failed(url, why, retry_after_s);
    };
    return calls;
}

SyncPump::Loop::Dialled* SyncPump::Loop::dialled_by(const std::string& url) {
    for (Dialled& dialled : dialled_)
        if (dialled.dialling == url) return &dialled;
    return nullptr;
}

SyncPump::Loop::Dialled* SyncPump::Loop::dialled_over(sync::LinkId link) {
    for (Dialled& dialled : dialled_)
        if (dialled.link == link) return &dialled;
    return nullptr;
}

void SyncPump::Loop::dial_step(Dialled& dialled, const sync::DialEvent& event) {
    const auto dial = dialled.session.step(event, boot_now());
    if (!dial) return;
    // Who was discovered may have dialled us meanwhile.
    if (dialled.discovered && replicator_.link_to(*dialled.discovered)) {
        static_cast<void>(dialled.session.step(sync::DialLinkEnded{jitter(), 0, true}, boot_now()));
        return;
    }
    if (dialled.central) central_.url = dial->url;
    dialled.dialling = dial->url;
    links_.dial(dial->url);
}

void SyncPump::Loop::opened(const sync::LinkOpened& link) {
    if (Dialled* dialled = dialled_by(link.url); dialled != nullptr && link.dialled()) {
        dialled->dialling.clear();
        dialled->link = link.link;
        dialled->accepted = false;
    }
    carry_out(
        replicator_.open(link.link, link.dialled(), sync::LinkUp{link.tls_key, options_.links.floor()}, boot_now()));
    // Each session bounds its own; a peer that comes again and again has a new one each time, while what the former
    // ones brought still waits.
    if (waiting_ > options_.most_waiting)
        carry_out(replicator_.step(link.link, sync::Shed{options_.retry_after_s}, boot_now()));
    arm_timer();
}

void SyncPump::Loop::closed(sync::LinkId link, const std::string& why) {
    const auto ending = endings_.extract(link);
    for (auto& [id, order] : orders_)
        if (order.link == link) order.link.reset();
    if (Dialled* dialled = dialled_over(link); dialled != nullptr) {
        dialled->link.reset();
        dialled->answered = true;
        const std::uint32_t retry = ending.empty() ? 0 : ending.mapped().retry_after_s;
        const bool superseded = !ending.empty() && ending.mapped().reason == sync::HangUpReason::superseded;
        if (dialled->central) log::info("central: disconnected: {}", why);
        if (dialled->accepted || superseded) {
            dial_step(*dialled, sync::DialLinkEnded{jitter(), retry, superseded});
        } else {
            dial_step(*dialled, sync::DialFailed{jitter(), retry});
        }
    }
    carry_out(replicator_.step(link, sync::LinkDown{}, boot_now()));
    show_central(why);
    show_peers();
    judge_compared();
    arm_timer();
}

void SyncPump::Loop::dial_failed(const std::string& url, const std::string& why, std::uint32_t retry_after_s) {
    Dialled* dialled = dialled_by(url);
    if (dialled == nullptr) return;
    dialled->dialling.clear();
    dialled->answered = true;
    if (dialled->central) show_central(why);
    log::debug("{}: cannot be reached: {}", url, why);
    dial_step(*dialled, sync::DialFailed{jitter(), retry_after_s});
    judge_compared();
    arm_timer();
}

void SyncPump::Loop::judge_compared() {
    if (compared_) return;
    for (Dialled& dialled : dialled_) {
        // Who was discovered may have dialled us, and is not dialled then.
        const auto link = dialled.discovered ? replicator_.link_to(*dialled.discovered) : dialled.link;
        if (!link) continue;
        const auto* session = replicator_.session(*link);
        if (session != nullptr && !session->announced_journals().empty()) dialled.answered = true;
    }
    const Instant now = boot_now();
    if (discover_until_ && *discover_until_ <= now) discover_until_.reset();
    const bool all = !discover_until_ && std::ranges::all_of(dialled_, &Dialled::answered);
    if (!all && now < compare_until_) return;
    compared_ = true;
    outlets_.compared(replicator_.furthest_beside(options_.own));
}

void SyncPump::Loop::tick() {
    const Instant now = boot_now();
    if (const auto deadline = replicator_.deadline(); deadline && *deadline <= now) carry_out(replicator_.tick(now));
    if (discovery_ && discovery_->deadline() <= now) carry_out(discovery_->tick(linked_, now));
    for (Dialled& dialled : dialled_)
        if (const auto deadline = dialled.session.deadline(); deadline && *deadline <= now)
            dial_step(dialled, sync::DialTicked{});
    judge_compared();
    arm_timer();
}

void SyncPump::Loop::arm_timer() {
    std::optional<Instant> next = replicator_.deadline();
    const auto sooner = [&](std::optional<Instant> other) {
        if (other && (!next || *other < *next)) next = other;
    };
    for (const Dialled& dialled : dialled_) sooner(dialled.session.deadline());
    if (discovery_) sooner(discovery_->deadline());
    if (!compared_) {
        sooner(compare_until_);
        sooner(discover_until_);
    }
    if (next == armed_for_) return;
    armed_for_ = next;
    timer_.cancel();
    if (!next) return;
    const auto left = std::max(Duration::zero(), *next - boot_now());
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(left));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        armed_for_.reset();
        tick();
    });
}

}  // namespace gatehouse::edge
