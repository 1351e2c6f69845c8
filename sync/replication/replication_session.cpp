#include "sync/replication/replication_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/check.hpp"

namespace gatehouse::sync {

std::string_view to_string(HangUpReason reason) {
    switch (reason) {
        case HangUpReason::protocol: return "protocol";
        case HangUpReason::too_large: return "too_large";
        case HangUpReason::not_a_member: return "not_a_member";
        case HangUpReason::revoked: return "revoked";
        case HangUpReason::forged: return "forged";
        case HangUpReason::out_of_order: return "out_of_order";
        case HangUpReason::fork: return "fork";
        case HangUpReason::superseded: return "superseded";
        case HangUpReason::itself: return "itself";
        case HangUpReason::hello_late: return "hello_late";
        case HangUpReason::busy: return "busy";
        case HangUpReason::shed: return "shed";
        case HangUpReason::storage_unavailable: return "storage_unavailable";
    }
    return "protocol";
}

ReplicationSession::ReplicationSession(ReplicationOptions options) : options_(std::move(options)) {
    check(options_.batch_records <= largest_batch_records && options_.batch_octets <= largest_batch / 2,
          "batches that we serve keep within what the other side takes");
    check(options_.credit > 0 && options_.backlog_in_flight > 0, "something may be in flight");
}

Effects ReplicationSession::step(const Event& event, Instant now) {
    now_ = now;
    Effects out;
    std::visit([&](const auto& e) { on(e, out); }, event);
    return out;
}

std::optional<Instant> ReplicationSession::deadline() const {
    switch (phase_) {
        case Phase::idle: return std::nullopt;
        case Phase::greeting: return hello_by_;
        case Phase::open:
            return !gossip_at_ || (ask_time_at_ && *ask_time_at_ < *gossip_at_) ? ask_time_at_ : gossip_at_;
        case Phase::closed: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<SignedHead> ReplicationSession::announced_head(JournalId journal) const {
    const auto found = announced_.find(journal);
    if (found == announced_.end() || found->second.forked) return std::nullopt;
    const auto& head = found->second.head;
    return is_beyond_revocation(journal, head.seq) ? std::nullopt : std::optional{head};
}

std::optional<Seq> ReplicationSession::announced(JournalId journal) const {
    const auto found = announced_.find(journal);
    if (found == announced_.end() || found->second.forked) return std::nullopt;
    const Seq up_to = trusted(journal, found->second.head.seq);
    return up_to > Seq{0} ? std::optional{up_to} : std::nullopt;
}

std::vector<JournalId> ReplicationSession::announced_journals() const {
    std::vector<JournalId> journals;
    for (const auto& [journal, announcement] : announced_)
        if (!announcement.forked) journals.push_back(journal);
    return journals;
}

Seq ReplicationSession::copied(JournalId journal) const {
    const auto found = copied_.find(journal);
    return found == copied_.end() ? Seq{0} : found->second;
}

void ReplicationSession::send(const Message& message, Effects& out) {
    out.push_back(SendFrame{encode_message(message)});
}

void ReplicationSession::close(Effects& out) {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    for (auto& [id, resync] : resyncs_) {
        resync.report.failed = true;
        out.push_back(resync.report);
    }
    resyncs_.clear();
    serves_.clear();
}

void ReplicationSession::hang_up(HangUpReason reason, std::string detail, Effects& out, std::uint32_t retry_after_s) {
    if (phase_ == Phase::closed) return;
    out.push_back(HangUp{reason, std::move(detail), retry_after_s});
    close(out);
}

void ReplicationSession::on(const LinkUp& event, Effects& out) {
    if (phase_ != Phase::idle) return;
    phase_ = Phase::greeting;
    up_ = event;
    hello_by_ = now_ + options_.hello_within;
    Hello hello;
    hello.certificate = options_.certificate;
    hello.software = options_.software;
    send(hello, out);
}

void ReplicationSession::on(const LinkDown& /*event*/, Effects& out) { close(out); }

void ReplicationSession::on(const FrameReceived& event, Effects& out) {
    if (phase_ != Phase::greeting && phase_ != Phase::open) return;
    const auto message = decode_message(event.frame);
    if (!message) {
        const bool large = message.error().code == ErrorCode::too_large;
        return hang_up(large ? HangUpReason::too_large : HangUpReason::protocol, message.error().detail, out);
    }
    const bool greeting = std::holds_alternative<Hello>(*message);
    if (greeting != (phase_ == Phase::greeting)) {
        if (std::holds_alternative<Busy>(*message)) return take(std::get<Busy>(*message), out);
        return hang_up(HangUpReason::protocol, greeting ? "a second hello" : "a message before hello", out);
    }
    std::visit([&](const auto& m) { take(m, out); }, *message);
}

void ReplicationSession::on(const JournalsGrown& event, Effects& out) {
    std::vector<JournalId> now_said;
    for (const auto& journal : event.journals) {
        held_[journal.id] = journal;
        for (auto& [generation, serve] : serves_)
            if (serve.journal == journal.id) serve.dry = false;
        if (phase_ != Phase::open) continue;
        const bool urgent = journal.id.node == options_.self || peer_node() == journal.id.node;
        if (urgent)
            now_said.push_back(journal.id);
        else
            unsaid_.insert(journal.id);
    }
    if (phase_ != Phase::open) return;
    announce(now_said, out);
    pass_receipts(now_said, out);
    postpone({});
    serve_more(out);
    update_pulls(out);
}

void ReplicationSession::on(const RevocationsChanged& event, Effects& out) {
    revocations_ = event.revocations;
    ++news_;
    if (phase_ != Phase::open) return;
    if (peer_ && is_revoked(peer_->node)) return hang_up(HangUpReason::revoked, "the peer was revoked", out);
    update_pulls(out);
}

void ReplicationSession::on(const Shed& event, Effects& out) {
    if (phase_ != Phase::greeting && phase_ != Phase::open) return;
    send(Busy{event.retry_after_s}, out);
    hang_up(HangUpReason::shed, "no room for this connection now", out);
}

void ReplicationSession::on(const Superseded& /*event*/, Effects& out) {
    if (phase_ == Phase::greeting || phase_ == Phase::open)
        hang_up(HangUpReason::superseded, "a better connection to the same node exists", out);
}

void ReplicationSession::on(const Ticked& /*event*/, Effects& out) {
    if (phase_ == Phase::greeting && now_ >= hello_by_)
        return hang_up(HangUpReason::hello_late, "no hello in time", out);
    if (phase_ != Phase::open) return;
    if (ask_time_at_ && now_ >= *ask_time_at_) ask_time(out);
    if (!gossip_at_ || now_ < *gossip_at_) return;
    gossip_at_.reset();
    const std::vector<JournalId> journals{unsaid_.begin(), unsaid_.end()};
    unsaid_.clear();
    announce(journals, out);
    pass_receipts(journals, out);
}

void ReplicationSession::take(const UnknownMessage& /*message*/, Effects& /*out*/) {}

void ReplicationSession::take(const Hello& hello, Effects& out) {
    if (hello.magic != hello_magic) return hang_up(HangUpReason::protocol, "not a hello of Gatehouse", out);
    if (std::min(hello.newest, newest_protocol) < std::max(hello.oldest, oldest_protocol))
        return hang_up(HangUpReason::protocol, "no protocol in common", out);
    auto certificate = verify_certificate(options_.authority, options_.venue, hello.certificate);
    if (!certificate) return hang_up(HangUpReason::not_a_member, certificate.error().detail, out);
    if (certificate->tls_key != up_.tls_key)
        return hang_up(HangUpReason::not_a_member, "the certificate names another TLS key", out);
    if (certificate->not_after < up_.floor)
        return hang_up(HangUpReason::not_a_member, "the certificate has expired", out);
    if (certificate->node == options_.self) return hang_up(HangUpReason::itself, "the peer is this node", out);
    if (is_revoked(certificate->node)) return hang_up(HangUpReason::revoked, "the peer is revoked", out);
    phase_ = Phase::open;
    peer_ = std::move(*certificate);
    if (peer_->node == central_node) central_ = peer_->signing_key;
    out.push_back(ReportPeer{*peer_, hello.software});
    if (peer_->node == central_node && options_.ask_time_every) ask_time(out);
    std::vector<JournalId> all;
    for (const auto& [id, journal] : held_) all.push_back(id);
    // What nobody else may have comes first, whatever follows.
    std::ranges::stable_partition(all,
                                  [this](JournalId id) { return id.node == central_node || id.node == options_.self; });
    announce(all, out);
    pass_receipts(all, out);
}

void ReplicationSession::take(const Busy& busy, Effects& out) {
    const auto wait = std::clamp<std::uint32_t>(busy.retry_after_s, 1, options_.longest_busy_s);
    hang_up(HangUpReason::busy, "the peer has no room now", out, wait);
}

void ReplicationSession::ask_time(Effects& out) {
    send(TimeAsked{++time_question_}, out);
    time_asked_at_ = now_;
    ask_time_at_ = now_ + options_.ask_time_every.value_or(Duration::zero());
}

void ReplicationSession::take(const TimeAsked& asked, Effects& out) { out.push_back(TellTime{asked.question}); }

void ReplicationSession::on(const TimeRead& event, Effects& out) {
    if (phase_ == Phase::open) send(TimeTold{event.question, event.wall}, out);
}

void ReplicationSession::take(const TimeTold& told, Effects& out) {
    if (!time_asked_at_ || told.question != time_question_) return;
    const Duration round = now_ - *std::exchange(time_asked_at_, std::nullopt);
    if (round > options_.longest_round) return;
    const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(round / 2).count();
    out.push_back(ReportTime{WallTime{told.wall.value + half}, round});
}

bool ReplicationSession::is_revoked(NodeId node) const {
    return std::any_of(revocations_.begin(), revocations_.end(), [&](const auto& r) { return r.node == node; });
}

// The last record up to `up_to` that no revocation names as one of a thief's; 0: none.
Seq ReplicationSession::trusted(JournalId journal, Seq up_to) const {
    for (const auto& r : revocations_) {
        if (r.node != journal.node || journal.epoch < r.epoch) continue;
        up_to = std::min(up_to, journal.epoch == r.epoch ? r.last : Seq{0});
    }
    return up_to;
}

bool ReplicationSession::is_beyond_revocation(JournalId journal, Seq seq) const { return trusted(journal, seq) < seq; }

}  // namespace gatehouse::sync
