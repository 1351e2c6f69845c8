#include "sync/central/example_catalogue.hpp"

#include <utility>

namespace gatehouse::central {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Product day_ticket(std::string id, Words name, Minor price, std::uint16_t persons) {
    Product product;
    product.id = ProductId{std::move(id)};
    product.name = std::move(name);
    product.price = price;
    product.persons = persons;
    product.zones = {ZoneId{"park"}};
    return product;
}

std::vector<Product> products() {
    auto adult = day_ticket("adult", {"成人票", "Adult"}, Minor{8'000}, 1);
    adult.companions = 1;
    adult.reentry = true;
    const auto child = day_ticket("child", {"儿童票", "Child"}, Minor{4'000}, 1);
    const auto family = day_ticket("family", {"家庭票（两大一小）", "Family (2 adults, 1 child)"}, Minor{18'000}, 3);
    const auto pair = day_ticket("pair", {"双人票", "Ticket for two"}, Minor{15'000}, 2);
    auto group = day_ticket("group", {"团队票", "Group"}, Minor{6'000}, 0);
    group.isolated = IsolatedPolicy::ask;
    auto card = day_ticket("card-10", {"十次卡", "10-entry card"}, Minor{60'000}, 1);
    card.entries = 10;
    card.validity = {ValidityKind::range, Date{0}, Date{36'524}};  // 1970-01-01 to 2069-12-31: no end of its own
    auto show = day_ticket("show", {"湖畔演出", "Lakeside show"}, Minor{12'000}, 1);
    show.validity.kind = ValidityKind::session;
    show.zones = {ZoneId{"park"}, ZoneId{"stage"}};
    return {adult, child, family, pair, group, card, show};
}

}  // namespace

Catalogue example_catalogue(std::span<const WallTime> midnights, std::string admin_pin_hash) {
    Catalogue catalogue;
    catalogue.version = 1;
    catalogue.zones = {{ZoneId{"park"}, {"园区", "Park"}}, {ZoneId{"stage"}, {"演出区", "Stage"}}};
    catalogue.products = products();
    catalogue.concessions = {{ConcessionClass{"senior"}, {"老人优惠票", "Senior"}, std::uint16_t{50}},
                             {ConcessionClass{"student"}, {"学生优惠票", "Student"}, std::uint16_t{50}},
                             {ConcessionClass{"disabled"}, {"残疾人免票", "Disabled person, free"}, std::nullopt},
                             {ConcessionClass{"soldier"}, {"军人免票", "Serviceperson, free"}, std::nullopt}};
    for (std::size_t day = 0; day < midnights.size(); ++day) {
        const auto at = [&](std::int64_t hour) { return WallTime{midnights[day].value + hour * hour_ms}; };
        const auto id = "show-" + std::to_string(day + 1);
        catalogue.sessions.push_back({SessionId{id + "-am"}, ProductId{"show"}, at(10), at(12), 200, 20});
        catalogue.sessions.push_back({SessionId{id + "-pm"}, ProductId{"show"}, at(15), at(17), 200, 20});
    }
    catalogue.operators = {{OperatorName{"admin"}, {Role::administrator}, std::move(admin_pin_hash)}};
    return catalogue;
}

}  // namespace gatehouse::central
