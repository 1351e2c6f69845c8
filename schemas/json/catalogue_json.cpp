#include "schemas/json/catalogue_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "schemas/crypto/pin.hpp"
#include "schemas/json/json_reader.hpp"

namespace gatehouse {

namespace {

namespace json = boost::json;

constexpr std::size_t most_things = 10'000;
constexpr auto most16 = std::numeric_limits<std::uint16_t>::max();
constexpr auto most32 = std::numeric_limits<std::uint32_t>::max();

// --- reading

Words read_words(JsonReader in) {
    Words words{in.text("zh-CN", 120), in.text("en", 120)};
    in.finish();
    return words;
}

Zone read_zone(JsonReader& in) { return {in.named<ZoneId>("id"), read_words(in.object("name"))}; }

Validity read_validity(JsonReader in) {
    Validity validity;
    validity.kind = in.choice<ValidityKind>(
        "kind", {{"day", ValidityKind::day}, {"session", ValidityKind::session}, {"range", ValidityKind::range}});
    validity.from = in.optional_date("from");
    validity.to = in.optional_date("to");
    in.finish();
    return validity;
}

std::vector<PriceFrom> read_prices(JsonReader& in) {
    std::vector<PriceFrom> prices;
    if (!in.has("prices")) return prices;
    for (auto& price : in.objects("prices", 0, 1000)) {
        prices.push_back({price.date("from"), price.amount("price_minor")});
        price.finish();
    }
    return prices;
}

Product read_product(JsonReader& in) {
    Product product;
    product.id = in.named<ProductId>("id");
    product.name = read_words(in.object("name"));
    product.price = in.amount("price_minor");
    product.prices = read_prices(in);
    product.persons = in.integer_or<std::uint16_t>("persons", 0, most16, 1);
    product.entries = in.integer_or<std::uint16_t>("entries", 1, most16, 1);
    product.reentry = in.boolean_or("reentry", false);
    product.companions = in.integer_or<std::uint16_t>("companions", 0, 255, 0);
    product.validity = read_validity(in.object("validity"));
    product.zones = in.names<ZoneId>("zones", 1, 8);
    product.check_id = in.boolean_or("check_id", false);
    if (in.has("isolated"))
        product.isolated = in.choice<IsolatedPolicy>(
            "isolated",
            {{"admit", IsolatedPolicy::admit}, {"refuse", IsolatedPolicy::refuse}, {"ask", IsolatedPolicy::ask}});
    product.sold_from = in.optional_date("sold_from");
    product.sold_to = in.optional_date("sold_to");
    return product;
}

ConcessionKind read_concession(JsonReader& in) {
    ConcessionKind kind;
    kind.id = in.named<ConcessionClass>("class");
    kind.name = read_words(in.object("name"));
    kind.percent = in.optional_integer<std::uint16_t>("percent", 0, 100);
    return kind;
}

Session read_session(JsonReader& in) {
    Session session;
    session.id = in.named<SessionId>("id");
    session.product = in.named<ProductId>("product");
    session.starts = in.moment("starts");
    session.ends = in.moment("ends");
    session.capacity = in.integer<std::uint32_t>("capacity", 0, most32);
    session.paper_slice = in.integer_or<std::uint32_t>("paper_slice", 0, most32, 0);
    return session;
}

std::vector<Role> read_roles(JsonReader& in) {
    std::vector<Role> roles;
    for (const auto& word : in.names<OperatorName>("roles", 1, 7)) {
        unsigned i = 0;
        while (i < enum_count(Role{}) && to_string(static_cast<Role>(i)) != word.value) ++i;
        if (i == enum_count(Role{}))
            in.report("roles", Why::unknown, "names a role that does not exist");
        else
            roles.push_back(static_cast<Role>(i));
    }
    return roles;
}

Operator read_operator(JsonReader& in, std::map<OperatorName, std::string>& pins) {
    Operator who{in.named<OperatorName>("name"), read_roles(in), {}};
    if (!in.has("pin")) return who;
    auto pin = in.text("pin", 12);
    if (!is_pin(pin)) in.report("pin", Why::pin, "is not 4 to 12 digits");
    pins.emplace(who.name, std::move(pin));
    return who;
}

Limits read_limits(JsonReader in) {
    Limits limits;
    if (in.has("unverified_total_minor")) limits.unverified_total = in.amount("unverified_total_minor");
    limits.refund_supervisor_minor =
        in.integer_or<std::uint32_t>("refund_supervisor_minor", 0, most32, limits.refund_supervisor_minor);
    limits.session_grace_min =
        in.integer_or<std::uint32_t>("session_grace_min", 0, 7 * 24 * 60, limits.session_grace_min);
    in.finish();
    return limits;
}

template <class Read>
void read_all(JsonReader& in, std::string_view key, Read read) {
    if (!in.has(key)) return;
    for (auto& element : in.objects(key, 0, most_things)) {
        read(element);
        element.finish();
    }
}

CatalogueBody read_body(JsonReader& in) {
    CatalogueBody body;
    auto& catalogue = body.catalogue;
    catalogue.version = in.integer_or<std::uint64_t>("version", 0, 1ULL << 62U, 0);
    body.currency = in.optional_text("currency", 3, 3);
    read_all(in, "zones", [&](JsonReader& zone) { catalogue.zones.push_back(read_zone(zone)); });
    read_all(in, "products", [&](JsonReader& product) { catalogue.products.push_back(read_product(product)); });
    read_all(in, "concessions", [&](JsonReader& kind) { catalogue.concessions.push_back(read_concession(kind)); });
    read_all(in, "sessions", [&](JsonReader& session) { catalogue.sessions.push_back(read_session(session)); });
    read_all(in, "operators", [&](JsonReader& who) { catalogue.operators.push_back(read_operator(who, body.pins)); });
    if (auto limits = in.optional_object("limits")) catalogue.limits = read_limits(*limits);
    return body;
}

// --- writing

json::object words_json(const Words& words) { return {{"zh-CN", words.zh}, {"en", words.en}}; }

std::string_view to_string(ValidityKind kind) {
    switch (kind) {
        case ValidityKind::day: return "day";
        case ValidityKind::session: return "session";
        case ValidityKind::range: return "range";
    }
    return "day";
}

std::string_view to_string(IsolatedPolicy policy) {
    switch (policy) {
        case IsolatedPolicy::admit: return "admit";
        case IsolatedPolicy::refuse: return "refuse";
        case IsolatedPolicy::ask: return "ask";
    }
    return "ask";
}

json::object validity_json(const Validity& validity) {
    json::object out{{"kind", to_string(validity.kind)}};
    if (validity.from) out["from"] = format_date(*validity.from);
    if (validity.to) out["to"] = format_date(*validity.to);
    return out;
}

json::object product_json(const Product& product) {
    json::array prices;
    for (const auto& price : product.prices)
        prices.push_back({{"from", format_date(price.from)}, {"price_minor", price.price.value}});
    json::array zones;
    for (const auto& zone : product.zones) zones.emplace_back(zone.value);
    json::object out{{"id", product.id.value},
                     {"name", words_json(product.name)},
                     {"price_minor", product.price.value},
                     {"prices", std::move(prices)},
                     {"persons", product.persons},
                     {"entries", product.entries},
                     {"reentry", product.reentry},
                     {"companions", product.companions},
                     {"validity", validity_json(product.validity)},
                     {"zones", std::move(zones)},
                     {"check_id", product.check_id},
                     {"isolated", to_string(product.isolated)}};
    if (product.sold_from) out["sold_from"] = format_date(*product.sold_from);
    if (product.sold_to) out["sold_to"] = format_date(*product.sold_to);
    return out;
}

json::object concession_json(const ConcessionKind& kind) {
    json::object out{{"class", kind.id.value}, {"name", words_json(kind.name)}};
    if (kind.percent) out["percent"] = *kind.percent;
    return out;
}

json::object session_json(const Session& session, const VenueCalendar& calendar) {
    return {{"id", session.id.value},
            {"product", session.product.value},
            {"starts", calendar.format_rfc3339(session.starts)},
            {"ends", calendar.format_rfc3339(session.ends)},
            {"capacity", session.capacity},
            {"paper_slice", session.paper_slice}};
}

json::object operator_json(const Operator& who) {
    json::array roles;
    for (const auto role : who.roles) roles.emplace_back(to_string(role));
    return {{"name", who.name.value}, {"roles", std::move(roles)}};
}

template <class T, class Write>
json::array array_of(const std::vector<T>& things, Write write) {
    json::array out;
    out.reserve(things.size());
    for (const auto& thing : things) out.emplace_back(write(thing));
    return out;
}

}  // namespace

Result<CatalogueBody> parse_catalogue(std::string_view text) {
    const auto body = parse_json(text, catalogue_limits);
    if (!body) return body.error();
    return read_catalogue(*body);
}

Result<CatalogueBody> read_catalogue(const json::value& body) {
    JsonFault fault;
    JsonReader in{fault, body};
    auto read = read_body(in);
    in.finish();
    if (fault.error) return *fault.error;
    const auto checked = check_catalogue(read.catalogue);
    if (!checked) return checked.error();
    return read;
}

json::value catalogue_json(const Catalogue& catalogue, const VenueCalendar& calendar, std::string_view currency) {
    const auto zone_json = [](const Zone& zone) {
        return json::object{{"id", zone.id.value}, {"name", words_json(zone.name)}};
    };
    const auto limits = catalogue.limits;
    json::object out{{"version", catalogue.version}};
    if (!currency.empty()) out["currency"] = currency;
    json::object lists{
        {"zones", array_of(catalogue.zones, zone_json)},
        {"products", array_of(catalogue.products, product_json)},
        {"concessions", array_of(catalogue.concessions, concession_json)},
        {"sessions", array_of(catalogue.sessions, [&](const Session& s) { return session_json(s, calendar); })},
        {"operators", array_of(catalogue.operators, operator_json)},
        {"limits",
         {{"unverified_total_minor", limits.unverified_total.value},
          {"refund_supervisor_minor", limits.refund_supervisor_minor},
          {"session_grace_min", limits.session_grace_min}}}};
    for (auto& list : lists) out[list.key()] = std::move(list.value());
    return out;
}

}  // namespace gatehouse
