// What a venue sells and who works there: central publishes it, whole and versioned, as records of node 0.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/ids.hpp"
#include "schemas/base/money.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse {

// A name shown to people, in both languages.
struct Words {
    std::string zh;
    std::string en;
    friend bool operator==(const Words&, const Words&) = default;
    template <class A>
    void serialize(A& a) {
        a(zh, en);
    }
};

struct Zone {
    ZoneId id;
    Words name;
    friend bool operator==(const Zone&, const Zone&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, name);
    }
};

struct PriceFrom {
    Date from;  // business date from which the price holds
    Minor price;
    friend bool operator==(const PriceFrom&, const PriceFrom&) = default;
    template <class A>
    void serialize(A& a) {
        a(from, price);
    }
};

enum class ValidityKind : std::uint8_t {
    day = 0,      // the business date of the sale
    session = 1,  // the session named at the sale
    range = 2,    // from..to, business dates, both included
};
constexpr unsigned enum_count(ValidityKind) { return 3; }

struct Validity {
    ValidityKind kind{};
    std::optional<Date> from;
    std::optional<Date> to;
    friend bool operator==(const Validity&, const Validity&) = default;
    template <class A>
    void serialize(A& a) {
        a(kind, from, to);
    }
};

// What a gate does with this product's tickets while it is isolated (edge/admission): see Reason::policy_isolated.
enum class IsolatedPolicy : std::uint8_t { admit = 0, refuse = 1, ask = 2 };
constexpr unsigned enum_count(IsolatedPolicy) { return 3; }

struct Product {
    ProductId id;
    Words name;
    Minor price;
    std::vector<PriceFrom> prices;  // later prices, ascending by `from`
    std::uint16_t persons = 1;      // a ticket; 0: the sale says how many (group ticket)
    std::uint16_t entries = 1;
    bool reentry = false;
    std::uint16_t companions = 0;  // at most so many free persons beside each scan
    Validity validity;
    std::vector<ZoneId> zones;
    bool check_id = false;
    IsolatedPolicy isolated = IsolatedPolicy::admit;
    std::optional<Date> sold_from;
    std::optional<Date> sold_to;
    friend bool operator==(const Product&, const Product&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, name, price, prices, persons, entries, reentry, companions, validity, zones, check_id, isolated,
          sold_from, sold_to);
    }
};

struct ConcessionKind {
    ConcessionClass id;
    Words name;
    std::optional<std::uint16_t> percent;  // of the price that is paid; absent: free (0)
    friend bool operator==(const ConcessionKind&, const ConcessionKind&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, name, percent);
    }
};

struct Session {
    SessionId id;
    ProductId product;
    WallTime starts;
    WallTime ends;
    std::uint32_t capacity = 0;
    std::uint32_t paper_slice = 0;  // of the capacity, kept for paper sales
    friend bool operator==(const Session&, const Session&) = default;
    template <class A>
    void serialize(A& a) {
        a(id, product, starts, ends, capacity, paper_slice);
    }
};

enum class Role : std::uint8_t {
    clerk = 0,
    attendant = 1,
    supervisor = 2,
    operator_ = 3,  // NOLINT(readability-identifier-naming): a keyword without
    manager = 4,
    auditor = 5,
    administrator = 6
};
constexpr unsigned enum_count(Role) { return 7; }
[[nodiscard]] std::string_view to_string(Role role);  // "clerk", …, "operator", …
// The refusal of somebody who has none of them: it names them.
[[nodiscard]] Error needs_role(std::span<const Role> roles);

struct Operator {
    OperatorName name;
    std::vector<Role> roles;
    std::string pin_hash;  // Argon2id string over HMAC(venue pepper, PIN); redacted in exports, never returned
    friend bool operator==(const Operator&, const Operator&) = default;
    template <class A>
    void serialize(A& a) {
        a(name, roles, pin_hash);
    }
};

struct Limits {
    Minor unverified_total{100'000};                 // a node's open unverified tenders
    std::uint32_t refund_supervisor_minor = 50'000;  // a refund above it needs a supervisor
    std::uint32_t session_grace_min = 30;            // a session ticket opens so long before `starts`
    friend bool operator==(const Limits&, const Limits&) = default;
    template <class A>
    void serialize(A& a) {
        a(unverified_total, refund_supervisor_minor, session_grace_min);
    }
};

struct Catalogue {
    std::uint64_t version = 0;  // 0: none received yet
    std::vector<Zone> zones;
    std::vector<Product> products;
    std::vector<ConcessionKind> concessions;
    std::vector<Session> sessions;
    std::vector<Operator> operators;
    Limits limits;
    friend bool operator==(const Catalogue&, const Catalogue&) = default;
    template <class A>
    void serialize(A& a) {
        a(version, zones, products, concessions, sessions, operators, limits);
    }

    [[nodiscard]] const Product* product(const ProductId& id) const;
    [[nodiscard]] const Session* session(const SessionId& id) const;
    [[nodiscard]] const ConcessionKind* concession(const ConcessionClass& id) const;
    [[nodiscard]] const Operator* operator_named(const OperatorName& name) const;
};

// The price of `product` on a business date: the last of `prices` whose date has come, else `price`.
[[nodiscard]] Minor price_on(const Product& product, Date business_date);

// `price` reduced for a concession, rounded down to a whole minor unit.
[[nodiscard]] Minor reduced(Minor price, const ConcessionKind& concession);

// What one ticket costs on a business date: price_on, for a group product (persons 0) times `persons`, then reduced.
// Nothing when it passes largest_amount. `concession` may be null.
[[nodiscard]] std::optional<Minor> ticket_price(const Product& product, std::uint16_t persons,
                                                const ConcessionKind* concession, Date business_date);

}  // namespace gatehouse
