#include "edge/ticketing/tenders.hpp"

#include <doctest/doctest.h>

#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

constexpr TenderRules rules{Minor{500}, Minor{1000}};

SellTender given(TenderKind kind, std::int64_t amount, const char* reference = "") {
    return {kind, Minor{amount}, reference};
}
Tender tender(TenderKind kind, std::int64_t amount) { return {kind, TenderState::confirmed, Minor{amount}, {}}; }

ErrorCode fault(const std::vector<SellTender>& tenders, std::int64_t due) {
    const auto out = settle(tenders, Minor{due}, rules);
    REQUIRE_FALSE(out.has_value());
    return out.error().code;
}

Sale sale_with(std::vector<Tender> tenders, std::int64_t change) {
    Sale sale;
    sale.tenders = std::move(tenders);
    sale.change = Minor{change};
    return sale;
}

}  // namespace

TEST_CASE("cash gives change, and only cash may exceed what is due") {
    const auto out = settle({given(TenderKind::cash, 1000), given(TenderKind::card, 300, "t1")}, Minor{800}, rules);
    REQUIRE(out.has_value());
    CHECK(out->change == Minor{500});
    CHECK(fault({given(TenderKind::card, 900, "t1")}, 800) == ErrorCode::invalid_body);
    CHECK(fault({given(TenderKind::cash, 799)}, 800) == ErrorCode::tender_short);
    CHECK(fault({}, 1) == ErrorCode::tender_short);
}

TEST_CASE("a tender is confirmed by the reference of whoever confirmed it, not by the clerk's word") {
    for (const auto kind : {TenderKind::card, TenderKind::wechat, TenderKind::alipay, TenderKind::voucher}) {
        const auto bare = settle({given(kind, 100)}, Minor{100}, rules);
        REQUIRE(bare.has_value());
        CHECK(bare->tenders[0].state == TenderState::unverified);
        CHECK(bare->unverified == Minor{100});
        const auto named = settle({given(kind, 100, "ref")}, Minor{100}, rules);
        REQUIRE(named.has_value());
        CHECK(named->tenders[0].state == TenderState::confirmed);
        CHECK(named->unverified == Minor{0});
    }
    CHECK(fault({given(TenderKind::agency, 100)}, 100) == ErrorCode::invalid_body);
}

TEST_CASE("unverified tenders stop at the node's limit, to the minor unit") {
    CHECK(settle({given(TenderKind::wechat, 500)}, Minor{500}, rules).has_value());
    CHECK(fault({given(TenderKind::wechat, 501)}, 501) == ErrorCode::unverified_limit);
}

TEST_CASE("where nothing is due, one free tender of nothing says so") {
    const auto out = settle({}, Minor{0}, rules);
    REQUIRE(out.has_value());
    CHECK(out->tenders == std::vector{tender(TenderKind::free, 0)});
    CHECK(fault({given(TenderKind::free, 5)}, 5) == ErrorCode::invalid_body);
}

TEST_CASE("amounts out of range are refused") {
    CHECK(fault({given(TenderKind::cash, -1)}, 0) == ErrorCode::invalid_body);
    CHECK(fault({given(TenderKind::cash, largest_amount.value + 1)}, 0) == ErrorCode::invalid_body);
    // The change is an amount, too.
    const std::vector twice(2, given(TenderKind::cash, largest_amount.value));
    CHECK(fault(twice, 1) == ErrorCode::invalid_body);
    const std::vector many(limits::tenders + 1, given(TenderKind::cash, 1));
    CHECK(fault(many, 1) == ErrorCode::invalid_body);
}

TEST_CASE("money goes back the way it came, and never more of a kind than it brought") {
    const auto sale = sale_with({tender(TenderKind::cash, 1000), tender(TenderKind::card, 300)}, 500);
    CHECK(hand_back(Minor{200}, sale, {}) == std::vector{tender(TenderKind::card, 200)});
    CHECK(hand_back(Minor{400}, sale, {}) == std::vector{tender(TenderKind::card, 300), tender(TenderKind::cash, 100)});
    Refund before;
    before.tenders = {tender(TenderKind::card, 200)};
    CHECK(hand_back(Minor{400}, sale, {before}) ==
          std::vector{tender(TenderKind::card, 100), tender(TenderKind::cash, 300)});
}

TEST_CASE("money that never came in is not handed back") {
    auto failed = tender(TenderKind::card, 300);
    failed.state = TenderState::failed;
    const auto sale = sale_with({tender(TenderKind::card, 200), failed, tender(TenderKind::cash, 500)}, 0);
    CHECK(hand_back(Minor{300}, sale, {}) == std::vector{failed});
    CHECK(hand_back(Minor{1000}, sale, {}) ==
          std::vector{failed, tender(TenderKind::card, 200), tender(TenderKind::cash, 500)});
    Refund before;
    before.tenders = {failed};
    CHECK(hand_back(Minor{600}, sale, {before}) ==
          std::vector{tender(TenderKind::card, 200), tender(TenderKind::cash, 400)});
}

TEST_CASE("what was handed back before its tender failed counts against the failed one") {
    auto failed = tender(TenderKind::card, 600);
    failed.state = TenderState::failed;
    auto unverified = tender(TenderKind::card, 500);
    unverified.state = TenderState::unverified;
    Refund before;
    before.tenders = {unverified};
    const auto sale = sale_with({failed, tender(TenderKind::cash, 400)}, 0);
    failed.amount = Minor{100};
    CHECK(hand_back(Minor{500}, sale, {before}) == std::vector{failed, tender(TenderKind::cash, 400)});
}

TEST_CASE("a card's number is no reference, however it is spelt, and a terminal's own numbers are") {
    for (const char* number :
         {"4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "3714 496353 98431", "6222021234567890128",
          "VISA 4111111111111111 ok", "4222222222222", "12 4111111111111111"}) {
        CAPTURE(std::string{number});
        CHECK(has_card_number(number));
    }
    for (const char* reference :
         {"", "004812371900", "481237190004 123456", "1111", "**** **** **** 1111", "4111111111111112",
          "41111111111111110000000", "4200001234202211221234567890", "411111111111", "RRN 004812 **1111"}) {
        CAPTURE(std::string{reference});
        CHECK_FALSE(has_card_number(reference));
    }
    auto card = given(TenderKind::card, 500);
    card.reference = "4111 1111 1111 1111";
    const auto refused = settle({card}, Minor{500}, {Minor{0}, Minor{10'000}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == fail_at("tenders[0].reference", Why::card_number, "is a card's number"));
    auto wallet = given(TenderKind::wechat, 500);
    wallet.reference = "4111 1111 1111 1111";  // any number may be a wallet's
    CHECK(settle({wallet}, Minor{500}, {Minor{0}, Minor{10'000}}));
}
