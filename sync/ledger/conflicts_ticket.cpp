// Conflicts about one ticket, see conflicts.cpp.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sync/ledger/finding.hpp"
#include "sync/ledger/ticket_family.hpp"

namespace gatehouse::ledger {

namespace {

// An entry that holds persons.
struct HeldUse {
    RecordRef verdict;
    std::int64_t persons = 0;
    Date date;
    WallTime wall;
};

std::vector<HeldUse> reservations(Fold& fold, const TicketId& ticket) {
    std::vector<HeldUse> uses;
    auto rows = fold.rows(
        "SELECT ref, persons, business_date, wall FROM verdict WHERE sold = ? AND ordinal = ? AND "
        "decision = 0 AND direction = 0 AND reentry = 0 ORDER BY ref",
        ticket.sold, ticket.ordinal);
    while (fold.next(rows))
        uses.push_back(
            {ref_at(rows, 0), rows.number(1), Date{as<std::int32_t>(rows.number(2))}, WallTime{rows.number(3)}});
    return uses;
}

// Leaves what passages did not give back.
void keep_held(Fold& fold, std::vector<HeldUse>& uses) {
    for (auto& use : uses) {
        auto sums = fold.rows(
            "SELECT ifnull(sum(persons) FILTER (WHERE outcome = 0), 0), "
            "ifnull(sum(persons) FILTER (WHERE outcome = 1), 0) FROM passage WHERE verdict = ?",
            use.verdict);
        if (!fold.next(sums)) continue;
        use.persons = std::max(std::min(sums.number(0), use.persons), use.persons - sums.number(1));
    }
    std::erase_if(uses, [](const HeldUse& use) { return use.persons == 0; });
}

struct MarkRow {
    Mark mark{};
    RecordRef ref;
    std::int64_t amount = 0;
    std::int64_t flags = 0;
    WallTime wall;
};

std::vector<MarkRow> marks_of(Fold& fold, const TicketId& ticket) {
    std::vector<MarkRow> marks;
    auto rows = fold.rows(
        "SELECT kind, ref, amount, flags, wall FROM ticket_mark WHERE sold = ? AND ordinal = ? AND "
        "kind < 3 ORDER BY kind, ref",
        ticket.sold, ticket.ordinal);
    while (fold.next(rows))
        marks.push_back(
            {as<Mark>(rows.number(0)), ref_at(rows, 1), rows.number(2), rows.number(3), WallTime{rows.number(4)}});
    return marks;
}

// Reservations beyond entries x persons. An entry stays open for its persons until the business date ends, so entries
// used are summed by date; what exceeds is found in the order of the records.
std::optional<Finding> duplicates(const std::vector<HeldUse>& uses, const TicketRight& right) {
    if (uses.size() < 2 || right.persons == 0) return std::nullopt;
    Finding finding;
    finding.kind = ConflictKind::duplicate_admission;
    std::map<Date, std::int64_t> on_date;
    const auto entries_used = [&] {
        std::int64_t entries = 0;
        for (const auto& [date, persons] : on_date) entries += (persons + right.persons - 1) / right.persons;
        return entries;
    };
    std::int64_t excess = 0;
    for (const auto& use : uses) {
        on_date[use.date] += use.persons;
        if (entries_used() <= right.entries) continue;
        on_date[use.date] -= use.persons;
        finding.evidence.push_back(use.verdict);
        excess += use.persons;
    }
    if (finding.evidence.empty()) return std::nullopt;
    const auto whole = std::int64_t{right.persons} * std::max<std::int64_t>(right.entries, 1);
    finding.money = right.price.value / whole * excess + (right.price.value % whole * excess + whole - 1) / whole;
    finding.excess = excess;
    finding.related = uses.front().verdict;
    return finding;
}

bool is_group(Fold& fold, RecordRef verdict) {
    const auto record = load_record(fold.database, verdict);
    const auto* body = record ? std::get_if<Verdict>(&record->body) : nullptr;
    return body != nullptr && std::ranges::find(body->notes, Note::group) != body->notes.end();
}

// By any catalogue that is held; 0 when none knows its product.
std::int64_t room_by_product(Fold& fold, const TicketId& ticket) {
    return fold
        .number(
            "SELECT max(r.persons) FROM verdict v JOIN product_room r ON r.product = v.product WHERE v.sold = ? AND "
            "v.ordinal = ? AND v.decision = 0",
            ticket.sold, ticket.ordinal)
        .value_or(0);
}

// Of a ticket whose sale nobody has copied. A gate judged by the code, and knew its own journal: what it let in by that
// alone the ticket has room for, and as much as its product has; a group is two persons at least. What goes beyond, two
// gates let in unheard.
std::optional<Finding> duplicates_unsold(Fold& fold, const TicketId& ticket, const std::vector<HeldUse>& uses) {
    if (uses.size() < 2) return std::nullopt;
    std::map<JournalId, std::int64_t> by_gate;
    std::int64_t room = std::max<std::int64_t>(1, room_by_product(fold, ticket));
    for (const auto& use : uses) room = std::max(room, by_gate[use.verdict.journal()] += use.persons);
    if (room == 1 && std::ranges::any_of(uses, [&](const HeldUse& use) { return is_group(fold, use.verdict); }))
        room = 2;
    Finding finding;
    finding.kind = ConflictKind::duplicate_admission;
    finding.excess = 0;
    for (std::int64_t inside = 0; const auto& use : uses) {
        if (inside + use.persons <= room) {
            inside += use.persons;
            continue;
        }
        finding.evidence.push_back(use.verdict);
        *finding.excess += use.persons;
    }
    if (finding.evidence.empty()) return std::nullopt;
    finding.related = uses.front().verdict;
    return finding;
}

std::optional<Finding> refunds_twice(const std::vector<MarkRow>& marks) {
    Finding finding;
    finding.kind = ConflictKind::duplicate_refund;
    bool first = true;
    for (const auto& mark : marks) {
        if (mark.mark != Mark::refund) continue;
        if (first) finding.related = mark.ref;
        if (!first) {
            finding.evidence.push_back(mark.ref);
            finding.money = (Minor{finding.money} + Minor{mark.amount}).value;
        }
        first = false;
    }
    if (finding.evidence.empty()) return std::nullopt;
    return finding;
}

// A supervisor who refunds what is known to be admitted knows why; any other refund of an admitted ticket is a loss.
std::optional<Finding> admitted_after_refund(const std::vector<HeldUse>& uses, const std::vector<MarkRow>& marks) {
    Finding finding;
    finding.kind = ConflictKind::admitted_after_refund;
    for (const auto& mark : marks) {
        if (mark.mark != Mark::refund || mark.flags == 3) continue;
        if (finding.evidence.empty()) finding.money = mark.amount;
        finding.evidence.push_back(mark.ref);
    }
    if (uses.empty() || finding.evidence.empty()) return std::nullopt;
    for (const auto& use : uses) finding.evidence.push_back(use.verdict);
    return finding;
}

std::optional<Finding> admitted_after_revocation(Fold& fold, const TicketId& ticket, const std::vector<HeldUse>& uses,
                                                 const std::vector<MarkRow>& marks, bool sold_here, Minor price) {
    if (uses.empty()) return std::nullopt;
    struct Since {
        WallTime wall;
        RecordRef by;
    };
    std::optional<Since> since;
    const auto consider = [&](WallTime wall, RecordRef ref) {
        if (!since || wall < since->wall) since = Since{wall, ref};
    };
    for (const auto& mark : marks)
        if (mark.mark == Mark::revocation || mark.mark == Mark::reissue) consider(mark.wall, mark.ref);
    // As gates believe it, see edge/admission/key_ring.cpp: a key that is no longer trusted could sign for any epoch
    // and number, so that what came before is believed only where the sale's own record is held.
    auto nodes =
        fold.rows("SELECT wall, ref, epoch, last FROM node_revocation WHERE node = ? ORDER BY ref", ticket.sold.node);
    while (fold.next(nodes)) {
        const JournalId revoked{ticket.sold.node, Epoch{as<std::uint32_t>(nodes.number(2))}};
        const auto last = static_cast<std::uint64_t>(nodes.number(3));
        const bool after =
            ticket.sold.epoch > revoked.epoch || (ticket.sold.epoch == revoked.epoch && ticket.sold.seq.value > last);
        if (after || !sold_here) consider(WallTime{nodes.number(0)}, ref_at(nodes, 1));
    }
    if (!since) return std::nullopt;
    Finding finding;
    finding.kind = ConflictKind::admitted_after_revocation;
    finding.money = price.value;
    finding.related = since->by;
    for (const auto& use : uses)
        if (use.wall > since->wall) finding.evidence.push_back(use.verdict);
    if (finding.evidence.empty()) return std::nullopt;
    return finding;
}

}  // namespace

void judge_ticket(Fold& fold, const TicketId& ticket) {
    if (!fold.stopped()) judge_ticket(fold, ticket, is_reissue(fold, ticket.sold));
}

void judge_ticket(Fold& fold, const TicketId& ticket, bool reissued) {
    if (fold.stopped()) return;
    // One reservation, and nothing else known of the ticket: there is and was no conflict. Most scans end here.
    const auto in_doubt = [&] {
        return fold.number(
            "SELECT EXISTS (SELECT 1 FROM verdict WHERE sold = ?1 AND ordinal = ?2 AND decision = 0 AND direction = 0 "
            "AND reentry = 0 LIMIT 1 OFFSET 1) OR "
            "EXISTS (SELECT 1 FROM ticket_mark WHERE sold = ?1 AND ordinal = ?2 AND kind < 3) OR "
            "EXISTS (SELECT 1 FROM node_revocation WHERE node = ?3)",
            ticket.sold, ticket.ordinal, ticket.sold.node);
    };
    if (!reissued && in_doubt() == 0) return;
    if (fold.stopped()) return;
    const auto family = family_of(fold, ticket);
    const auto price = family.right.value_or(TicketRight{}).price;
    std::vector<HeldUse> uses;
    std::vector<MarkRow> marks;
    for (const auto& [member, persons, entry] : family.members) {
        for (const auto kind : {ConflictKind::duplicate_admission, ConflictKind::duplicate_refund,
                                ConflictKind::admitted_after_refund, ConflictKind::admitted_after_revocation})
            erase_finding(fold, to_string(member), kind);
        auto its_uses = reservations(fold, member);
        keep_held(fold, its_uses);
        const auto its_marks = marks_of(fold, member);
        // A replaced ticket is void, what took its place is not: this is about each by itself.
        if (const auto found =
                admitted_after_revocation(fold, member, its_uses, its_marks, family.right.has_value(), price))
            write_finding(fold, to_string(member), *found);
        for (auto& use : its_uses) use.date = entry.value_or(use.date);
        uses.insert(uses.end(), its_uses.begin(), its_uses.end());
        marks.insert(marks.end(), its_marks.begin(), its_marks.end());
    }
    std::ranges::sort(uses, {}, &HeldUse::verdict);
    std::ranges::sort(marks, {}, &MarkRow::ref);
    const auto subject = to_string(family.members.front().ticket);
    if (const auto found = family.right ? duplicates(uses, *family.right)
                                        : duplicates_unsold(fold, family.members.front().ticket, uses))
        write_finding(fold, subject, *found);
    if (const auto found = refunds_twice(marks)) write_finding(fold, subject, *found);
    if (const auto found = admitted_after_refund(uses, marks)) write_finding(fold, subject, *found);
}

void judge_used(Fold& fold, KeyRange sold, std::int64_t trusted) {
    std::set<TicketId> tickets;
    // The second condition is right_of in SQL: most tickets are made by a sale that is held.
    auto used = fold.rows(
        "SELECT sold, ordinal FROM verdict WHERE sold BETWEEN ?1 AND ?2 AND decision = 0 AND (sold > ?3 OR NOT "
        "(EXISTS (SELECT 1 FROM sale s WHERE s.ref = verdict.sold AND verdict.ordinal BETWEEN 1 AND s.tickets) OR "
        "(verdict.ordinal = 1 AND "
        "(EXISTS (SELECT 1 FROM ticket_mark m WHERE m.ref = verdict.sold AND m.kind = ?4) OR "
        "EXISTS (SELECT 1 FROM control c WHERE c.kind = ?5 AND c.ref = verdict.sold)))))",
        sold.first, sold.last, trusted, Mark::reissue, Kind::order_imported);
    while (fold.next(used)) tickets.insert({ref_at(used, 0), as<std::uint16_t>(used.number(1))});
    for (const auto& ticket : tickets) judge_ticket(fold, ticket);
}

void judge_double_admissions(Fold& fold) {
    std::vector<TicketId> tickets;
    auto found = fold.rows("SELECT subject FROM conflict WHERE kind = ?", ConflictKind::duplicate_admission);
    while (fold.next(found))
        if (const auto ticket = parse_ticket_id(text_at(found, 0))) tickets.push_back(*ticket);
    for (const auto& ticket : tickets) judge_ticket(fold, ticket);
}

void judge_reissues(Fold& fold) {
    std::set<TicketId> tickets;
    auto rows = fold.rows("SELECT sold, ordinal, ref FROM ticket_mark WHERE kind = ?", Mark::reissue);
    while (fold.next(rows)) {
        tickets.insert({ref_at(rows, 0), as<std::uint16_t>(rows.number(1))});
        tickets.insert({ref_at(rows, 2), 1});
    }
    for (const auto& ticket : tickets) judge_ticket(fold, ticket);
}

void judge_revocations(Fold& fold) {
    std::vector<std::pair<JournalId, std::int64_t>> revoked;
    auto rows = fold.rows("SELECT node, epoch, last FROM node_revocation");
    while (fold.next(rows))
        revoked.emplace_back(
            JournalId{NodeId{as<std::uint16_t>(rows.number(0))}, Epoch{as<std::uint32_t>(rows.number(1))}},
            rows.number(2));
    for (const auto& [journal, last] : revoked) judge_used(fold, keys_of(journal.node), keys_of(journal).first + last);
}

}  // namespace gatehouse::ledger
