#include "schemas/catalogue/catalogue.hpp"

#include <algorithm>

namespace gatehouse {

namespace {
template <class T, class Id>
const T* find(const std::vector<T>& things, const Id& id, Id T::* member) {
    const auto at = std::ranges::find(things, id, member);
    return at == things.end() ? nullptr : &*at;
}
}  // namespace

std::string_view to_string(Role role) {
    switch (role) {
        case Role::clerk: return "clerk";
        case Role::attendant: return "attendant";
        case Role::supervisor: return "supervisor";
        case Role::operator_: return "operator";
        case Role::manager: return "manager";
        case Role::auditor: return "auditor";
        case Role::administrator: return "administrator";
    }
    return "unknown";
}

Error needs_role(std::span<const Role> roles) {
    std::string named;
    for (const Role role : roles) named += (named.empty() ? "" : ", ") + std::string{to_string(role)};
    return fail(ErrorCode::forbidden, Why::roles, "this is for {roles}", {{"roles", named}});
}

const Product* Catalogue::product(const ProductId& id) const { return find(products, id, &Product::id); }
const Session* Catalogue::session(const SessionId& id) const { return find(sessions, id, &Session::id); }
const ConcessionKind* Catalogue::concession(const ConcessionClass& id) const {
    return find(concessions, id, &ConcessionKind::id);
}
const Operator* Catalogue::operator_named(const OperatorName& name) const {
    return find(operators, name, &Operator::name);
}

Minor price_on(const Product& product, Date business_date) {
    Minor price = product.price;
    for (const auto& later : product.prices)
        if (later.from <= business_date) price = later.price;
    return price;
}

Minor reduced(Minor price, const ConcessionKind& concession) {
    return Minor{price.value * static_cast<std::int64_t>(concession.percent.value_or(0)) / 100};
}

std::optional<Minor> ticket_price(const Product& product, std::uint16_t persons, const ConcessionKind* concession,
                                  Date business_date) {
    const auto price = times(price_on(product, business_date), product.persons == 0 ? persons : 1U);
    if (!price || !concession) return price;
    return reduced(*price, *concession);
}

}  // namespace gatehouse
