// How a guest's money becomes tenders and change.
//
// What counts as confirmed: cash and free at once; card, wechat, alipay and voucher when they carry the reference of
// the terminal or platform that confirmed them, else they are `unverified` (nothing says "paid" on a clerk's word),
// within the node's limit and matched later; agency always needs its reference. Change is handed back from cash only.
#pragma once

#include <string_view>
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

// Whether a card's number stands in `text`, in one piece or in groups of up to seven digits that blanks or hyphens
// part: 13 to 19 digits with the check digit of ISO/IEC 7812-1 that begin as those of payment cards do. A terminal's
// own numbers (12 digits of reference, 6 of approval) are none, also side by side.
[[nodiscard]] bool has_card_number(std::string_view text);

// Errors: invalid_body (also for a card's number as a card's reference: card data is not kept), tender_short,
// unverified_limit.
[[nodiscard]] Result<Settlement> settle(const std::vector<SellTender>& tenders, Minor due, const TenderRules& rules);

// What a refund of `amount` hands back, by kind: non-cash first, never more of a kind than `sale` took in and `earlier`
// refunds have not handed back. What exceeds that is cash. `sale` has its tenders as settled since: one that failed is
// taken back before any other, as a failed tender, for which nobody is paid.
[[nodiscard]] std::vector<Tender> hand_back(Minor amount, const Sale& sale, const std::vector<Refund>& earlier);

// Whether cash goes into the drawer for these, or out of it.
[[nodiscard]] bool moves_cash(const std::vector<Tender>& tenders);

}  // namespace gatehouse::edge
