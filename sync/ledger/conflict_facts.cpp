#include "sync/ledger/conflict_facts.hpp"

#include "schemas/base/match.hpp"

namespace gatehouse::ledger {

std::string detail_of(const ConflictFacts& facts) {
    using std::to_string;
    return std::visit(
        Match{[](const PersonsBeyond& f) {
                  return "persons " + to_string(f.persons) + ", first use " + gatehouse::to_string(f.first_use);
              },
              [](const RefundedAgain& f) { return "first refund " + gatehouse::to_string(f.first_refund); },
              [](const AdmittedRefunded&) { return std::string{}; },
              [](const AdmittedRevoked& f) { return "revoked by " + gatehouse::to_string(f.revoked_by); },
              [](const UnitsBeyond& f) {
                  return (f.lessee ? "beyond the lease by " : "beyond the capacity by ") + to_string(f.units);
              },
              [](const ProductUnknown& f) { return f.product.value; },
              [](const PriceDiffers& f) {
                  return f.product.value + ": " + to_string(f.charged.value) + " instead of " + to_string(f.due.value);
              },
              [](const ClockUncorrected&) { return std::string{"no trusted time was learned in this boot"}; },
              [](const HistoryForked&) { return std::string{"other records with this number are kept"}; },
              [](const RecordParked& f) { return f.reason; }},
        facts);
}

}  // namespace gatehouse::ledger
