#include "sync/replication/replicator.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::sync {

Replicator::Replicator(ReplicatorOptions options) : options_(std::move(options)) {}

LinkEffects Replicator::open(LinkId link, bool dialled, const LinkUp& up, Instant now) {
    auto [entry, fresh] = links_.try_emplace(link, Link{ReplicationSession{options_.session}, dialled, 0, {}});
    if (!fresh) return {};
    LinkEffects out;
    JournalsGrown grown;
    for (const auto& [id, journal] : held_) grown.journals.push_back(journal);
    run(entry->second, link, grown, now, out);
    run(entry->second, link, RevocationsChanged{revocations_}, now, out);
    run(entry->second, link, up, now, out);
    return out;
}

LinkEffects Replicator::step(LinkId link, const Event& event, Instant now) {
    LinkEffects out;
    const auto found = links_.find(link);
    if (found == links_.end()) return out;
    const bool was_open = found->second.session.phase() == ReplicationSession::Phase::open;
    run(found->second, link, event, now, out);
    const bool is_open = found->second.session.phase() == ReplicationSession::Phase::open;
    const bool news = std::exchange(found->second.news, found->second.session.news()) != found->second.session.news();
    if (is_open && !was_open) settle_rivals(link, now, out);
    if (std::holds_alternative<LinkDown>(event)) links_.erase(found);
    if (news || is_open != was_open) choose_sources(now, out);
    return out;
}

namespace {

// What is told of one journal may come out of turn: a head is signed on another thread than what loads all heads.
// An older one would say that others hold more of the own journal than this disk does.
HeldJournal newest(HeldJournal known, const HeldJournal& told) {
    if (told.seq >= known.seq) {
        known.seq = told.seq;
        known.hash = told.hash;
    }
    if (told.head && (!known.head || told.head->seq >= known.head->seq)) known.head = told.head;
    if (told.receipt && (!known.receipt || told.receipt->seq >= known.receipt->seq)) known.receipt = told.receipt;
    if (!told.certificate.empty()) known.certificate = told.certificate;
    known.forked = known.forked || told.forked;
    return known;
}

}  // namespace

LinkEffects Replicator::journals_grown(std::vector<HeldJournal> journals, Instant now) {
    LinkEffects out;
    for (auto& journal : journals) {
        const auto [known, fresh] = held_.try_emplace(journal.id, journal);
        if (!fresh) known->second = newest(std::move(known->second), journal);
        journal = known->second;
        const auto source = sources_.find(journal.id);
        if (source != sources_.end() && source->second.waiting) source->second.waiting = now;
    }
    const JournalsGrown grown{std::move(journals)};
    for (auto& [id, link] : links_) run(link, id, grown, now, out);
    return out;
}

LinkEffects Replicator::revocations_changed(std::vector<Revocation> revocations, Instant now) {
    revocations_ = std::move(revocations);
    LinkEffects out;
    for (auto& [id, link] : links_) run(link, id, RevocationsChanged{revocations_}, now, out);
    choose_sources(now, out);
    return out;
}

LinkEffects Replicator::tick(Instant now) {
    LinkEffects out;
    for (auto& [id, link] : links_) {
        const auto due = link.session.deadline();
        if (due && *due <= now) run(link, id, Ticked{}, now, out);
    }
    if (next_look_ && *next_look_ <= now) choose_sources(now, out);
    return out;
}

std::optional<Instant> Replicator::deadline() const {
    std::optional<Instant> first = next_look_;
    for (const auto& [id, link] : links_) {
        const auto due = link.session.deadline();
        if (due && (!first || *due < *first)) first = due;
    }
    return first;
}

void Replicator::run(Link& link, LinkId id, const Event& event, Instant now, LinkEffects& out) {
    for (auto& effect : link.session.step(event, now)) out.push_back({id, std::move(effect)});
}

// Both ends must keep the same one of two connections: see the guarantee in the header.
void Replicator::settle_rivals(LinkId fresh, Instant now, LinkEffects& out) {
    const auto& mine = links_.at(fresh);
    const auto node = mine.session.peer_node();
    if (!node) return;
    for (auto& [id, other] : links_) {
        if (id == fresh || other.session.phase() != ReplicationSession::Phase::open) continue;
        if (other.session.peer_node() != node) continue;
        const bool by_lower = mine.dialled == (options_.session.self < *node);
        const bool fresh_wins = other.dialled == mine.dialled || by_lower;
        auto& loser = fresh_wins ? other : links_.at(fresh);
        run(loser, fresh_wins ? id : fresh, Superseded{}, now, out);
        if (!fresh_wins) return;
    }
}

// Whether `link` is worth asking for `journal` now, and how far it goes.
std::optional<Seq> Replicator::offered(const Link& link, JournalId journal) const {
    if (link.session.phase() != ReplicationSession::Phase::open) return std::nullopt;
    return link.session.announced(journal);
}

std::optional<LinkId> Replicator::best_source(JournalId journal, const std::optional<Source>& current,
                                              Instant now) const {
    const auto held = held_.find(journal);
    const Seq have = held == held_.end() ? Seq{0} : held->second.seq;
    const bool stalled = current && current->waiting && now - *current->waiting >= options_.stalled_after;
    std::optional<LinkId> best;
    std::tuple<bool, bool, bool, Seq> best_rank;
    for (const auto& [id, link] : links_) {
        const auto reach = offered(link, journal);
        if (!reach) continue;
        const auto peer = link.session.peer_node();
        const bool is_current = current && current->link == id;
        const bool has_more = *reach > have;
        if (!has_more && peer != journal.node && !is_current) continue;
        if (is_current && stalled && has_more) continue;
        // Who has more; then the owner; then whom we ask already; central last, unless the journal is its own.
        const std::tuple rank{has_more, peer == journal.node, peer != central_node && is_current,
                              peer == central_node ? Seq{0} : *reach};
        if (best && rank <= best_rank) continue;
        best = id;
        best_rank = rank;
    }
    return best ? best : current ? std::optional{current->link} : std::nullopt;
}

void Replicator::choose_sources(Instant now, LinkEffects& out) {
    if (!options_.pulls) return;
    std::set<JournalId> journals;
    for (const auto& [id, link] : links_) {
        if (link.session.phase() != ReplicationSession::Phase::open) continue;
        for (const auto journal : link.session.announced_journals())
            if (!options_.session.writes(journal)) journals.insert(journal);
    }
    std::map<JournalId, Source> sources;
    std::map<LinkId, Interest> interests;
    bool waiting = false;
    for (const auto journal : journals) {
        std::optional<Source> current;
        if (const auto found = sources_.find(journal); found != sources_.end()) {
            const auto link = links_.find(found->second.link);
            if (link != links_.end() && offered(link->second, journal)) current = found->second;
        }
        const auto chosen = best_source(journal, current, now);
        if (!chosen) continue;
        const bool kept = current && current->link == *chosen;
        Source source{*chosen, kept ? current->waiting : std::nullopt};
        const auto held = held_.find(journal);
        const Seq have = held == held_.end() ? Seq{0} : held->second.seq;
        const auto reach = offered(links_.at(*chosen), journal);
        if (!reach || *reach <= have)
            source.waiting.reset();
        else if (!source.waiting)
            source.waiting = now;
        waiting = waiting || source.waiting;
        sources.emplace(journal, source);
        interests[*chosen].journals.insert(journal);
    }
    sources_ = std::move(sources);
    next_look_ = waiting ? std::optional{now + options_.stalled_after} : std::nullopt;
    for (auto& [id, link] : links_) {
        auto interest = interests[id];
        if (interest == link.interest) continue;
        link.interest = interest;
        run(link, id, InterestChanged{std::move(interest)}, now, out);
    }
}

std::vector<PeerState> Replicator::peers() const {
    std::vector<PeerState> peers;
    for (const auto& [id, link] : links_) {
        const auto& peer = link.session.peer();
        if (link.session.phase() != ReplicationSession::Phase::open || !peer) continue;
        peers.push_back({id, peer->node, peer->name, link.dialled});
    }
    return peers;
}

std::optional<LinkId> Replicator::link_to(NodeId node) const {
    for (const auto& [id, link] : links_)
        if (link.session.phase() == ReplicationSession::Phase::open && link.session.peer_node() == node) return id;
    return std::nullopt;
}

std::optional<SignedHead> Replicator::furthest_beside(JournalId journal) const {
    std::optional<SignedHead> furthest;
    for (const auto& [id, link] : links_) {
        for (const auto other : link.session.announced_journals()) {
            if (other.node != journal.node || other == journal) continue;
            const auto head = link.session.announced_head(other);
            if (!head) continue;
            if (!furthest || std::pair{other, head->seq} > std::pair{furthest->journal, furthest->seq}) furthest = head;
        }
    }
    return furthest;
}

const ReplicationSession* Replicator::session(LinkId link) const {
    const auto found = links_.find(link);
    return found == links_.end() ? nullptr : &found->second.session;
}

}  // namespace gatehouse::sync
