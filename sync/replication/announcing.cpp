// ReplicationSession: heads and receipts, told and heard.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "schemas/records/codec.hpp"
#include "sync/replication/replication_session.hpp"

namespace gatehouse::sync {

namespace {

// Splits what is said into messages of at most `largest_heads` entries.
template <class Message, class Entry, class Send>
void in_parts(Message message, std::vector<Entry> Message::* entries, Send send) {
    auto all = std::exchange(message.*entries, {});
    for (std::size_t i = 0; i < all.size(); i += largest_heads) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(i);
        const auto last = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), i + largest_heads));
        message.*entries = {std::move_iterator{first}, std::move_iterator{last}};
        send(message);
    }
}

}  // namespace

// Not what the peer has already said it holds, and not what a standing Want brings it anyway.
void ReplicationSession::announce(const std::vector<JournalId>& journals, Effects& out) {
    Heads heads;
    for (const auto id : journals) {
        const auto& journal = held_.at(id);
        if (!journal.head || journal.certificate.empty() || copied(id) >= journal.head->seq || is_served(id)) continue;
        const bool told = !told_certificates_.insert(id).second;
        heads.heads.push_back({*journal.head, told ? Bytes{} : journal.certificate});
    }
    in_parts(std::move(heads), &Heads::heads, [&](const Heads& part) { send(part, out); });
}

void ReplicationSession::pass_receipts(const std::vector<JournalId>& journals, Effects& out) {
    Receipts message;
    for (const auto id : journals) {
        const auto& receipt = held_.at(id).receipt;
        if (!receipt || receipts_[id] >= receipt->seq || peer_node() == central_node) continue;
        receipts_[id] = receipt->seq;
        message.receipts.push_back(*receipt);
    }
    if (message.receipts.empty()) return;
    if (!told_central_) {
        message.certificate = central_certificate();
        told_central_ = !message.certificate.empty();
    }
    if (!told_central_) {  // nobody could check them yet: central's journal, which names it, is still on its way
        for (const auto& receipt : message.receipts) receipts_.erase(receipt.journal);
        return postpone(journals);
    }
    in_parts(std::move(message), &Receipts::receipts, [&](const Receipts& part) { send(part, out); });
}

void ReplicationSession::postpone(const std::vector<JournalId>& journals) {
    unsaid_.insert(journals.begin(), journals.end());
    if (!unsaid_.empty() && !gossip_at_) gossip_at_ = now_ + options_.gossip_every;
}

Bytes ReplicationSession::central_certificate() const {
    if (options_.self == central_node) return options_.certificate;
    if (!options_.central_certificate.empty()) return options_.central_certificate;
    for (const auto& [id, journal] : held_)
        if (id.node == central_node && !journal.certificate.empty()) return journal.certificate;
    return {};
}

bool ReplicationSession::is_served(JournalId journal) const {
    for (const auto& [generation, serve] : serves_)
        if (serve.journal == journal && !serve.to) return true;
    return false;
}

std::size_t ReplicationSession::announced_of(NodeId owner) const {
    const auto first = announced_.lower_bound({owner, Epoch{0}});
    return static_cast<std::size_t>(std::distance(first, announced_.upper_bound({owner, Epoch{UINT32_MAX}})));
}

// One node can open any number of epochs: it takes no place from others' journals, and none from its newest.
bool ReplicationSession::has_room_for(JournalId journal) const {
    if (announced_of(journal.node) >= options_.largest_epochs)
        return announced_.lower_bound({journal.node, Epoch{0}})->first.epoch < journal.epoch;
    const auto peer = peer_node().value_or(central_node);
    if (journal.node == central_node || journal.node == peer) return true;
    const auto apart = announced_of(central_node) + (peer == central_node ? 0 : announced_of(peer));
    return announced_.size() - apart < options_.largest_journals;
}

void ReplicationSession::forget_oldest(NodeId owner, Effects& out) {
    const auto oldest = announced_.lower_bound({owner, Epoch{0}});
    const auto id = oldest->first;
    for (auto& [generation, pull] : pulls_) {
        if (pull.journal != id || pull.withdrawn) continue;
        pull.withdrawn = true;
        send(Unwant{generation}, out);
    }
    announced_.erase(oldest);
    issued_.erase(id);
    compared_.erase(id);
    if (!held_.contains(id)) copied_.erase(id);
    ++news_;
}

void ReplicationSession::take(const Heads& message, Effects& out) {
    for (const auto& announced : message.heads)
        if (!take_head(announced, out)) return;
    update_pulls(out);
}

// False: hung up.
bool ReplicationSession::take_head(const AnnouncedHead& announced, Effects& out) {
    const auto& head = announced.head;
    const auto id = head.journal;
    const auto known = announced_.find(id);
    Announcement fresh;
    if (!announced.certificate.empty()) {
        auto owner = verify_certificate(options_.authority, options_.venue, announced.certificate);
        if (!owner || owner->node != id.node) {
            hang_up(HangUpReason::forged, "a journal's certificate is not its owner's", out);
            return false;
        }
        fresh.owner = std::move(*owner);
    } else if (known != announced_.end()) {
        fresh.owner = known->second.owner;
    } else if (!has_room_for(id)) {
        return true;  // its certificate came with a head that found no room, or has lost it
    } else {
        hang_up(HangUpReason::protocol, "a head without a certificate", out);
        return false;
    }
    if (head.seq == Seq{0} || !verify_head(fresh.owner.signing_key, options_.venue, head)) {
        hang_up(HangUpReason::forged, "a head is not signed by its owner", out);
        return false;
    }
    if (is_own_business(head, out)) {
        if (held_.contains(id)) copied_[id] = std::max(copied_[id], head.seq);
        return true;
    }
    // Whoever holds more than the trusted records announces only its newest head: those before it are to be had there.
    if (is_beyond_revocation(id, Seq{1})) return true;
    if (known == announced_.end() && !has_room_for(id)) return true;
    if (known == announced_.end() && announced_of(id.node) >= options_.largest_epochs) forget_oldest(id.node, out);
    auto& copied = copied_[id];
    copied = std::max(copied, head.seq);
    const auto held = held_.find(id);
    if (held != held_.end() && !held->second.forked && head.seq <= held->second.seq && head.hash != held->second.hash &&
        std::exchange(compared_[id], head) != head)
        out.push_back(CompareHead{head});
    if (known != announced_.end() && head.seq <= known->second.head.seq) return true;
    fresh.head = head;
    fresh.forked = known != announced_.end() && known->second.forked;
    if (held != held_.end() && held->second.seq == head.seq && held->second.hash != head.hash && !held->second.forked) {
        out.push_back(ReportFork{head, std::nullopt});
        fresh.forked = true;
    }
    if (!announced.certificate.empty()) issued_[id] = announced.certificate;
    announced_.insert_or_assign(id, std::move(fresh));
    ++news_;
    return true;
}

// What this machine writes is never pulled; that somebody holds more of it, or other records, says that the machine was
// restored or cloned.
bool ReplicationSession::is_own_business(const SignedHead& head, Effects& out) {
    if (!options_.writes(head.journal)) return false;
    const auto held = held_.find(head.journal);
    const bool ahead = held == held_.end() || head.seq > held->second.seq ||
                       (head.seq == held->second.seq && head.hash != held->second.hash);
    if (ahead) {
        if (!std::exchange(own_reported_, true)) out.push_back(ReportOwnHead{head.journal, head.seq, head.hash});
    } else if (head.seq < held->second.seq && std::exchange(compared_[head.journal], head) != head) {
        out.push_back(CompareHead{head});
    }
    return true;
}

std::optional<PublicKey> ReplicationSession::central_key() const {
    if (central_) return central_;
    const auto certificate = verify_certificate(options_.authority, options_.venue, central_certificate());
    if (!certificate || certificate->node != central_node) return std::nullopt;
    return certificate->signing_key;
}

void ReplicationSession::take(const Receipts& message, Effects& out) {
    if (!message.certificate.empty()) {
        const auto central = verify_certificate(options_.authority, options_.venue, message.certificate);
        if (!central || central->node != central_node)
            return hang_up(HangUpReason::forged, "a certificate is not central's", out);
        central_ = central->signing_key;
    }
    if (message.receipts.empty()) return;
    const auto key = central_key();
    if (!key) return hang_up(HangUpReason::protocol, "receipts without central's certificate", out);
    for (const auto& receipt : message.receipts) {
        if (phase_ != Phase::open) return;
        take_receipt(receipt, *key, out);
    }
}

void ReplicationSession::take_receipt(const Receipt& receipt, const PublicKey& central, Effects& out) {
    const auto held = held_.find(receipt.journal);
    const bool ahead = held == held_.end() || receipt.seq > held->second.seq ||
                       (receipt.seq == held->second.seq && receipt.hash != held->second.hash);
    if (options_.writes(receipt.journal) && ahead) {
        if (!verify_receipt(central, options_.venue, receipt))
            return hang_up(HangUpReason::forged, "a receipt is not signed by central", out);
        if (!std::exchange(own_reported_, true))
            out.push_back(ReportOwnHead{receipt.journal, receipt.seq, receipt.hash});
        return;
    }
    if (held == held_.end()) return;
    auto& known = receipts_[receipt.journal];
    const auto& newest = held->second.receipt;
    if (receipt.seq <= known || (newest && receipt.seq <= newest->seq)) return;
    if (!verify_receipt(central, options_.venue, receipt))
        return hang_up(HangUpReason::forged, "a receipt is not signed by central", out);
    known = receipt.seq;
    out.push_back(StoreReceipt{receipt});
}

}  // namespace gatehouse::sync
