#include "tests/sim/checker.hpp"

#include <fmt/core.h>

#include "schemas/base/match.hpp"

namespace gatehouse::sim {

namespace {

// A client's own id; what a forgetful machine appends to it is no new purchase.
std::string purchase(const ClientId& id) { return id.value.substr(0, id.value.find('.')); }

}  // namespace

void Checker::hearing(NodeId a, NodeId b, bool well, bool tampered) {
    const auto since = [&](auto& times, bool holds) {
        if (!holds)
            times.erase({a, b});
        else
            times.try_emplace({a, b}, world_.now());
    };
    since(well_since_, well);
    since(untampered_since_, well && !tampered);
    if (a == central_node && well && well_since_.at({a, b}) + settled_within <= world_.now())
        introduced_.try_emplace(b, world_.now());
}

void Checker::connected(NodeId self, NodeId other, bool is) {
    auto& contact = contacts_.try_emplace({self, other}, Contact{is, world_.now()}).first->second;
    if (contact.is != is) contact = {is, world_.now()};
}

void Checker::in_order(NodeId node, bool is) {
    auto& state = in_order_.try_emplace(node, Contact{is, world_.now()}).first->second;
    if (state.is != is) state = {is, world_.now()};
}

Seq Checker::head_of(JournalId journal) const {
    const auto found = histories_.find(journal);
    return Seq{found == histories_.end() ? 0 : found->second.size()};
}

std::vector<JournalId> Checker::journals() const {
    std::vector<JournalId> all;
    for (const auto& [journal, history] : histories_) all.push_back(journal);
    return all;
}

bool Checker::is_synced(const RecordRef& ref) const { return ref.seq <= head_of(ref.journal()); }

Instant Checker::decided(const RecordRef& ref) const {
    const auto found = decided_.find(ref);
    return found == decided_.end() ? world_.now() : found->second;
}

void Checker::appended(const std::shared_ptr<const ledger::Record>& record) {
    decided_.insert_or_assign(record->ref(), world_.now());
}

void Checker::synced(const std::shared_ptr<const ledger::Record>& record) { take(*record); }

void Checker::take(const ledger::Record& record) {
    const auto& [header, body, stored, hash, undecodable] = record;
    History& history = histories_[header.ref().journal()];
    if (header.seq.value != history.size() + 1)
        return world_.fail(fmt::format("{} does not follow {}", to_string(header.ref()), history.size()));
    const Hash expected = history.empty() ? genesis_hash(venue_.id, header.ref().journal()) : history.back();
    if (header.prev != expected) return world_.fail("the chain is broken at " + to_string(header.ref()));
    history.push_back(hash);
    records_.emplace(header.ref(), RecordCopy{header, body, ledger::boot_began(record)});
    check_client(header, body);
    std::visit([&](const auto& one) { note(header, one); }, body);
}

void Checker::check_client(const Header& header, const Body& body) {
    std::visit(
        [&](const auto& one) {
            if constexpr (requires { one.id; }) {
                if constexpr (std::is_same_v<std::decay_t<decltype(one.id)>, ClientId>) {
                    if (one.id.value.empty()) return;
                    const auto [at, fresh] = clients_.try_emplace(purchase(one.id), header.ref());
                    // Nobody can know an id again whose record has not come back.
                    const auto when = decided(header.ref());
                    if (!fresh && !may_miss(at->second, decided(at->second), header.node, when))
                        world_.fail(fmt::format("doubled: {} is {} and {}", one.id.value, to_string(at->second),
                                                to_string(header.ref())));
                }
            }
        },
        body);
}

void Checker::told(NodeId node, const edge::Reply& reply) {
    std::optional<RecordRef> ref;
    std::visit(Match{[&](const edge::SaleReply& sale) { ref = sale.sale; },
                     [&](const edge::RefundReply& refund) { ref = refund.refund; },
                     [&](const edge::ReprintReply& reprint) { ref = reprint.reprint; },
                     [&](const edge::ReissueReply& reissue) { ref = reissue.reissue; },
                     [&](const edge::ShiftReply& shift) { ref = shift.shift; },
                     [&](const edge::ScanReply& scan) { ref = scan.verdict; },
                     [&](const edge::DoneReply& done) {
                         if (done.recorded) ref = done.record;
                     },
                     [](const auto&) {}},
               reply);
    if (ref && ref->node == node && !is_synced(*ref))
        world_.fail(fmt::format("{} was answered before it was synced", to_string(*ref)));
    if (std::holds_alternative<edge::DoneReply>(reply) && ref) mode_told(*ref);
    if (const auto* sale = std::get_if<edge::SaleReply>(&reply))
        for (const auto& ticket : sale->tickets) know_code(ticket.code, ticket.id);
    if (const auto* reissue = std::get_if<edge::ReissueReply>(&reply))
        know_code(reissue->ticket.code, reissue->ticket.id);
    if (const auto* scan = std::get_if<edge::ScanReply>(&reply)) check_unrecorded(node, *scan);
}

void Checker::barrier_opened(NodeId node, const DeviceName& turnstile) {
    if (--may_open_[{node, turnstile}] < 0)
        world_.fail(fmt::format("{} opened at node {} without a synced verdict", turnstile.value, node.value));
}

void Checker::printed(NodeId node, const RecordRef& job) {
    if (job.node != node || !is_synced(job)) world_.fail("printed before it was synced: " + to_string(job));
    if (++prints_[job] > 1) world_.fail("printed twice by itself: " + to_string(job));
}

void Checker::receipted(const Receipt& receipt) {
    const auto found = histories_.find(receipt.journal);
    if (found == histories_.end() || found->second.size() < receipt.seq.value ||
        (receipt.seq.value > 0 && found->second[receipt.seq.value - 1] != receipt.hash))
        return world_.fail("central signed for records that nobody wrote");
    auto& kept = receipts_[receipt.journal];
    if (receipt.seq > kept.first) kept = {receipt.seq, receipt.hash};
}

void Checker::fork_seen(NodeId machine, JournalId journal) {
    world_.fail(fmt::format("machine {} sees a fork, or a longer copy, of journal {}-{}", machine.value,
                            journal.node.value, journal.epoch.value));
}

void Checker::database_lost(NodeId node) {
    for (const auto& [journal, history] : histories_)
        if (journal.node == node) former_.insert(journal);
    lost_at_[node] = world_.now();
    introduced_.erase(node);
    // What was leased to an epoch is sold in that one alone.
    for (auto& [whose, units] : units_)
        if (whose.first == node) units = 0;
}

void Checker::resynced(NodeId machine, const sync::ReportResync& report) {
    if (report.accepted > 0)
        world_.fail(fmt::format("resync of {} brought {} new records behind its acknowledged head", machine.value,
                                report.accepted));
}

void Checker::reopened(NodeId machine, ledger::LedgerReader& reader) {
    check_kept(machine, reader);
    check_copy(machine, reader);
    compare_tables(machine, reader);
    if (machine != central_node) return;
    for (const auto& [journal, receipt] : receipts_) {
        const auto state = reader.journal(journal);
        if (!state || state->head < receipt.first)
            world_.fail(fmt::format("central lost records of node {} that it had acknowledged", journal.node.value));
    }
}

// Everything acknowledged is there; what was written and not acknowledged may be, and counts from now on.
void Checker::check_kept(NodeId node, ledger::LedgerReader& reader) {
    for (const auto& state : reader.journals()) {
        if (state.journal.node != node) continue;
        for (Seq next{head_of(state.journal).value + 1}; next <= state.head; ++next.value) {
            const auto record = reader.record({node, state.journal.epoch, next});
            if (!record) return world_.fail("a record is missing in the middle of its journal");
            take(*record);
        }
    }
    for (const auto& [journal, history] : histories_) {
        if (journal.node != node || is_former(journal)) continue;
        const auto state = reader.journal(journal);
        if (!state || state->head.value < history.size())
            world_.fail(fmt::format("lost: node {} acknowledged {} records and holds {}", node.value, history.size(),
                                    state ? state->head.value : 0));
    }
}

// What is held of a journal is what its owner wrote.
void Checker::check_copy(NodeId machine, ledger::LedgerReader& reader) {
    for (const auto& state : reader.journals()) {
        const auto found = histories_.find(state.journal);
        const std::size_t written = found == histories_.end() ? 0 : found->second.size();
        if (state.head.value > written)
            return world_.fail(fmt::format("machine {} holds {} records of node {}, which acknowledged {}",
                                           machine.value, state.head.value, state.journal.node.value, written));
        if (state.head.value > 0 && found->second[state.head.value - 1] != state.hash)
            return world_.fail(
                fmt::format("machine {} holds another history of node {}", machine.value, state.journal.node.value));
        if (state.forked) return fork_seen(machine, state.journal);
    }
}

void Checker::settle(NodeId machine, ledger::LedgerReader& reader) {
    check_copy(machine, reader);
    for (const auto& [journal, history] : histories_) {
        const auto state = reader.journal(journal);
        if (!state || state->head.value != history.size())
            return world_.fail(fmt::format("machine {} holds {} of the {} records of node {}", machine.value,
                                           state ? state->head.value : 0, history.size(), journal.node.value));
    }
    compare_tables(machine, reader);
}

void Checker::compare_tables(NodeId machine, ledger::LedgerReader& reader) {
    ++comparisons_;
    const auto books = keep_books(read_records(reader), venue_.settings);
    if (const auto difference = compare(books, reader, venue_.settings))
        world_.fail(fmt::format("machine {}: {}", machine.value, *difference));
}

}  // namespace gatehouse::sim
