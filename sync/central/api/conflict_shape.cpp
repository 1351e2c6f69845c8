#include "sync/central/api/conflict_shape.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/base/bytes.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

// A record that is no evidence itself, and what it has to do with the conflict.
struct Related {
    std::string_view role;
    RecordRef record;
};

struct Shown {
    json::object facts;
    std::vector<Related> related;
};

Shown about_ticket(const TicketId& ticket) { return {{{"ticket", to_string(ticket)}}, {{"sold", ticket.sold}}}; }

Shown about_ticket(const TicketId& ticket, std::string_view role, const RecordRef& record) {
    auto shown = about_ticket(ticket);
    shown.facts[role] = to_string(record);
    shown.related.push_back({role, record});
    return shown;
}

Shown about_session(const ledger::UnitsBeyond& found) {
    Shown shown{
        {{"session", found.session.value}, {"limit", found.lessee ? "lease" : "capacity"}, {"units", found.units}}, {}};
    if (found.lessee) shown.facts["node"] = found.lessee->value;
    return shown;
}

Shown show(const ledger::ConflictFacts& facts) {
    return std::visit(
        Match{[](const ledger::PersonsBeyond& f) {
                  auto shown = about_ticket(f.ticket, "first_use", f.first_use);
                  shown.facts["persons"] = f.persons;
                  return shown;
              },
              [](const ledger::RefundedAgain& f) { return about_ticket(f.ticket, "first_refund", f.first_refund); },
              [](const ledger::AdmittedRefunded& f) { return about_ticket(f.ticket); },
              [](const ledger::AdmittedRevoked& f) { return about_ticket(f.ticket, "revoked_by", f.revoked_by); },
              [](const ledger::UnitsBeyond& f) { return about_session(f); },
              [](const ledger::ProductUnknown& f) {
                  return Shown{{{"sale", to_string(f.sale)}, {"product", f.product.value}}, {}};
              },
              [](const ledger::PriceDiffers& f) {
                  return Shown{{{"sale", to_string(f.sale)},
                                {"product", f.product.value},
                                {"charged_minor", f.charged.value},
                                {"due_minor", f.due.value}},
                               {}};
              },
              [](const ledger::ClockUncorrected& f) {
                  return Shown{{{"node", f.node.value}, {"boot", to_hex(f.boot)}}, {}};
              },
              [](const ledger::HistoryForked& f) { return Shown{{{"record", to_string(f.record)}}, {}}; },
              [](const ledger::RecordParked& f) {
                  return Shown{{{"record", to_string(f.record)}, {"reason", f.reason}}, {}};
              }},
        facts);
}

void add_body(json::object& item, const Body& body) {
    std::visit(Match{[&](const Verdict& b) {
                         item["gate"] = b.gate.value;
                         item["lane"] = b.lane.value;
                         item["persons"] = b.persons;
                     },
                     [&](const Sale& b) { item["amount_minor"] = b.total.value; },
                     [&](const Refund& b) { item["amount_minor"] = b.total.value; }, [](const auto&) {}},
               body);
}

// One that is not held, or cannot be read, has its number only.
json::object record_json(const ApiServices& services, ledger::LedgerReader& reader, const RecordRef& ref) {
    json::object item{{"record", to_string(ref)}, {"node", ref.node.value}};
    const auto record = reader.record(ref);
    if (!record) return item;
    item["kind"] = to_string(record->header.kind);
    item["time"] = time_text(services, record->header.wall);
    item["operator"] = record->header.actor.value;
    add_body(item, record->body);
    return item;
}

}  // namespace

void add_resolution(json::object& out, const ApiServices& services, const ConflictResolved& resolved,
                    const OperatorName& by, WallTime at) {
    out["state"] = "resolved";
    out["outcome"] = resolved.outcome;
    out["note"] = resolved.note;
    out["operator"] = by.value;
    out["time"] = time_text(services, at);
}

json::object conflict_json(const ApiServices& services, ledger::LedgerReader& reader,
                           const ledger::Conflict& conflict) {
    json::array evidence;
    for (const auto& ref : conflict.evidence) evidence.push_back(record_json(services, reader, ref));
    auto shown = show(conflict.facts);
    json::array related;
    for (const auto& [role, ref] : shown.related) {
        if (std::ranges::find(conflict.evidence, ref) != conflict.evidence.end()) continue;
        auto item = record_json(services, reader, ref);
        item["role"] = role;
        related.push_back(std::move(item));
    }
    json::object out{{"id", conflict.id},
                     {"kind", to_string(conflict.kind)},
                     {"state", "open"},
                     {"key", conflict.subject},
                     {"detail", ledger::detail_of(conflict.facts)},
                     {"facts", std::move(shown.facts)},
                     {"money_minor", conflict.money.value},
                     {"currency", services.settings.currency},
                     {"evidence", std::move(evidence)},
                     {"evidence_count", conflict.evidence_count},
                     {"related", std::move(related)}};
    const auto record = conflict.resolution ? reader.record(*conflict.resolution) : std::nullopt;
    if (conflict.resolved && record)
        add_resolution(out, services, *conflict.resolved, record->header.actor, record->header.wall);
    if (conflict.assigned) out["assigned"] = conflict.assigned->value;
    return out;
}

}  // namespace gatehouse::central
