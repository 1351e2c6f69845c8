#include "edge/ticketing/shift.hpp"

#include <algorithm>
#include <array>

#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace {

void add_sale(ledger::ShiftFacts& shift, const Sale& sale) {
    for (const auto& tender : sale.tenders) {
        shift.tenders[tender.kind] += tender.amount;
        if (tender.kind == TenderKind::cash) shift.cash_sales += tender.amount;
        if (tender.state == TenderState::unverified) shift.unverified[tender.kind] += tender.amount;
    }
    if (sale.change.value != 0) {
        shift.tenders[TenderKind::cash] += -sale.change;
        shift.cash_sales += -sale.change;
    }
    ++shift.sales;
    shift.tickets += static_cast<std::uint32_t>(sale.tickets.size());
}

void add_refund(ledger::ShiftFacts& shift, const Refund& refund) {
    for (const auto& tender : refund.tenders) {
        if (tender.state == TenderState::failed) continue;  // it never came in: nobody is paid
        shift.tenders[tender.kind] += -tender.amount;
        shift.refunded[tender.kind] += tender.amount;
        if (tender.kind == TenderKind::cash) shift.cash_refunds += tender.amount;
    }
    ++shift.refunds;
}

}  // namespace

void apply(ledger::ShiftFacts& shift, const Body& body) {
    std::visit(Match{[&](const Sale& sale) {
                         if (sale.shift == shift.ref) add_sale(shift, sale);
                     },
                     [&](const Refund& refund) {
                         if (refund.shift == shift.ref) add_refund(shift, refund);
                     },
                     [&](const CashMoved& moved) {
                         if (moved.shift != shift.ref) return;
                         (moved.direction == CashDirection::pay_in ? shift.paid_in : shift.paid_out) += moved.amount;
                     },
                     [&](const ShiftClosed& closed) {
                         if (closed.shift == shift.ref) shift.counted = closed.counted;
                     },
                     [](const auto&) {}},
               body);
}

void settle(ledger::ShiftFacts& shift, const Tender& tender, TenderState now) {
    if (tender.state == now) return;
    if (tender.state == TenderState::unverified) shift.unverified[tender.kind] += -tender.amount;
    if (tender.state == TenderState::failed) shift.tenders[tender.kind] += tender.amount;
    if (now == TenderState::failed) shift.tenders[tender.kind] += -tender.amount;
}

namespace {

// As sync/ledger has it, fold_selling.cpp.
TenderState handed_back_as(const Sale& sale, TenderKind kind) {
    bool came_in = false;
    for (const auto& tender : sale.tenders) {
        if (tender.kind != kind) continue;
        if (tender.state == TenderState::unverified) return TenderState::unverified;
        came_in |= tender.state == TenderState::confirmed;
    }
    return came_in ? TenderState::confirmed : TenderState::failed;
}

}  // namespace

void settle(ledger::ShiftFacts& shift, const Refund& refund, TenderKind kind, const Sale& before, const Sale& now) {
    const bool failed = handed_back_as(now, kind) == TenderState::failed;
    if (failed == (handed_back_as(before, kind) == TenderState::failed)) return;
    for (const auto& tender : refund.tenders) {
        if (tender.kind != kind || tender.state != TenderState::unverified) continue;
        shift.tenders[kind] += failed ? tender.amount : -tender.amount;
        shift.refunded[kind] += failed ? -tender.amount : tender.amount;
    }
}

namespace {

Minor amount_of(const std::map<TenderKind, Minor>& sums, TenderKind kind) {
    const auto at = sums.find(kind);
    return at == sums.end() ? Minor{} : at->second;
}

}  // namespace

Result<void> check_cash_move(const MoveCash& command) {
    if (command.amount.value <= 0 || command.amount > largest_amount)
        return fail_at("amount_minor", Why::range, "out of range");
    if (command.reason.empty()) return fail_at("reason", Why::missing, "is needed");
    if (command.reason.size() > limits::text) return fail_at("reason", Why::too_long, "too long");
    if (command.amount >= large_cash_move && !command.large)
        return fail_at("large", Why::large, "is needed from {least} minor units on",
                       {{"least", std::to_string(large_cash_move.value)}});
    return {};
}

bool sees_open_cash(const std::vector<Role>& roles) {
    constexpr std::array see{Role::supervisor, Role::manager, Role::auditor, Role::administrator};
    return std::ranges::find_first_of(roles, see) != roles.end();
}

bool counts_blindly(const std::vector<Role>& roles, bool shift_is_open) {
    return shift_is_open && !sees_open_cash(roles) && std::ranges::find(roles, Role::clerk) != roles.end();
}

ShiftReply report_of(const ledger::ShiftFacts& shift, bool show_cash) {
    const bool tell_cash = shift.counted || show_cash;
    ShiftReply out;
    out.shift = shift.ref;
    out.window = shift.window;
    out.clerk = shift.clerk;
    out.opened = shift.opened;
    out.open = !shift.counted;
    out.opening_float = shift.opening_float;
    out.paid_in = shift.paid_in;
    out.paid_out = shift.paid_out;
    for (const auto& [kind, amount] : shift.tenders) {
        if (kind == TenderKind::cash && !tell_cash) continue;
        out.tenders.push_back({kind, amount, amount_of(shift.refunded, kind), amount_of(shift.unverified, kind)});
    }
    out.sales = shift.sales;
    out.refunds = shift.refunds;
    out.tickets = shift.tickets;
    if (tell_cash) {
        out.cash_sales = shift.cash_sales;
        out.cash_refunds = shift.cash_refunds;
        out.expected = shift.expected_cash();
    }
    if (shift.counted) {
        out.counted = shift.counted;
        out.difference = *shift.counted - shift.expected_cash();
    }
    return out;
}

}  // namespace gatehouse::edge
