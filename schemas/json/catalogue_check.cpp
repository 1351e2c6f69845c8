#include <algorithm>
#include <limits>
#include <set>

#include "schemas/crypto/pin.hpp"
#include "schemas/json/catalogue_json.hpp"
#include "schemas/records/codec.hpp"
#include "schemas/records/venue.hpp"
#include "schemas/ticket/ticket_code.hpp"
#include "schemas/wire/codec.hpp"

namespace gatehouse {

namespace {

constexpr std::int64_t minute = 60'000;
// The longest id a ticket can have: the ledger's keys hold 15 bits of epoch and 32 of seq.
constexpr TicketId long_id{{NodeId{65535}, Epoch{(1U << 15U) - 1}, Seq{(std::uint64_t{1} << 32U) - 1}}, 65535};

// The first fault, with its path.
struct Faults {
    std::optional<Error> first;
    void require(bool holds, const std::string& path, Why why, std::string_view text,
                 std::initializer_list<NamedValue> with = {}) {
        if (!holds && !first) first = fail_at(path, why, text, with);
    }
};

std::string at(const char* list, std::size_t i) { return std::string{list} + '[' + std::to_string(i) + ']'; }

template <class T, class Id>
void check_ids(Faults& faults, const std::vector<T>& things, Id T::* id, const char* list, const char* key) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < things.size(); ++i) {
        const std::string_view name = (things[i].*id).value;
        const auto path = at(list, i) + '.' + key;
        faults.require(is_name(name), path, Why::name, "is not a name of 1 to 32 of a-z 0-9 . _ -");
        faults.require(seen.insert(name).second, path, Why::twice, "is there twice");
    }
}

void check_words(Faults& faults, const Words& words, const std::string& path) {
    for (const auto* text : {&words.zh, &words.en})
        faults.require(!text->empty() && text->size() <= 120, path, Why::both_languages,
                       "needs 1 to {most} octets in zh-CN and in en", {{"most", "120"}});
}

void check_validity(Faults& faults, const Product& product, const std::string& path) {
    const auto& [kind, from, to] = product.validity;
    if (kind == ValidityKind::range) {
        faults.require(to.has_value(), path + ".validity.to", Why::missing, "is missing");
        faults.require(!from || !to || *from <= *to, path + ".validity.to", Why::order, "is before from");
    } else {
        faults.require(!from && !to, path + ".validity", Why::no_range, "has from and to only when it is a range");
    }
    faults.require(!product.sold_from || !product.sold_to || *product.sold_from <= *product.sold_to, path + ".sold_to",
                   Why::order, "is before sold_from");
}

TicketPayload longest_ticket(const Product& product) {
    TicketPayload ticket;
    ticket.id = long_id;
    ticket.product = product.id;
    ticket.persons = product.persons == 0 ? std::numeric_limits<std::uint16_t>::max() : product.persons;
    ticket.entries = product.entries;
    ticket.companions = static_cast<std::uint8_t>(product.companions);
    ticket.zones = product.zones;
    std::ranges::sort(ticket.zones);
    ticket.valid_to = product.validity.to.value_or(Date{1});
    return ticket;
}

void check_code(Faults& faults, const TicketPayload& ticket, const std::string& path) {
    const auto octets = encode_payload(ticket);
    if (!octets)
        faults.require(false, path, Why::no_code,
                       "makes tickets that no code can carry (" + octets.error().detail + ")");
}

void check_product(Faults& faults, const Catalogue& catalogue, const Product& product, const std::string& path) {
    const auto in_range = [](Minor price) { return price.value >= 0 && price <= largest_amount; };
    check_words(faults, product.name, path + ".name");
    faults.require(in_range(product.price), path + ".price_minor", Why::range, "is out of range");
    for (std::size_t i = 0; i < product.prices.size(); ++i) {
        const auto price = path + ".prices" + at("", i);
        faults.require(in_range(product.prices[i].price), price + ".price_minor", Why::range, "is out of range");
        faults.require(i == 0 || product.prices[i - 1].from < product.prices[i].from, price + ".from", Why::order,
                       "is not after the one before");
    }
    faults.require(product.entries > 0, path + ".entries", Why::range, "is 0");
    faults.require(product.companions <= 255, path + ".companions", Why::range, "is more than 255");
    check_validity(faults, product, path);
    faults.require(!product.zones.empty() && product.zones.size() <= 8, path + ".zones", Why::count,
                   "has not {least} to {most} elements", {{"least", "1"}, {"most", "8"}});
    std::set<std::string_view> zones;
    for (const auto& zone : product.zones) {
        const auto known = std::ranges::find(catalogue.zones, zone, &Zone::id) != catalogue.zones.end();
        faults.require(known, path + ".zones", Why::unknown, "names a zone that the catalogue has not");
        faults.require(zones.insert(zone.value).second, path + ".zones", Why::twice, "names a zone twice");
    }
    if (!faults.first && product.validity.kind != ValidityKind::session)
        check_code(faults, longest_ticket(product), path);
}

void check_session(Faults& faults, const Catalogue& catalogue, const Session& session, const std::string& path) {
    const auto* product = catalogue.product(session.product);
    faults.require(product != nullptr, path + ".product", Why::unknown, "is not in the catalogue");
    faults.require(product == nullptr || product->validity.kind == ValidityKind::session, path + ".product",
                   Why::no_sessions, "is not sold by session");
    faults.require(session.starts.value >= 0 && session.starts.value % minute == 0, path + ".starts", Why::date,
                   "is not a whole minute after 1970");
    faults.require(session.ends.value % minute == 0, path + ".ends", Why::date, "is not a whole minute");
    faults.require(session.starts < session.ends, path + ".ends", Why::order, "is not after starts");
    faults.require(session.paper_slice <= session.capacity, path + ".paper_slice", Why::range,
                   "is more than the capacity");
    if (faults.first || product == nullptr) return;
    auto ticket = longest_ticket(*product);
    ticket.session = TicketSession{session.id, session.starts, session.ends};
    check_code(faults, ticket, path);
}

void check_operators(Faults& faults, const std::vector<Operator>& operators) {
    const auto has = [](const Operator& who, Role role) { return std::ranges::count(who.roles, role) > 0; };
    for (std::size_t i = 0; i < operators.size(); ++i) {
        const auto& roles = operators[i].roles;
        faults.require(!roles.empty(), at("operators", i) + ".roles", Why::missing, "is empty");
        faults.require(std::set(roles.begin(), roles.end()).size() == roles.size(), at("operators", i) + ".roles",
                       Why::twice, "names a role twice");
    }
    faults.require(std::ranges::any_of(operators, [&](const Operator& who) { return has(who, Role::administrator); }),
                   "operators", Why::no_administrator, "has no administrator: nobody could publish the next catalogue");
}

// Room for the record's header and for the PIN hashes that central adds.
bool fits_a_record(const Catalogue& catalogue) {
    const auto octets = wire::encode(CataloguePublished{catalogue}).size();
    return octets + catalogue.operators.size() * 128 + 1024 <= largest_record;
}

}  // namespace

Result<void> check_catalogue(const Catalogue& catalogue) {
    Faults faults;
    check_ids(faults, catalogue.zones, &Zone::id, "zones", "id");
    check_ids(faults, catalogue.products, &Product::id, "products", "id");
    check_ids(faults, catalogue.concessions, &ConcessionKind::id, "concessions", "class");
    check_ids(faults, catalogue.sessions, &Session::id, "sessions", "id");
    check_ids(faults, catalogue.operators, &Operator::name, "operators", "name");
    for (std::size_t i = 0; i < catalogue.zones.size(); ++i)
        check_words(faults, catalogue.zones[i].name, at("zones", i) + ".name");
    for (std::size_t i = 0; i < catalogue.products.size(); ++i)
        check_product(faults, catalogue, catalogue.products[i], at("products", i));
    for (std::size_t i = 0; i < catalogue.concessions.size(); ++i) {
        check_words(faults, catalogue.concessions[i].name, at("concessions", i) + ".name");
        faults.require(catalogue.concessions[i].percent.value_or(0) <= 100, at("concessions", i) + ".percent",
                       Why::range, "is more than 100");
    }
    for (std::size_t i = 0; i < catalogue.sessions.size(); ++i)
        check_session(faults, catalogue, catalogue.sessions[i], at("sessions", i));
    check_operators(faults, catalogue.operators);
    if (faults.first) return *faults.first;
    if (!fits_a_record(catalogue))
        return fail(ErrorCode::too_large, Why::large_catalogue, "the catalogue does not fit one record");
    return {};
}

}  // namespace gatehouse
