#include "tests/sim/link_pump.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "schemas/base/match.hpp"

namespace gatehouse::sim {

using sync::LinkId;

namespace {

sync::ReplicatorOptions replicator_options(const Venue& venue, JournalId writing) {
    const NodeId self = writing.node;
    sync::ReplicatorOptions options;
    options.session.venue = venue.id;
    options.session.authority = venue.authority_key;
    options.session.self = self;
    options.session.epoch = writing.epoch;
    options.session.certificate = venue.plan(self).certificate;
    options.session.software = "sim";
    options.session.batch_records = 32;  // small, so that batches are many
    return options;
}

}  // namespace

LinkPump::LinkPump(World& world, Network& network, const Life& life, const MachineClock& clock, const Venue& venue,
                   JournalId writing, std::vector<NodeId> dials, LinkPumpHandlers handlers)
    : world_(world),
      network_(network),
      life_(life),
      clock_(clock),
      venue_(venue),
      self_(writing.node),
      chance_(
          world.chance.fork(fmt::format("links-{}-{}", writing.node.value, world.now().time_since_epoch().count()))),
      handlers_(std::move(handlers)),
      replicator_(replicator_options(venue, writing)),
      bell_(world, life, clock, [this] { tick(); }) {
    for (const NodeId to : dials) {
        sync::DialOptions options;
        options.urls = {std::to_string(to.value)};
        options.backoff_cap = std::chrono::seconds{20};
        diallers_.emplace(to, Dialler{sync::DialSession(options), {}, 0, false});
    }
}

void LinkPump::start() {
    network_.attach(self_, venue_.plan(self_).tls_key, network_handlers());
    for (const auto& [to, dialler] : diallers_) step_dialler(to, sync::DialStarted{chance_.unit()});
}

LinkHandlers LinkPump::network_handlers() {
    LinkHandlers handlers;
    handlers.opened = [this](LinkId link, bool dialled, const Hash& tls_key) { opened(link, dialled, tls_key); };
    handlers.received = [this](LinkId link, Bytes frame) { answer(link, sync::FrameReceived{std::move(frame)}); };
    handlers.sent = [this](LinkId link, std::size_t octets) { answer(link, sync::FrameSent{octets}); };
    handlers.closed = [this](LinkId link) { closed(link); };
    handlers.dial_failed = [this](NodeId to) { step_dialler(to, sync::DialFailed{chance_.unit(), 0}); };
    return handlers;
}

void LinkPump::opened(LinkId link, bool dialled, const Hash& tls_key) {
    if (dialled) {
        for (const auto& [to, dialler] : diallers_)
            if (venue_.plan(to).tls_key == tls_key) {
                diallers_.at(to).link = link;
                unaccepted_.emplace(link, to);
            }
    }
    const sync::LinkUp up{tls_key, venue_.opened};
    carry_out(replicator_.open(link, dialled, up, clock_.now()));
}

LinkPump::Dialler* LinkPump::dialler_of(LinkId link) {
    for (auto& [to, dialler] : diallers_)
        if (dialler.link == link) return &dialler;
    return nullptr;
}

void LinkPump::closed(LinkId link) {
    world_.trace(fmt::format("{} loses link {}", self_.value, link.value));
    carry_out(replicator_.step(link, sync::LinkDown{}, clock_.now()));
    if (!life_.goes_on()) return;
    for (auto& [to, dialler] : diallers_) {
        if (dialler.link != link) continue;
        dialler.link.reset();
        const auto retry = std::exchange(dialler.retry_after_s, 0);
        const bool superseded = std::exchange(dialler.superseded, false);
        if (unaccepted_.erase(link) > 0)
            step_dialler(to, sync::DialFailed{chance_.unit(), retry});
        else
            step_dialler(to, sync::DialLinkEnded{chance_.unit(), retry, superseded});
        break;
    }
    look_at_peers();
}

void LinkPump::grown(const std::vector<sync::HeldJournal>& journals) {
    carry_out(replicator_.journals_grown(journals, clock_.now()));
}

void LinkPump::revoked(std::vector<sync::Revocation> revocations) {
    carry_out(replicator_.revocations_changed(std::move(revocations), clock_.now()));
}

void LinkPump::answer(LinkId link, const sync::Event& event) {
    // What the session let through continues what is held, or what waits before it: unless the shell took it out of
    // turn. A frame that the network spoils ends the session before that.
    const auto* refused = std::get_if<sync::BatchRefused>(&event);
    const auto* session = replicator_.session(link);
    if (refused != nullptr && refused->why == sync::Refusal::chain_broken && session != nullptr &&
        session->phase() == sync::ReplicationSession::Phase::open)
        world_.fail(fmt::format("a batch of journal {} at {} does not continue what is held",
                                refused->journal.node.value, self_.value));
    carry_out(replicator_.step(link, event, clock_.now()));
}

bool LinkPump::ask_resync(NodeId to, JournalId journal, Seq from, Seq until) {
    const auto link = replicator_.link_to(to);
    if (!link) return false;
    answer(*link, sync::ResyncAsked{++resyncs_, journal, from, until});
    return true;
}

Seq LinkPump::copied_to(NodeId peer, JournalId journal) const {
    const auto link = replicator_.link_to(peer);
    const auto* session = link ? replicator_.session(*link) : nullptr;
    return session == nullptr ? Seq{0} : session->copied(journal);
}

void LinkPump::tick() {
    const Instant now = clock_.now();
    if (const auto deadline = replicator_.deadline(); deadline && *deadline <= now) carry_out(replicator_.tick(now));
    for (const auto& [to, dialler] : diallers_) {
        if (!life_.goes_on()) return;
        const auto deadline = dialler.session.deadline();
        if (deadline && *deadline <= now) step_dialler(to, sync::DialTicked{});
    }
    bell_.set(replicator_.deadline());
}

void LinkPump::step_dialler(NodeId to, const sync::DialEvent& event) {
    const auto found = diallers_.find(to);
    if (found == diallers_.end()) return;
    if (found->second.session.step(event, clock_.now())) network_.dial(self_, to);
    bell_.set(found->second.session.deadline());
}

void LinkPump::carry_out(const sync::LinkEffects& effects) {
    for (const auto& effect : effects) {
        if (!life_.goes_on()) return;
        carry_out(effect.link, effect.effect);
    }
    if (life_.goes_on()) bell_.set(replicator_.deadline());
}

void LinkPump::carry_out(LinkId link, const sync::Effect& effect) {
    std::visit(Match{[&](const sync::SendFrame& send) { network_.send(link, self_, send.frame); },
                     [&](const sync::HangUp& order) { hang_up(link, order); },
                     [&](const sync::LoadBatch& load) { handlers_.load(link, load); },
                     [&](const sync::StoreBatch& store) { handlers_.store(link, store); },
                     [&](const sync::StoreReceipt& store) { handlers_.store_receipt(store.receipt); },
                     [&](const sync::ReportPeer& peer) {
                         if (const auto to = unaccepted_.extract(link))
                             step_dialler(to.mapped(), sync::DialConnected{});
                         world_.trace(fmt::format("{} hears {} on link {}", self_.value, peer.certificate.node.value,
                                                  link.value));
                         look_at_peers();
                     },
                     [&](const sync::ReportCopied& copied) {
                         const auto* session = replicator_.session(link);
                         if (session != nullptr && session->peer())
                             handlers_.copied(session->peer()->node, copied.journal, copied.seq);
                     },
                     [&](const sync::ReportFork& fork) { handlers_.fork(fork.head); },
                     [&](const sync::CompareHead&) { /* the checker compares every journal, record by record */ },
                     [&](const sync::ReportOwnHead& head) { handlers_.own_head(head.journal); },
                     [&](const sync::TellTime&) { /* the kernel's clocks, and nobody asks */ },
                     [&](const sync::ReportTime&) { /* likewise */ },
                     [&](const sync::ReportResync& report) { handlers_.resync(report); }},
               effect);
}

void LinkPump::hang_up(LinkId link, const sync::HangUp& order) {
    world_.trace(fmt::format("{} hangs up: {} {}", self_.value, to_string(order.reason), order.detail));
    if (Dialler* dialler = dialler_of(link)) {
        dialler->retry_after_s = order.retry_after_s;
        dialler->superseded = order.reason == sync::HangUpReason::superseded;
    }
    network_.close(link, self_);
}

void LinkPump::look_at_peers() {
    std::vector<NodeId> heard;
    for (const auto& peer : replicator_.peers()) heard.push_back(peer.node);
    std::sort(heard.begin(), heard.end());
    heard.erase(std::unique(heard.begin(), heard.end()), heard.end());
    if (heard == heard_) return;
    heard_ = heard;
    handlers_.peers_changed(std::move(heard));
}

}  // namespace gatehouse::sim
