// A venue in one thread: machines with journals in memory, joined by replicators over links that the test can cut.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "schemas/records/codec.hpp"
#include "sync/replication/replicator.hpp"

namespace gatehouse::sync::testing {

constexpr WallTime begin{1'700'000'000'000};
constexpr WallTime end{2'700'000'000'000};
constexpr WallTime floor_time{1'790'000'000'000};

// The authority, and keys by node, the same in every run.
struct Authority {
    VenueId venue{7, 7, 7};
    SigningKey key = SigningKey::from_seed(Seed{1});

    static Seed seed_of(NodeId node) {
        return {2, static_cast<std::uint8_t>(node.value), static_cast<std::uint8_t>(node.value >> 8U)};
    }
    static Hash tls_key_of(NodeId node) { return sha256(seed_of(node)); }
    [[nodiscard]] Certificate statement(NodeId node) const {
        const auto name = node == central_node ? std::string{"central"} : "node-" + std::to_string(node.value);
        return {venue, node, NodeName{name}, SigningKey::from_seed(seed_of(node)).public_key(), tls_key_of(node),
                begin, end};
    }
    [[nodiscard]] Bytes certificate(NodeId node) const { return issue_certificate(key, statement(node)); }
};

// One journal as a machine holds it.
struct Copy {
    std::vector<Bytes> records;
    Hash hash{};
    std::map<Seq, SignedHead> heads;
    std::optional<Receipt> receipt;
    bool forked = false;
    [[nodiscard]] Seq seq() const { return Seq{records.size()}; }
};

inline Bytes make_record(JournalId journal, Seq seq, const Hash& prev, std::size_t size, std::uint8_t fill) {
    Header header;
    header.kind = Kind::passage;
    header.node = journal.node;
    header.epoch = journal.epoch;
    header.seq = seq;
    header.prev = prev;
    return encode_record(header, Bytes(size, fill));
}

class Machine {
public:
    Machine(const Authority& authority, NodeId node, ReplicationOptions options = {})
        : authority_(authority),
          node_(node),
          key_(SigningKey::from_seed(Authority::seed_of(node))),
          own_{node, std::max(Epoch{1}, options.epoch)},
          replicator({with_identity(authority, node, std::move(options)), std::chrono::seconds{5}}) {
        journals[own_].hash = genesis_hash(authority.venue, own_);
    }

    [[nodiscard]] NodeId node() const { return node_; }
    [[nodiscard]] JournalId own() const { return own_; }

    // Appends `count` records and signs the head: as after a group commit.
    HeldJournal append(std::size_t count, std::size_t size = 100) {
        Copy& copy = journals.at(own_);
        for (std::size_t i = 0; i < count; ++i) {
            const Seq seq{copy.seq().value + 1};
            copy.records.push_back(make_record(own_, seq, copy.hash, size, static_cast<std::uint8_t>(seq.value)));
            copy.hash = record_hash(copy.records.back());
        }
        copy.heads[copy.seq()] = sign_head(key_, authority_.venue, own_, copy.seq(), copy.hash);
        return held(own_);
    }

    [[nodiscard]] HeldJournal held(JournalId id) const {
        const Copy& copy = journals.at(id);
        HeldJournal held;
        held.id = id;
        held.seq = copy.seq();
        held.hash = copy.hash;
        if (!copy.heads.empty()) held.head = copy.heads.rbegin()->second;
        held.receipt = copy.receipt;
        held.certificate = authority_.certificate(id.node);
        held.forked = copy.forked;
        return held;
    }

    BatchLoaded load(const LoadBatch& wanted) const {
        const Copy& copy = journals.at(wanted.journal);
        BatchLoaded loaded{wanted.generation, wanted.journal, wanted.from, {}, {}};
        Seq last{wanted.from.value - 1};
        std::size_t octets = 0;
        std::vector<Bytes> records;
        const auto more = [&] {
            return last < copy.seq() && records.size() < wanted.records && octets < wanted.octets &&
                   (!wanted.to || last < *wanted.to);
        };
        while (more()) {
            records.push_back(copy.records[last.value]);
            octets += records.back().size();
            ++last.value;
        }
        if (records.empty()) return loaded;
        if (wanted.journal == own_) {
            loaded.head = sign_head(key_, authority_.venue, own_, last, record_hash(records.back()));
            loaded.records = std::move(records);
            return loaded;
        }
        auto head = copy.heads.upper_bound(last);
        if (head == copy.heads.begin()) return loaded;
        --head;
        if (head->first < wanted.from) return loaded;
        records.resize(head->first.value - wanted.from.value + 1);
        loaded.head = head->second;
        loaded.records = std::move(records);
        return loaded;
    }

    // What the ledger does; central adds its receipt.
    Event store(const StoreBatch& batch) {
        auto [entry, fresh] = journals.try_emplace(batch.journal);
        Copy& copy = entry->second;
        if (fresh) copy.hash = genesis_hash(authority_.venue, batch.journal);
        BatchStored stored;
        stored.generation = batch.generation;
        stored.journal = batch.journal;
        for (const auto& record : batch.records) {
            const auto parsed = *parse_record(record);
            const auto seq = parsed.header.seq;
            if (seq <= copy.seq()) {
                if (copy.records[seq.value - 1] != record) {
                    copy.forked = true;
                    return BatchRefused{batch.generation, batch.journal, Refusal::journal_fork};
                }
                ++stored.duplicate;
                continue;
            }
            if (seq.value != copy.seq().value + 1)
                return BatchRefused{batch.generation, batch.journal, Refusal::chain_broken};
            if (parsed.header.prev != copy.hash) {
                copy.forked = true;
                return BatchRefused{batch.generation, batch.journal, Refusal::journal_fork};
            }
            copy.records.push_back(record);
            copy.hash = record_hash(record);
            ++stored.accepted;
        }
        stored.up_to = batch.head.seq;
        copy.heads[batch.head.seq] = batch.head;
        if (node_ == central_node) {
            copy.receipt = sign_receipt(key_, authority_.venue, batch.journal, copy.seq(), copy.hash);
            stored.receipt = copy.receipt;
        }
        accepted += stored.accepted;
        duplicates += stored.duplicate;
        return stored;
    }

    static ReplicationOptions with_identity(const Authority& authority, NodeId node, ReplicationOptions options) {
        options.venue = authority.venue;
        options.authority = authority.key.public_key();
        options.self = node;
        options.certificate = authority.certificate(node);
        options.software = "test";
        return options;
    }

private:
    const Authority& authority_;
    NodeId node_;
    SigningKey key_;
    JournalId own_;

public:
    Replicator replicator;
    std::map<JournalId, Copy> journals;
    std::uint64_t accepted = 0;
    std::uint64_t duplicates = 0;
    std::vector<HangUp> hang_ups;
    std::vector<ReportFork> forks;
    std::vector<ReportOwnHead> own_heads;
    std::map<std::uint64_t, ReportResync> resyncs;
};

// Machines, links and time. Everything that can happen next happens in an order that the seed draws.
class Venue {
public:
    explicit Venue(std::uint64_t seed = 1) : chance(seed) {}

    Machine& add(NodeId node, ReplicationOptions options = {}) {
        auto& machine = machines_.emplace(node, Machine{authority, node, std::move(options)}).first->second;
        carry_out(machine, machine.replicator.journals_grown({machine.held(machine.own())}, now));
        return machine;
    }
    [[nodiscard]] Machine& at(NodeId node) { return machines_.at(node); }

    void append(NodeId node, std::size_t count, std::size_t size = 100) {
        auto& machine = at(node);
        const auto held = machine.append(count, size);
        carry_out(machine, machine.replicator.journals_grown({held}, now));
    }

    void told(NodeId node, const HeldJournal& held) {
        carry_out(at(node), at(node).replicator.journals_grown({held}, now));
    }

    // `dialler` dials `listener`; both have the same number for the link here.
    LinkId connect(NodeId dialler, NodeId listener) {
        const LinkId id{++last_link_};
        links_[id] = Link{dialler, listener, {}, {}};
        carry_out(at(dialler),
                  at(dialler).replicator.open(id, true, {Authority::tls_key_of(listener), floor_time}, now));
        carry_out(at(listener),
                  at(listener).replicator.open(id, false, {Authority::tls_key_of(dialler), floor_time}, now));
        return id;
    }
    void cut(LinkId id) {
        const auto found = links_.extract(id);
        if (found.empty()) return;
        for (const auto node : {found.mapped().dialler, found.mapped().listener})
            carry_out(at(node), at(node).replicator.step(id, LinkDown{}, now));
    }
    [[nodiscard]] bool is_open(LinkId id) const { return links_.contains(id); }
    [[nodiscard]] std::vector<LinkId> open_links() const {
        std::vector<LinkId> out;
        for (const auto& [id, link] : links_) out.push_back(id);
        return out;
    }
    // The next frame from `from` over this link loses its end: what a broken machine might send.
    void truncate_next(LinkId id, NodeId from) {
        const auto found = links_.find(id);
        if (found == links_.end()) return;
        auto& queue = found->second.dialler == from ? found->second.to_listener : found->second.to_dialler;
        if (queue.empty()) return;
        queue.front().resize(queue.front().size() / 2);
        ++truncated;
    }

    void revoke(NodeId told, const Revocation& revocation) {
        carry_out(at(told), at(told).replicator.revocations_changed({revocation}, now));
    }

    // One thing happens; false when nothing can.
    bool step() {
        std::vector<std::pair<LinkId, bool>> ready;
        for (const auto& [id, link] : links_) {
            if (!link.to_listener.empty()) ready.emplace_back(id, true);
            if (!link.to_dialler.empty()) ready.emplace_back(id, false);
        }
        const auto choices = ready.size() + (work_.empty() ? 0 : 1);
        if (choices == 0) return false;
        const auto pick = chance() % choices;
        if (pick == ready.size())
            work();
        else
            deliver(ready[pick].first, ready[pick].second);
        return true;
    }
    // Lets everything happen, and time pass while `patience` lasts.
    void settle(Duration patience = std::chrono::seconds{30}) {
        const Instant until = now + patience;
        for (;;) {
            while (step()) {
            }
            std::optional<Instant> next;
            for (const auto& [node, machine] : machines_) {
                const auto due = machine.replicator.deadline();
                if (due && (!next || *due < *next)) next = due;
            }
            if (!next || *next > until) return;
            now = std::max(now, *next);
            for (auto& [node, machine] : machines_) carry_out(machine, machine.replicator.tick(now));
        }
    }
    void resync(NodeId node, NodeId with, std::uint64_t id, JournalId journal, Seq from, Seq to) {
        auto& machine = at(node);
        const auto link = machine.replicator.link_to(with);
        if (link) carry_out(machine, machine.replicator.step(*link, ResyncAsked{id, journal, from, to}, now));
    }

    Authority authority;
    std::mt19937_64 chance;
    Instant now{};
    std::uint64_t truncated = 0;
    std::uint64_t delivered = 0;

private:
    struct Link {
        NodeId dialler;
        NodeId listener;
        std::deque<Bytes> to_listener;
        std::deque<Bytes> to_dialler;
    };
    struct Work {
        NodeId node;
        LinkId link;
        Event event;                      // given to the session, unless
        std::optional<StoreBatch> store;  // this is to be stored first
    };

    void deliver(LinkId id, bool to_listener) {
        auto& link = links_.at(id);
        auto& queue = to_listener ? link.to_listener : link.to_dialler;
        const NodeId node = to_listener ? link.listener : link.dialler;
        const NodeId other = to_listener ? link.dialler : link.listener;
        auto frame = std::move(queue.front());
        queue.pop_front();
        ++delivered;
        const auto size = frame.size();
        carry_out(at(node), at(node).replicator.step(id, FrameReceived{std::move(frame)}, now));
        carry_out(at(other), at(other).replicator.step(id, FrameSent{size}, now));
    }
    void work() {
        auto next = std::move(work_.front());
        work_.pop_front();
        auto& machine = at(next.node);
        if (!next.store) return carry_out(machine, machine.replicator.step(next.link, next.event, now));
        const auto event = machine.store(*next.store);
        carry_out(machine, machine.replicator.step(next.link, event, now));
        carry_out(machine, machine.replicator.journals_grown({machine.held(next.store->journal)}, now));
    }
    void carry_out(Machine& machine, LinkEffects effects) {
        for (auto& [link, effect] : effects) carry_out(machine, link, effect);
    }
    void carry_out(Machine& machine, LinkId link, Effect& effect) {
        if (auto* send = std::get_if<SendFrame>(&effect)) {
            const auto found = links_.find(link);
            if (found == links_.end()) return;
            auto& queue =
                found->second.dialler == machine.node() ? found->second.to_listener : found->second.to_dialler;
            queue.push_back(std::move(send->frame));
        } else if (const auto* hang_up = std::get_if<HangUp>(&effect)) {
            machine.hang_ups.push_back(*hang_up);
            const auto found = links_.find(link);
            if (found == links_.end()) return;
            const NodeId other =
                found->second.dialler == machine.node() ? found->second.listener : found->second.dialler;
            links_.erase(found);
            for (const auto node : {machine.node(), other}) work_.push_back({node, link, LinkDown{}, std::nullopt});
        } else if (const auto* load = std::get_if<LoadBatch>(&effect)) {
            work_.push_back({machine.node(), link, machine.load(*load), std::nullopt});
        } else if (auto* store = std::get_if<StoreBatch>(&effect)) {
            work_.push_back({machine.node(), link, Ticked{}, std::move(*store)});
        } else if (const auto* receipt = std::get_if<StoreReceipt>(&effect)) {
            auto& copy = machine.journals.at(receipt->receipt.journal);
            if (!copy.receipt || copy.receipt->seq < receipt->receipt.seq) copy.receipt = receipt->receipt;
            carry_out(machine, machine.replicator.journals_grown({machine.held(receipt->receipt.journal)}, now));
        } else if (const auto* fork = std::get_if<ReportFork>(&effect)) {
            machine.forks.push_back(*fork);
        } else if (const auto* own = std::get_if<ReportOwnHead>(&effect)) {
            machine.own_heads.push_back(*own);
        } else if (const auto* resync = std::get_if<ReportResync>(&effect)) {
            machine.resyncs[resync->id] = *resync;
        }
    }

    std::map<NodeId, Machine> machines_;
    std::map<LinkId, Link> links_;
    std::deque<Work> work_;
    std::uint64_t last_link_ = 0;
};

}  // namespace gatehouse::sync::testing
