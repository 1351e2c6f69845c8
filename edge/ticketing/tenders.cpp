#include "edge/ticketing/tenders.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace gatehouse::edge {

namespace {

TenderState state_of(const SellTender& tender) {
    switch (tender.kind) {
        case TenderKind::cash:
        case TenderKind::free: return TenderState::confirmed;
        case TenderKind::card:
        case TenderKind::wechat:
        case TenderKind::alipay:
        case TenderKind::agency:
        case TenderKind::voucher: return tender.reference.empty() ? TenderState::unverified : TenderState::confirmed;
    }
    return TenderState::unverified;
}

// As ISO/IEC 7812-1, annex B, has it: from the right every second digit counts twice, its tens as ones.
bool has_check_digit(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int digit = (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

// 13 to 19 digits of a range that card schemes issue from.
bool is_card_number(std::string_view digits) {
    return digits.size() >= 13 && digits.size() <= 19 &&
           std::string_view{"34568"}.find(digits.front()) != std::string_view::npos && has_check_digit(digits);
}

Result<void> check_tender(const SellTender& tender, const std::string& path) {
    if (tender.amount.value < 0 || tender.amount.value > largest_amount.value)
        return fail_at(path + ".amount_minor", Why::range, "out of range");
    if (tender.kind == TenderKind::free && tender.amount.value != 0)
        return fail_at(path + ".amount_minor", Why::none, "a free tender is 0");
    if (tender.kind == TenderKind::agency && tender.reference.empty())
        return fail_at(path + ".reference", Why::missing, "an agency's order is named by its reference");
    if (tender.reference.size() > limits::text) return fail_at(path + ".reference", Why::too_long, "too long");
    if (tender.kind == TenderKind::card && has_card_number(tender.reference))
        return fail_at(path + ".reference", Why::card_number, "is a card's number");
    return {};
}

}  // namespace

bool has_card_number(std::string_view text) {
    std::string group;
    std::string run;  // short groups, as on a card
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : '\0';
        if (c >= '0' && c <= '9') {
            group += c;
            continue;
        }
        run = group.size() <= 7 ? run + group : std::string{};
        if (is_card_number(group) || is_card_number(run)) return true;
        group.clear();
        if (c != ' ' && c != '-') run.clear();
    }
    return false;
}

Result<Settlement> settle(const std::vector<SellTender>& tenders, Minor due, const TenderRules& rules) {
    if (tenders.size() > limits::tenders) return fail(ErrorCode::invalid_body, "tenders: too many");
    Settlement out;
    Minor cash;
    Minor other;
    for (std::size_t i = 0; i < tenders.size(); ++i) {
        const auto& given = tenders[i];
        const auto checked = check_tender(given, "tenders[" + std::to_string(i) + "]");
        if (!checked) return checked.error();
        const Tender tender{given.kind, state_of(given), given.amount, given.reference};
        (given.kind == TenderKind::cash ? cash : other) += given.amount;
        if (tender.state == TenderState::unverified) out.unverified += given.amount;
        out.tenders.push_back(tender);
    }
    if (cash + other < due)
        return fail(ErrorCode::tender_short, std::to_string((due - cash - other).value) + " minor units are missing");
    if (other > due) return fail_at("tenders", Why::too_much, "more than is due, and not in cash");
    if (out.unverified.value > 0 && rules.unverified_open + out.unverified > rules.unverified_limit)
        return fail(ErrorCode::unverified_limit, "open " + std::to_string(rules.unverified_open.value) + " of " +
                                                     std::to_string(rules.unverified_limit.value) + " minor units");
    out.change = cash + other - due;
    if (out.change > largest_amount) return fail_at("tenders", Why::too_much, "more change than an amount can be");
    if (out.tenders.empty()) out.tenders.push_back(Tender{TenderKind::free, TenderState::confirmed, Minor{0}, {}});
    return out;
}

namespace {

using Way = std::pair<bool, TenderKind>;  // did it come in, and how

// Takes up to `amount` of what is left that way; what there is too little for.
Minor take(std::map<Way, Tender>& left, Way way, Minor amount) {
    const auto at = left.find(way);
    if (at == left.end()) return amount;
    const Minor taken{std::clamp<std::int64_t>(amount.value, 0, std::max<std::int64_t>(at->second.amount.value, 0))};
    at->second.amount = at->second.amount - taken;
    return amount - taken;
}

}  // namespace

std::vector<Tender> hand_back(Minor amount, const Sale& sale, const std::vector<Refund>& earlier) {
    // What failed comes first: it never came in, so giving it "back" moves no money.
    const auto way_of = [](const Tender& tender) { return Way{tender.state != TenderState::failed, tender.kind}; };
    std::map<Way, Tender> left;
    for (const auto& tender : sale.tenders) {
        auto& way = left.try_emplace(way_of(tender), Tender{tender.kind, tender.state, Minor{0}, {}}).first->second;
        way.amount += tender.amount;
        if (tender.state == TenderState::unverified) way.state = TenderState::unverified;
    }
    if (const auto cash = left.find({true, TenderKind::cash}); cash != left.end())
        cash->second.amount = cash->second.amount - sale.change;
    for (const auto& refund : earlier)
        for (const auto& tender : refund.tenders) {
            const auto way = way_of(tender);
            const Minor rest = take(left, way, tender.amount);
            // Handed back before it was known whether it had come in: it counts against what it turned out to be.
            take(left, {!way.first, way.second}, rest);
        }

    constexpr std::array order{TenderKind::card,   TenderKind::wechat,  TenderKind::alipay,
                               TenderKind::agency, TenderKind::voucher, TenderKind::cash};
    std::vector<Tender> out;
    for (const bool came_in : {false, true}) {
        for (const auto kind : order) {
            const auto at = left.find({came_in, kind});
            if (at == left.end() || at->second.amount.value <= 0 || amount.value <= 0) continue;
            Tender part = at->second;
            part.amount = std::min(part.amount, amount);
            amount = amount - part.amount;
            out.push_back(part);
        }
    }
    // Refunds that two cut-off nodes made of one sale can exceed it together: the rest is cash, and comes up as a
    // conflict when they meet.
    if (amount.value > 0) {
        const auto at = std::ranges::find(out, TenderKind::cash, &Tender::kind);
        if (at != out.end())
            at->amount += amount;
        else
            out.push_back(Tender{TenderKind::cash, TenderState::confirmed, amount, {}});
    }
    if (out.empty()) out.push_back(Tender{TenderKind::free, TenderState::confirmed, Minor{0}, {}});
    return out;
}

bool moves_cash(const std::vector<Tender>& tenders) {
    return std::ranges::any_of(
        tenders, [](const Tender& tender) { return tender.kind == TenderKind::cash && tender.amount > Minor{0}; });
}

}  // namespace gatehouse::edge
