// How a guest's money becomes tenders and change.
//
// What counts as confirmed: cash and free at once; card, wechat, alipay and voucher when they carry the reference of
// the terminal or platform that confirmed them, else they are `unverified` (nothing says "paid" on a clerk's word),
// within the node's limit and matched later; agency always needs its reference. Change is handed back from cash only.
#pragma once

#include <vector>

#include "edge/desk/commands.hpp"

namespace gatehouse::edge {

struct Settlement {
    std::vector<Tender> tenders;  // as given; one `free` of 0 where nothing is due
    Minor change;
    Minor unverified;  // sum of the unverified ones
};

struct TenderRules {
    Minor unverified_open;  // this node's, before this sale
    Minor unverified_limit;
};

// Errors: invalid_body, tender_short, unverified_limit.
[[nodiscard]] Result<Settlement> settle(const std::vector<SellTender>& tenders, Minor due, const TenderRules& rules);

// What a refund of `amount` hands back, by kind: non-cash first, never more of a kind than `sale` took in and `earlier`
// refunds have not handed back. What exceeds that is cash. `sale` has its tenders as settled since: one that failed is
// taken back before any other, as a failed tender, for which nobody is paid.
[[nodiscard]] std::vector<Tender> hand_back(Minor amount, const Sale& sale, const std::vector<Refund>& earlier);

}  // namespace gatehouse::edge
