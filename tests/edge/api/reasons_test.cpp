// Every word of schemas/base/why.hpp, from a call that makes it to the problem that a page gets.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <functional>
#include <set>
#include <string>
#include <thread>

#include "edge/ticketing/shift.hpp"
#include "schemas/json/catalogue_json.hpp"
#include "schemas/json/json_reader.hpp"
#include "schemas/words/why_words.hpp"
#include "sync/central/access.hpp"
#include "sync/central/example_catalogue.hpp"
#include "sync/central/order_import.hpp"
#include "sync/central/venue_desk.hpp"
#include "sync/web/problem.hpp"
#include "tests/edge/desk/desk_rig.hpp"
#include "tests/sync/central/central_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::central::testing::TestCentral;
using gatehouse::test::DeskRig;
using gatehouse::test::sale_of;
namespace json = boost::json;

namespace {

std::set<std::string> parameters(std::string_view text) {
    std::set<std::string> names;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
        names.emplace(text.substr(open + 1, text.find('}', open) - open - 1));
    return names;
}

// What was refused so far. Each refusal is held against what it should say, "between least=1 most=99", and against its
// words in both languages, which may name nothing that the refusal does not.
struct Refusals {
    std::set<std::string> words;

    void take(const json::value& problem, const std::string& expected) {
        CAPTURE(expected);
        const auto& members = problem.as_object();
        REQUIRE_MESSAGE(members.contains("reason"), json::serialize(problem));
        const auto word = json::value_to<std::string>(members.at("reason"));
        std::string said = word;
        std::set<std::string> named;
        if (const auto* values = members.if_contains("reason_values"))
            for (const auto& [name, value] : values->as_object()) {
                named.emplace(name);
                said += ' ' + std::string{name} + '=' + json::value_to<std::string>(value);
            }
        CHECK(said == expected);
        // A row of an import has no code: it is an invalid_body.
        const auto* code = members.if_contains("code");
        const bool value = code == nullptr || *code == "invalid_body";
        const auto* text = why_text((value ? "fault_" : "refused_") + word);
        REQUIRE_MESSAGE(text != nullptr, word);
        for (const auto& one : {text->zh, text->en})
            for (const auto& name : parameters(one)) CHECK(named.contains(name));
        words.insert(word);
    }
    void take(const Error& error, const std::string& expected) {
        take(json::parse(sync::problem(error).body), expected);
    }
    template <class T>
    void take(const Result<T>& result, const std::string& expected) {
        REQUIRE_FALSE_MESSAGE(result, expected);
        take(result.error(), expected);
    }
};

void refuse_bodies(Refusals& seen) {
    const auto read = [&](const json::value& body, const std::function<void(JsonReader&)>& ask,
                          const std::string& expected) {
        JsonFault fault;
        JsonReader in{fault, body};
        ask(in);
        in.finish();
        REQUIRE_MESSAGE(fault.error, expected);
        seen.take(*fault.error, expected);
    };
    const auto nothing = [](JsonReader&) {};
    const auto text = [](JsonReader& in) { in.text("a", 3); };
    const auto number = [](JsonReader& in) { in.integer<int>("a", 1, 99); };
    read(json::array{}, nothing, "form");
    read({{"b", 1}}, nothing, "unknown");
    read(json::object{}, text, "missing");
    read({{"a", ""}}, text, "missing");
    read({{"a", "four"}}, text, "too_long");
    read({{"a", 1}}, text, "form");
    read({{"a", "\n"}}, text, "form");
    read({{"a", "one"}}, number, "whole");
    read({{"a", 100}}, number, "between least=1 most=99");
    read({{"a", 1}}, [](JsonReader& in) { in.boolean("a"); }, "form");
    read({{"a", "A!"}}, [](JsonReader& in) { in.named<NodeName>("a"); }, "name");
    read({{"a", "A!"}}, [](JsonReader& in) { in.named<ClientId>("a"); }, "form");
    read({{"a", {"A!"}}}, [](JsonReader& in) { in.names<ZoneId>("a", 1, 2); }, "name");
    read({{"a", 1}}, [](JsonReader& in) { in.names<ZoneId>("a", 1, 2); }, "form");
    read({{"a", json::array{}}}, [](JsonReader& in) { in.names<ZoneId>("a", 1, 2); }, "count least=1 most=2");
    read({{"a", "soon"}}, [](JsonReader& in) { in.date("a"); }, "date");
    read({{"a", "soon"}}, [](JsonReader& in) { in.moment("a"); }, "date");
    read({{"a", "7-1"}}, [](JsonReader& in) { in.ticket_id("a"); }, "ticket");
    read({{"a", {"7-1"}}}, [](JsonReader& in) { in.ticket_ids("a", 1, 2); }, "ticket");
    // The path of a nested field is put before it, and takes nothing away.
    read(
        {{"lines", {{{"n", 0}}}}},
        [](JsonReader& in) {
            for (auto& line : in.objects("lines", 1, 2)) line.integer<int>("n", 1, 9);
        },
        "between least=1 most=9");
}

const WallTime midnights[]{WallTime{1'800'000'000'000 - 1'800'000'000'000 % 86'400'000}};

void refuse_catalogues(Refusals& seen) {
    const auto changed = [&](const std::string& expected, const std::function<void(Catalogue&)>& change) {
        auto catalogue = central::example_catalogue(midnights, "hash");
        change(catalogue);
        seen.take(check_catalogue(catalogue), expected);
    };
    REQUIRE(check_catalogue(central::example_catalogue(midnights, "hash")));
    changed("name", [](Catalogue& c) { c.zones[0].id = ZoneId{"A!"}; });
    changed("twice", [](Catalogue& c) { c.zones.push_back(c.zones[0]); });
    changed("twice", [](Catalogue& c) { c.products[0].zones.push_back(c.products[0].zones[0]); });
    changed("twice", [](Catalogue& c) { c.operators[0].roles.push_back(Role::administrator); });
    changed("both_languages most=120", [](Catalogue& c) { c.zones[0].name.en = ""; });
    changed("range", [](Catalogue& c) { c.products[0].price = Minor{-1}; });
    changed("range", [](Catalogue& c) { c.products[0].entries = 0; });
    changed("range", [](Catalogue& c) { c.products[0].companions = 256; });
    changed("range", [](Catalogue& c) { c.concessions[0].percent = std::uint16_t{101}; });
    changed("range", [](Catalogue& c) { c.sessions[0].paper_slice = 201; });
    changed("missing", [](Catalogue& c) { c.products[0].validity.kind = ValidityKind::range; });
    changed("no_range", [](Catalogue& c) { c.products[0].validity.from = Date{1}; });
    changed("order", [](Catalogue& c) { c.products[0].sold_from = Date{2}, c.products[0].sold_to = Date{1}; });
    changed("order", [](Catalogue& c) { c.sessions[0].ends = c.sessions[0].starts; });
    changed("count least=1 most=8", [](Catalogue& c) { c.products[0].zones.clear(); });
    changed("unknown", [](Catalogue& c) { c.products[0].zones = {ZoneId{"nowhere"}}; });
    changed("unknown", [](Catalogue& c) { c.sessions[0].product = ProductId{"nothing"}; });
    changed("no_sessions", [](Catalogue& c) { c.sessions[0].product = ProductId{"adult"}; });
    changed("date", [](Catalogue& c) { ++c.sessions[0].starts.value; });
    changed("date", [](Catalogue& c) { ++c.sessions[0].ends.value; });
    changed("missing", [](Catalogue& c) { c.operators[0].roles.clear(); });
    changed("no_administrator", [](Catalogue& c) { c.operators[0].roles = {Role::clerk}; });
    changed("no_code", [](Catalogue& c) {
        for (std::size_t i = 0; i < 8; ++i)
            c.zones.push_back({ZoneId{"a-long-zone-" + std::to_string(i)}, {"区", "Z"}});
        c.products[0].zones.clear();
        for (std::size_t i = 2; i < 10; ++i) c.products[0].zones.push_back(c.zones[i].id);
    });
    changed("large_catalogue", [](Catalogue& c) { c.operators[0].pin_hash.assign(600'000, 'a'); });
}

void refuse_central(Refusals& seen) {
    const auto now = central::example_catalogue(midnights, "hash");
    const SessionId session{"show-1-am"};
    const auto publish = [&](const std::string& expected, const std::function<void(Catalogue&)>& change, bool may) {
        auto next = now;
        change(next);
        seen.take(central::publish_catalogue(now, next, now.version, may, {{session, {30, 0}}}), expected);
    };
    publish("granted session=show-1-am", [](Catalogue& c) { c.sessions.erase(c.sessions.begin()); }, true);
    publish("granted_units units=30", [](Catalogue& c) { c.sessions[0].capacity = 40; }, true);
    publish(
        "no_administrator", [](Catalogue& c) { c.operators = {{OperatorName{"new"}, {Role::administrator}, {}}}; },
        true);
    publish("not_administrator", [](Catalogue& c) { c.operators[0].roles.push_back(Role::clerk); }, false);

    const std::vector<central::KnownNode> nodes{{NodeId{1}, NodeName{"booth"}, false},
                                                {NodeId{2}, NodeName{"gate-a"}, true}};
    seen.take(central::grant_lease(now, nodes, {}, {NodeId{2}, session, 1}), "node_revoked name=gate-a");
    seen.take(central::grant_lease(now, nodes, {}, {NodeId{1}, session, 0}), "range");
    seen.take(central::grant_lease(now, nodes, {170, 0}, {NodeId{1}, session, 11}), "units_left units=10");
    seen.take(central::issue_token(nodes, NodeName{"booth"}, {}, {}), "node_name name=booth");
    seen.take(central::issue_token(nodes, NodeName{"A!"}, {}, {}), "name");
    seen.take(central::revoke_node(nodes, {NodeId{1}, Epoch{0}, Seq{1}, "lost"}), "range");
    seen.take(central::revoke_node(nodes, {NodeId{1}, Epoch{1}, Seq{1}, ""}), "octets most=500");
    seen.take(central::revoke_ticket({TicketId{}, "lost"}), "ticket");
    seen.take(central::request_resync(nodes, {NodeId{1}, Epoch{1}, Seq{2}, Seq{1}}), "order");
}

void refuse_orders(Refusals& seen) {
    using central::OrderColumns;
    const std::vector<std::string> header{"code",    "order",   "channel",    "product",
                                          "persons", "entries", "valid_from", "valid_to"};
    const std::vector<std::string> good{"ABC", "o-1", "ota", "adult", "2", "1", "2026-05-01", "2026-05-03"};
    seen.take(OrderColumns::of({"seat"}), "column column=1");
    seen.take(OrderColumns::of({"code", "code"}), "column column=code");
    seen.take(OrderColumns::of({"code"}), "column column=order");
    const auto columns = OrderColumns::of(header).value();
    seen.take(columns.read({"one", "two"}), "fields count=2");
    const auto catalogue = central::example_catalogue(midnights, "hash");
    const auto row = [&](std::size_t at, const std::string& value, const std::string& expected) {
        auto fields = good;
        fields[at] = value;
        central::OrderJudge judge{catalogue};
        const auto refused = judge.judge(2, columns.read(fields), {}).why;
        REQUIRE_MESSAGE(refused, expected);
        seen.take(*refused, expected);
    };
    row(0, "A B", "printable most=128");
    row(1, "", "octets most=64");
    row(2, std::string(65, 'a'), "octets most=64");
    row(3, "nothing", "unknown");
    row(4, "0", "between least=1 most=1000");
    row(5, "1001", "between least=1 most=1000");
    row(4, "two", "whole");
    row(5, "", "whole");
    row(6, "soon", "date");
    row(7, "soon", "date");
    row(7, "2026-04-30", "order");
}

// What only a whole central says, as HTTP has it.
void refuse_calls(Refusals& seen) {
    TestCentral central;
    central.login_admin();
    const auto current = central.call("GET", "catalogue");
    const auto check = [&](const std::string& expected, const std::function<void(json::object&)>& change) {
        auto body = current.body;
        change(body.as_object());
        seen.take(central.call("POST", "catalogue/check", body, {{"If-Match", current.field("etag")}}).body, expected);
    };
    check("currency currency=CNY", [](json::object& c) { c["currency"] = "EUR"; });
    const auto person = [](json::object& c) -> json::object& { return c["operators"].as_array()[0].as_object(); };
    check("pin", [&](json::object& c) { person(c)["pin"] = "12"; });
    check("unknown", [&](json::object& c) { person(c)["roles"] = {"king"}; });
    seen.take(central.call("GET", "reports/sales?business_date=soon").body, "date");

    std::string file = "code,order,channel,product,persons,entries,valid_from,valid_to\n";
    for (int i = 0; i < 998; ++i) file += "A" + std::to_string(i) + ",o,ota,adult,1,1,2026-05-01,2026-05-03\n";
    file += "A0,other,ota,adult,1,1,2026-05-01,2026-05-03\n";
    file += "B,o,ota,adult,0,1,2026-05-01,2026-05-03\n";
    const auto answer = central.send("POST", "orders/import", file + "a\"b\n", "text/csv");
    REQUIRE_MESSAGE(answer.status == 200, answer.text);
    const auto& rows = answer["rows"].as_array();
    REQUIRE(rows.size() == 1'001);
    seen.take(rows[998], "order_has_it");
    seen.take(rows[999], "between least=1 most=1000");
    seen.take(rows[1'000], "rest_unread");
}

// A port that answers whatever comes with these octets, once.
class RawPort {
public:
    explicit RawPort(Bytes answer) : answer_(std::move(answer)) {}
    [[nodiscard]] std::string address() const {
        return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    void serve() {
        boost::system::error_code ignored;
        auto socket = acceptor_.accept(ignored);
        std::array<char, 4096> asked{};
        socket.read_some(boost::asio::buffer(asked), ignored);
        boost::asio::write(socket, boost::asio::buffer(answer_), ignored);
    }
    Bytes answer_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::jthread thread_{[this] { serve(); }};
};

void refuse_connections(Refusals& seen) {
    const auto ask = [&](const std::string& url, const sync::TlsTrust& trust, const std::string& word) {
        auto client = sync::HttpClient::make({.url = url, .unix_socket = {}, .trust = trust});
        REQUIRE(client);
        const auto answer = client->request("GET", "/");
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code ==
              (word == "untrusted" || word == "other_central" ? ErrorCode::unauthenticated : ErrorCode::unavailable));
        seen.take(answer, word + " where=" + url);
    };
    TestCentral central;
    const auto secure = central.central->sync_address();
    const auto plain = central.central->api_address();
    ask("https://" + secure, sync::TrustSystem{}, "untrusted");
    ask("https://" + secure, sync::TrustFingerprint{}, "other_central");
    ask("https://" + plain, sync::TrustSystem{}, "not_tls");
    ask("http://" + secure, sync::TrustSystem{}, "tls_wanted");
    const RawPort refusing{{0x15, 3, 3, 0, 2, 2, 40}};  // alert: handshake_failure
    ask("https://" + refusing.address(), sync::TrustSystem{}, "tls_refused");
    const RawPort alarmed{{0x15, 3, 3, 0, 2, 2, 70}};  // alert: protocol_version
    ask("http://" + alarmed.address(), sync::TrustSystem{}, "tls_wanted");
    const RawPort silent{{}};
    ask("https://" + silent.address(), sync::TrustSystem{}, "tls_refused");
}

void refuse_roles(Refusals& seen) {
    DeskRig rig;
    seen.take(rig.ask("clerk1", OrderResync{Seq{1}, Seq{1}}), "roles roles=operator");
    seen.take(central::needs_role_for(central::Right::write_operators), "roles roles=administrator");
    seen.take(central::needs_role_for(central::Right::revoke_nodes), "roles roles=operator");
}

void refuse_sales(Refusals& seen) {
    DeskRig rig;
    rig.open_shift();
    const auto sell = [&](const std::string& expected, const char* product, const std::function<void(Sell&)>& change) {
        auto sale = sale_of(("s-" + std::to_string(rig.next_id++)).c_str(), product, 1, test::much_cash);
        change(sale);
        seen.take(rig.ask("clerk1", sale), expected);
    };
    const auto pay = [](TenderKind kind, std::int64_t amount, const std::string& reference) {
        return [=](Sell& s) { s.tenders = {{kind, Minor{amount}, reference}}; };
    };
    sell("unknown", "adult", [](Sell& s) { s.window = WindowName{"window-9"}; });
    sell("unknown", "nothing", [](Sell&) {});
    sell("range", "adult", [](Sell& s) { s.lines[0].quantity = 0; });
    sell("range", "group", [](Sell& s) { s.lines[0].persons = std::uint16_t{0}; });
    sell("needs_session", "show", [](Sell&) {});
    sell("unknown", "show", [](Sell& s) { s.lines[0].session = SessionId{"none"}; });
    sell("units_left units=0", "show", [](Sell& s) { s.lines[0].session = SessionId{"s1"}; });
    sell("unknown", "adult", [](Sell& s) { s.lines[0].concession = Concession{ConcessionClass{"king"}, "crown"}; });
    sell("missing", "adult", [](Sell& s) { s.lines[0].concession = Concession{ConcessionClass{"student"}, ""}; });
    sell("range", "adult", pay(TenderKind::cash, -1, ""));
    sell("missing", "adult", pay(TenderKind::agency, 8'000, ""));
    sell("card_number", "adult", pay(TenderKind::card, 8'000, "4111111111111111"));
    sell("too_long", "adult", pay(TenderKind::card, 8'000, std::string(limits::text + 1, 'x')));
    sell("too_much", "adult", pay(TenderKind::card, 9'000, "t1"));
    auto past = test::rig_catalogue();
    past.version = 2;
    past.products[0].sold_to = Date{1};
    rig.central(CataloguePublished{past});
    rig.store_foreign();
    sell("not_on_sale", "adult", [](Sell&) {});
    rig.clock.now += std::chrono::hours{2};
    rig.clock.wall.value += 2 * 3'600'000;
    sell("over", "show", [](Sell& s) { s.lines[0].session = SessionId{"s1"}; });
}

void refuse_afterwards(Refusals& seen) {
    DeskRig rig;
    rig.open_shift();
    rig.open_shift("boss");
    const auto sold = rig.sell("adult", 3);
    const auto ticket = [&](std::size_t i) { return sold.tickets[i].id; };
    const auto refund = [&](std::vector<TicketId> tickets, const char* reason) {
        return rig.ask("clerk1", MakeRefund{ClientId{"r"}, sold.sale, {}, std::move(tickets), reason});
    };
    const auto reprint = [&](TicketId id, const char* window) {
        return rig.ask("clerk1", MakeReprint{ClientId{"p"}, id, WindowName{window}, "torn"});
    };
    seen.take(refund({}, ""), "missing");
    seen.take(refund({ticket(0), ticket(0)}, "rain"), "twice");
    seen.take(reprint(ticket(0), "window-2"), "no_printer");
    (void)rig.must<ReissueReply>("boss", MakeReissue{ClientId{"i"}, ticket(1), {}, "lost", {}});
    rig.central(TicketRevoked{ticket(2), "charged back"});
    rig.store_foreign();
    for (const auto& [i, word] : {std::pair{1U, "ticket_replaced"}, std::pair{2U, "ticket_revoked"}}) {
        const auto expected = std::string{word} + " ticket=" + to_string(ticket(i));
        seen.take(refund({ticket(i)}, "rain"), expected);
        seen.take(reprint(ticket(i), "window-1"), expected);
        seen.take(rig.ask("boss", MakeReissue{ClientId{"j"}, ticket(i), {}, "lost", {}}), expected);
    }

    const auto camp = rig.sell("camp");
    CHECK(rig.scan("lane-2", camp.tickets[0].code, 1).decision == Decision::admit);
    seen.take(rig.ask("boss", MakeReissue{ClientId{"k"}, camp.tickets[0].id, {}, "wet", {}}),
              "entry_open ticket=" + to_string(camp.tickets[0].id) + " persons=2");

    rig.other(9, EpochOpened{test::rig_certificate(9, "booth-9"), {}, {}, {}, "test"});
    TicketPayload payload;
    payload.id = {{NodeId{9}, Epoch{1}, Seq{2}}, 1};
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = Date{20'000};
    payload.zones = {ZoneId{"park"}};
    Sale forged;
    forged.id = ClientId{"of-9"};
    forged.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
    forged.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{8'000}, {}}};
    forged.total = Minor{8'000};
    forged.tickets = {*encode_payload(payload)};
    const auto of_9 = rig.other(9, std::move(forged));
    rig.central(NodeRevoked{NodeId{9}, Epoch{1}, Seq{1}, "stolen"});
    rig.store_foreign();
    seen.take(rig.ask("boss", MakeRefund{ClientId{"f"}, of_9, {}, {}, "rain"}), "seller_revoked");
}

void refuse_shifts(Refusals& seen) {
    DeskRig rig;
    rig.open_shift();
    const auto open = [&](const char* window) { return OpenShift{ClientId{"o"}, WindowName{window}, Minor{0}}; };
    seen.take(rig.ask("clerk2", open("window-1")), "open_shift operator=clerk1");
    seen.take(rig.ask("clerk2", open("window-9")), "unknown");
    const auto move = [&](std::int64_t amount, const std::string& reason, const std::string& expected) {
        seen.take(rig.ask("clerk1", MoveCash{ClientId{"m"}, {}, CashDirection::pay_in, Minor{amount}, reason, false}),
                  expected);
    };
    move(0, "change", "range");
    move(1, "", "missing");
    move(1, std::string(limits::text + 1, 'x'), "too_long");
    move(large_cash_move.value, "change", "large least=100000");
    const auto let = [&](const char* reason, std::optional<Direction> direction) {
        return rig.ask("gate1", LetThrough{{}, LaneName{"lane-1"}, 1, reason, direction});
    };
    seen.take(let("", {}), "missing");
    seen.take(let("pram", Direction::exit), "other_way");
    seen.take(rig.ask("ops", OrderResync{Seq{3}, Seq{2}}), "order");
}

}  // namespace

TEST_CASE("every word for why something is refused comes with it to the pages, which have a text for it") {
    Refusals seen;
    refuse_bodies(seen);
    refuse_catalogues(seen);
    refuse_central(seen);
    refuse_orders(seen);
    refuse_calls(seen);
    refuse_sales(seen);
    refuse_afterwards(seen);
    refuse_shifts(seen);
    refuse_connections(seen);
    refuse_roles(seen);
    CHECK(to_string(Why::none) == "none");
    CHECK(to_string(static_cast<Why>(enum_count(Why{}) - 1)) == "tls_refused");
    for (unsigned i = 1; i < enum_count(Why{}); ++i)
        CHECK_MESSAGE(seen.words.contains(std::string{to_string(static_cast<Why>(i))}), to_string(static_cast<Why>(i)));
    CHECK(seen.words.size() == enum_count(Why{}) - 1);
}
