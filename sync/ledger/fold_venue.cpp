// What central decides for the venue, and what machines and people say about themselves.
#include <algorithm>
#include <cstdint>

#include "sync/ledger/fold.hpp"

namespace gatehouse::ledger {

namespace {

constexpr std::int64_t largest_group = UINT16_MAX;

// Sessions of the catalogue that is now the latest.
void replace_sessions(Fold& fold, const Catalogue& catalogue) {
    std::set<SessionId> concerned;
    for (auto old = fold.rows("SELECT id FROM session"); fold.next(old);) concerned.insert(SessionId{text_at(old, 0)});
    fold.put("DELETE FROM session");
    for (const auto& session : catalogue.sessions) {
        fold.put("INSERT OR IGNORE INTO session VALUES (?, ?)", session.id, session.capacity);
        concerned.insert(session.id);
    }
    for (const auto& session : concerned) judge_session(fold, session);
}

// Persons that one ticket may let in. How large a group is, only its sale says.
std::int64_t room_of(const Product& product) {
    const std::int64_t persons = product.persons == 0 ? largest_group : product.persons;
    return persons * std::max<std::int64_t>(product.entries, 1);
}

}  // namespace

// Only ever grows, so that it does not matter which catalogue came first; true when it did.
bool note_rooms(Fold& fold, const Catalogue& catalogue) {
    bool grown = false;
    for (const auto& product : catalogue.products) {
        const auto known = fold.number("SELECT persons FROM product_room WHERE product = ?", product.id);
        if (known && *known >= room_of(product)) continue;
        fold.put("INSERT OR REPLACE INTO product_room VALUES (?, ?)", product.id, room_of(product));
        grown = true;
    }
    return grown;
}

void fold_catalogue(Fold& fold, const CataloguePublished& body) {
    const auto version = body.catalogue.version;
    fold.require(version > 0 && version < (1ULL << 62U), "a catalogue's version is out of range");
    fold.put("INSERT INTO catalogue VALUES (?, ?)", version, fold.ref);
    fold.catalogues.forget();
    if (fold.stopped()) return;
    auto latest = fold.rows("SELECT ref FROM catalogue ORDER BY version DESC, ref LIMIT 1");
    if (fold.next(latest) && ref_at(latest, 0) == fold.ref) replace_sessions(fold, body.catalogue);
    auto sales = fold.rows("SELECT ref FROM sale WHERE catalogue = ?", version);
    while (fold.next(sales)) judge_prices(fold, ref_at(sales, 0));
    if (note_rooms(fold, body.catalogue)) judge_double_admissions(fold);
}

void fold_certificate(Fold& fold, NodeId node, const NodeName& name, const Bytes& certificate, bool enrolled) {
    fold.put("INSERT INTO certificate VALUES (?, ?, ?, ?, ?)", node, fold.ref, name, enrolled, certificate);
}

void fold_node_revoked(Fold& fold, const NodeRevoked& body) {
    fold.require(body.epoch.value <= largest_epoch, "its epoch is out of range");
    if (fold.stopped()) return;
    note_control(fold, Kind::node_revoked);
    const auto last = static_cast<std::int64_t>(std::min<std::uint64_t>(body.last.value, largest_seq));
    fold.put("INSERT INTO node_revocation VALUES (?, ?, ?, ?, ?)", body.node, body.epoch, fold.ref, last, fold.wall);
    judge_used(fold, keys_of(body.node), keys_of(JournalId{body.node, body.epoch}).first + last);
}

void fold_ticket_revoked(Fold& fold, const TicketRevoked& body) {
    mark_ticket(fold, body.ticket, Mark::revocation, 0, 0);
    if (!fold.stopped()) judge_ticket(fold, body.ticket);
}

void fold_lease_ordered(Fold& fold, const LeaseOrdered& body) {
    fold.require(has_key(body.grant), "what it granted cannot be a record");
    if (!fold.stopped()) note_client(fold, body.id);
}

void fold_order(Fold& fold, const OrderImported& body) {
    fold.require(!body.code.empty() && body.code.size() <= 128, "an order's code has 1 to 128 octets");
    fold.require(body.persons > 0 && body.entries > 0, "an order is for nobody");
    note_control(fold, Kind::order_imported);
    fold.put("INSERT INTO imported_order VALUES (?, ?)", body.code, fold.ref);
    redeem_all(fold, fold.ref);  // gates that had the order may have admitted on it before it came here
    if (!fold.stopped()) judge_ticket(fold, {fold.ref, 1});
}

void fold_login(Fold& fold, const OperatorName& name, bool succeeded) {
    fold.put("INSERT INTO login VALUES (?, ?, ?, ?, ?, ?)", name, fold.ref, succeeded, fold.header.wall,
             fold.header.boot, static_cast<std::int64_t>(fold.header.boot_ns));
}

void fold_device(Fold& fold, const DeviceChanged& body) {
    fold.put(
        "INSERT INTO device VALUES (?, ?, ?, ?, ?) ON CONFLICT (node, device) DO UPDATE SET ref = excluded.ref, "
        "state = excluded.state, reason = excluded.reason WHERE excluded.ref > ref",
        fold.ref.node, body.device, fold.ref, body.state, body.reason);
}

void fold_resolution(Fold& fold, const ConflictResolved& body) {
    fold.put("INSERT INTO conflict_resolution VALUES (?, ?, ?, ?)", body.conflict, fold.ref, body.outcome, body.note);
}

}  // namespace gatehouse::ledger
