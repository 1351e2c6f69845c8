// Nodes and central over real links: enrolment, replay, receipts, leases, revocation, reports.
#include "sync/central/exchange.hpp"

#include "schemas/ticket/ticket_code.hpp"
#include "tests/sync/central/node_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::central;
using namespace gatehouse::central::testing;

namespace {

constexpr std::string_view date = "2024-10-04";  // day 20,000

ShiftOpened shift() { return {ClientId{"shift-1"}, WindowName{"window-1"}, Minor{10'000}}; }

// One adult for 80.00, paid in cash with 100.00.
Sale sale(const TestNode& node, RecordRef shift_ref, Seq seq, const std::string& client) {
    TicketPayload payload;
    payload.id = {{node.grant.node, Epoch{1}, seq}, 1};
    payload.product = ProductId{"adult"};
    payload.valid_from = payload.valid_to = node.business_date;
    payload.zones = {ZoneId{"park"}};
    payload.companions = 1;
    payload.reentry = true;
    Sale body;
    body.id = ClientId{client};
    body.window = WindowName{"window-1"};
    body.shift = shift_ref;
    body.catalogue_version = 1;
    body.lines = {{ProductId{"adult"}, 1, 1, {}, {}, Minor{8'000}}};
    body.tenders = {{TenderKind::cash, TenderState::confirmed, Minor{10'000}, ""}};
    body.total = Minor{8'000};
    body.change = Minor{2'000};
    body.tickets = {*encode_payload(payload)};
    return body;
}

Verdict admission(TicketId ticket) {
    Verdict body;
    body.lane = LaneName{"lane-1"};
    body.gate = GateName{"south"};
    body.zone = ZoneId{"park"};
    body.ticket = ticket;
    body.product = ProductId{"adult"};
    body.persons = 1;
    body.confirmation = Confirmation::at_once;
    return body;
}

std::string at_date(const char* report) {
    return std::string{"reports/"} + report + "?business_date=" + std::string{date};
}

}  // namespace

TEST_CASE("a token makes one node, with a number of its own, once") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    CHECK(booth.grant.node == NodeId{1});
    CHECK(booth.grant.venue.time_zone == "Asia/Shanghai");
    CHECK(booth.grant.venue.cutover_min == 240);
    CHECK(verify_certificate(booth.grant.authority, booth.grant.venue.id, booth.grant.certificate));
    const auto url = "https://" + central.central->sync_address();
    const auto again = sync::enrol(url, booth.token, NodeName{"booth"}, SigningKey::generate(), sync::make_tls_key());
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::unauthenticated);
    CHECK(central.call("POST", "enrolment-tokens", {{"name", "booth"}}).status == 409);
    TestNode gate{central, "gate-a"};
    CHECK(gate.grant.node == NodeId{2});
    CHECK(central.call("GET", "nodes")["nodes"].as_array().size() == 2);
    CHECK(central.call("GET", "nodes/2")["name"] == "gate-a");
    CHECK(central.call("GET", "nodes/9").status == 404);
}

TEST_CASE("what a node sold and admitted is in central's reports, once, however often it is sent") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const auto opened = booth.append(shift(), OperatorName{"li"});
    for (int i = 0; i < 5; ++i) {
        const auto seq = Seq{3 + static_cast<std::uint64_t>(i) * 2};
        const auto sold = booth.append(sale(booth, opened.ref(), seq, "sale-" + std::to_string(i)), OperatorName{"li"});
        booth.append(admission({sold.ref(), 1}));
    }
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{12}; }));
    // Central's own journal came the other way: the catalogue, and this node's enrolment.
    REQUIRE(booth.run_until([&] { return booth.reader().catalogue_version() == 1; }));

    const auto sales = central.call("GET", at_date("sales"));
    REQUIRE_MESSAGE(sales.status == 200, sales.text);
    CHECK(sales["totals"].as_object().at("net_minor") == 40'000);
    CHECK(sales["totals"].as_object().at("tickets") == 5);
    CHECK(sales["rows"].as_array().at(0).as_object().at("node_name") == "booth");
    CHECK(sales["completeness"].as_object().at("complete") == json::array{1});
    const auto admissions = central.call("GET", at_date("admissions"));
    CHECK(admissions["totals"].as_object().at("persons") == 5);
    CHECK(central.call("GET", at_date("shifts"))["shifts"].as_array().at(0).as_object().at("expected_minor") == 50'000);
    CHECK(central.call("GET", at_date("sales") + "&format=csv").text.find("booth,window-1") != std::string::npos);

    booth.resync(Seq{12});
    REQUIRE(booth.run_until([&] { return booth.resync_result && booth.resync_result->done; }));
    CHECK(booth.resync_result->duplicate == 12);
    CHECK(booth.resync_result->accepted == 0);
    const auto after = central.call("GET", at_date("sales"));
    CHECK(after["totals"] == sales["totals"]);
    CHECK(central.call("GET", "/metrics").text.find("central_ingest_events_total{result=\"duplicate\"} 12") !=
          std::string::npos);
}

TEST_CASE("a read that fails while nodes are served ends the server for recovery") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    {
        auto database = ledger::Database::open(central.settings.database, {});
        REQUIRE(database);
        REQUIRE(database->execute("DROP TABLE catalogue"));  // what is looked up of a node that acknowledges
    }
    CHECK_FALSE(central.broken);
    booth.connect();
    CHECK(booth.run_until([&] { return central.broken.load(); }));
}

TEST_CASE("replay goes on after central was restarted, and nothing is doubled") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    booth.connect();
    const auto opened = booth.append(shift(), OperatorName{"li"});
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{2}; }));
    booth.disconnect();
    booth.append(sale(booth, opened.ref(), Seq{3}, "sale-1"), OperatorName{"li"});
    // Of this day more may come: the node is missing, and central says since when.
    const auto gone = [&] { return central.call("GET", "nodes/1")["connected"] == false; };
    REQUIRE(booth.run_until(gone));
    const auto today = central.call("GET", "completeness");
    CHECK(today["complete"].as_array().empty());
    REQUIRE(today["missing"].as_array().size() == 1);
    CHECK_FALSE(today["missing"].as_array()[0].as_object().at("last_known").is_null());
    central.restart();
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{3}; }));
    CHECK(central.call("GET", at_date("sales"))["totals"].as_object().at("net_minor") == 8'000);
}

TEST_CASE("what a node announced and did not bring is missing, also after central was restarted") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{1}; }));
    booth.disconnect();
    for (int i = 0; i < 4; ++i) booth.append(shift(), OperatorName{"li"});
    booth.serving = false;
    booth.connect();
    const auto missing = [&] {
        std::int64_t records = 0;
        const auto today = central.call("GET", "completeness");
        for (const auto& node : today["missing"].as_array())
            records += node.as_object().at("missing_records").to_number<std::int64_t>();
        return records;
    };
    REQUIRE(booth.run_until([&] { return missing() == 4; }));
    booth.disconnect();
    central.restart();
    CHECK(missing() == 4);
}

TEST_CASE("a second history that shows in a signed head alone is a conflict, also after central was restarted") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    for (int i = 0; i < 4; ++i) booth.append(ShiftOpened{ClientId{"shift-" + std::to_string(i)}, WindowName{"w"}, {}});
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{5}; }));
    booth.disconnect();
    // A copy of the node's disk was used elsewhere: there the third record is another one.
    booth.pretended = sign_head(booth.signing, booth.grant.venue.id, booth.journal(), Seq{3}, Hash{7});
    booth.serving = false;
    booth.connect();
    const auto forks = [&] {
        json::array found;
        const auto answer = central.call("GET", "conflicts");
        for (const auto& conflict : answer.body.at("conflicts").as_array())
            if (conflict.as_object().at("kind") == "journal_fork") found.push_back(conflict);
        return found;
    };
    REQUIRE(booth.run_until([&] { return !forks().empty(); }));
    CHECK(forks()[0].as_object().at("id") == "journal_fork-1-1-3");
    booth.disconnect();
    central.restart();
    central.login_admin();
    CHECK(forks().size() == 1);
    auto reader = ledger::LedgerReader::open(central.settings.database);
    REQUIRE(reader);
    CHECK(reader->journal(booth.journal())->forked);
}

TEST_CASE("a node that asks is told central's time, with the round trip") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.time.has_value(); }));
    CHECK(booth.time->round > Duration::zero());
    CHECK(booth.time->round < std::chrono::seconds{5});
    // The same machine's clock: apart by no more than the round trip and what passed since.
    const auto passed = read_clock({}).wall.value - booth.time->wall.value;
    CHECK(passed > -5'000);
    CHECK(passed < 20'000);
}

TEST_CASE("leases never pass the capacity, and reach their node") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    booth.connect();
    const auto granted = central.call("POST", "leases", {{"node", 1}, {"session", "show-1-am"}, {"units", 150}});
    REQUIRE_MESSAGE(granted.status == 201, granted.text);
    const auto refused = central.call("POST", "leases", {{"node", "booth"}, {"session", "show-1-am"}, {"units", 31}});
    CHECK(refused.status == 409);
    CHECK(refused.code() == "no_units_left");
    CHECK(refused["units_left"] == 30);
    CHECK(central.call("POST", "leases", {{"node", 7}, {"session", "show-1-am"}, {"units", 1}}).status == 404);
    REQUIRE(booth.run_until([&] { return booth.reader().grants(NodeId{1}).size() == 1; }));
    const auto list = central.call("GET", "leases");
    CHECK(list["leases"].as_array().size() == 1);
    CHECK(list["sessions"].as_array().at(0).as_object().at("pool") == 30);
}

TEST_CASE(
    "a lease is for the epoch that central knows of its node, and what an earlier one was given is not given again") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const auto grant = [&] {
        const auto granted = central.call("POST", "leases", {{"node", 1}, {"session", "show-1-am"}, {"units", 50}});
        REQUIRE_MESSAGE(granted.status == 201, granted.text);
    };
    grant();  // nothing of the node is held yet: its first epoch is meant
    booth.begin_next_epoch();
    grant();
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{1}; }));
    grant();
    REQUIRE(booth.run_until([&] { return booth.reader().grants(NodeId{1}).size() == 3; }));
    std::vector<Epoch> epochs;
    for (const auto& lease : booth.reader().grants(NodeId{1})) epochs.push_back(lease.epoch);
    CHECK(epochs == std::vector{Epoch{1}, Epoch{1}, Epoch{2}});
    const auto list = central.call("GET", "leases");
    CHECK(list["leases"].as_array().at(2).as_object().at("epoch") == 2);
    CHECK(list["sessions"].as_array().at(0).as_object().at("pool") == 30);
}

TEST_CASE("a lease that is asked for again with its id is the same lease, also after central was restarted") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const json::value wanted{{"id", "lease-1"}, {"node", 1}, {"session", "show-1-am"}, {"units", 100}};
    const auto granted = central.call("POST", "leases", wanted);
    REQUIRE_MESSAGE(granted.status == 201, granted.text);
    const auto again = [&](const json::value& body) {
        const auto answer = central.call("POST", "leases", body);
        CHECK(answer.status == 201);
        return answer.body == granted.body;
    };
    CHECK(again(wanted));
    CHECK(again({{"id", "lease-1"}, {"node", "booth"}, {"session", "show-1-am"}, {"units", 100}}));
    central.restart();
    CHECK(again(wanted));
    const auto pool = [&] { return central.call("GET", "leases")["sessions"].as_array().at(0).as_object().at("pool"); };
    CHECK(pool() == 80);
    const json::value other{{"id", "lease-1"}, {"node", 1}, {"session", "show-1-am"}, {"units", 80}};
    CHECK(central.call("POST", "leases", other).status == 409);
    CHECK(central.call("POST", "leases", other).code() == "id_reused");
    CHECK(central.call("POST", "leases", {{"id", "a b"}, {"node", 1}, {"session", "show-1-am"}, {"units", 1}}).status ==
          422);
    // A refusal uses nothing up: what did not fit may be asked for with the same id once there is room.
    const json::value late{{"id", "lease-2"}, {"node", 1}, {"session", "show-1-am"}, {"units", 81}};
    CHECK(central.call("POST", "leases", late).code() == "no_units_left");
    CHECK(pool() == 80);
    // What was granted was granted, whatever became of the node since.
    REQUIRE(central.call("POST", "nodes/1/revoke", {{"last_seq", 1}, {"reason", "stolen"}}).status == 200);
    CHECK(again(wanted));
    CHECK(central.call("GET", "leases")["leases"].as_array().size() == 1);
}

TEST_CASE("an id that a node's clerk has used is still free for a lease of central's") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const auto opened = booth.append(shift(), OperatorName{"li"});
    booth.append(sale(booth, opened.ref(), Seq{3}, "sale-1"), OperatorName{"li"});
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{3}; }));
    const json::value wanted{{"id", "sale-1"}, {"node", 1}, {"session", "show-1-am"}, {"units", 10}};
    const auto granted = central.call("POST", "leases", wanted);
    CHECK(granted.status == 201);
    CHECK(central.call("POST", "leases", wanted).body == granted.body);
}

TEST_CASE("central says which catalogue a node acknowledged, also while the node is away and after a restart") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const auto held = [&] { return central.call("GET", "nodes/1")["catalogue"]; };
    const auto holds = [&](int version, int behind) {
        const auto now = held();
        return now.is_object() && now.at("version") == version && now.at("behind") == behind;
    };
    CHECK(held().is_null());
    booth.connect();
    REQUIRE(booth.run_until([&] { return holds(1, 0); }));
    const auto since = held().at("since");
    const auto publish = [&](const char* name) {
        REQUIRE(central.add_operators({{{"name", name}, {"roles", {"clerk"}}, {"pin", "4711"}}}).status == 200);
    };
    publish("li");
    REQUIRE(booth.run_until([&] { return holds(2, 0); }));
    booth.disconnect();
    publish("wang");
    CHECK(holds(2, 1));
    central.restart();
    CHECK(holds(2, 1));
    booth.connect();
    REQUIRE(booth.run_until([&] { return holds(3, 0); }));
    CHECK(held().at("since").as_string() >= since.as_string());
    CHECK(central.call("GET", "nodes")["nodes"].as_array().at(0).as_object().at("catalogue") == held());
}

TEST_CASE("a revoked node is not spoken to any more") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{1}; }));
    REQUIRE(central.call("POST", "nodes/1/revoke", {{"last_seq", 1}, {"reason", "stolen"}}).status == 200);
    REQUIRE(booth.run_until([&] { return !booth.closed.empty(); }));
    CHECK(central.call("GET", "nodes/1")["revoked"] == true);
    CHECK(central.call("POST", "leases", {{"node", 1}, {"session", "show-1-am"}, {"units", 1}}).status == 403);
    // Its name is free for another machine, with another number.
    TestNode other{central, "booth"};
    CHECK(other.grant.node == NodeId{2});
}

TEST_CASE("a double admission comes up as a conflict, and a person settles it once") {
    TestCentral central;
    central.login_admin();
    TestNode booth{central, "booth"};
    const auto opened = booth.append(shift(), OperatorName{"li"});
    const auto sold = booth.append(sale(booth, opened.ref(), Seq{3}, "sale-1"), OperatorName{"li"});
    const auto first = booth.append(admission({sold.ref(), 1}));
    booth.append(admission({sold.ref(), 1}));
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{5}; }));
    const auto list = central.call("GET", "conflicts?state=open");
    REQUIRE(list["conflicts"].as_array().size() == 1);
    const auto& conflict = list["conflicts"].as_array()[0].as_object();
    CHECK(conflict.at("kind") == "duplicate_admission");
    // The admission that was too many; the first use is named beside it.
    CHECK(conflict.at("evidence").as_array().size() == 1);
    CHECK(json::value_to<std::string>(conflict.at("detail")).find(to_string(first.ref())) != std::string::npos);
    const json::object facts{
        {"ticket", to_string(TicketId{sold.ref(), 1})}, {"persons", 1}, {"first_use", to_string(first.ref())}};
    CHECK(conflict.at("facts") == facts);
    CHECK(conflict.at("evidence").as_array()[0].as_object().at("persons") == 1);
    const auto& related = conflict.at("related").as_array();
    REQUIRE(related.size() == 2);
    CHECK(related[0].as_object().at("role") == "sold");
    CHECK(related[0].as_object().at("amount_minor") == 8'000);
    CHECK(related[0].as_object().at("operator") == "li");
    CHECK(related[1].as_object().at("role") == "first_use");
    CHECK(related[1].as_object().at("record") == json::value(to_string(first.ref())));
    CHECK(related[1].as_object().at("kind") == "verdict");
    CHECK(conflict.at("money_minor") == 8'000);
    const auto id = json::value_to<std::string>(conflict.at("id"));
    const auto path = "conflicts/" + id + "/resolve";
    const auto given = central.call("POST", "conflicts/" + id + "/assign", {{"operator", "admin"}, {"note", "today"}});
    REQUIRE_MESSAGE(given.status == 200, given.text);
    CHECK(given["state"] == "open");
    CHECK(given["assigned"] == "admin");
    CHECK(central.call("GET", "conflicts?state=open")["conflicts"].as_array()[0].as_object().at("assigned") == "admin");
    CHECK(central.call("POST", "conflicts/" + id + "/assign", {{"operator", "nobody"}}).status == 404);
    CHECK(central.call("POST", path, {{"outcome", "accepted"}, {"note", ""}}).status == 422);
    CHECK(central.call("POST", path, {{"outcome", "assigned"}, {"note", "n"}}).status == 422);
    const auto settled = central.call("POST", path, {{"outcome", "accepted"}, {"note", "seen on camera"}});
    REQUIRE_MESSAGE(settled.status == 200, settled.text);
    CHECK(settled["operator"] == "admin");
    CHECK_FALSE(settled.body.as_object().contains("assigned"));
    CHECK(central.call("GET", "conflicts?state=open")["conflicts"].as_array().empty());
    CHECK(central.call("GET", "conflicts?state=resolved")["conflicts"].as_array().size() == 1);
}

TEST_CASE(
    "a seller who pages learns of a use that one gate resolved before the other gate's admission came to central") {
    TestCentral central;
    central.login_admin();
    const auto order = [](const char* code) -> json::object {
        return {{"code", code}, {"order", "9"}, {"channel", "ota"},           {"product", "adult"},
                {"persons", 2}, {"entries", 1}, {"valid_from", "2024-10-04"}, {"valid_to", "2024-10-04"}};
    };
    const auto imported = central.call("POST", "orders/import", {{"orders", {order("OTA-1"), order("OTA-2")}}});
    REQUIRE_MESSAGE(imported["imported"] == 2, imported.text);
    const auto ticket = [&](std::size_t row) {
        const auto& id = imported["rows"].as_array().at(row).as_object().at("ticket");
        return *parse_ticket_id(json::value_to<std::string>(id));
    };
    TestNode gate_a{central, "gate-a"};
    TestNode gate_b{central, "gate-b"};
    auto waits = admission(ticket(0));
    waits.persons = 2;
    waits.confirmation = Confirmation::by_passage;
    const auto entered = gate_a.append(waits);
    gate_a.append(Passage{entered.ref(), PassageOutcome::unknown, Evidence::recovery, 2, 0});
    // An attendant at either gate asks, and writes down what the guests say.
    const Passage said{entered.ref(), PassageOutcome::turned, Evidence::attendant, 2, 0};
    gate_b.append(said);
    gate_b.append(admission(ticket(1)));
    gate_b.connect();
    REQUIRE(gate_b.run_until([&] { return gate_b.acknowledged() == Seq{3}; }));
    const auto before = central.call("GET", "redemptions");
    REQUIRE(before["redemptions"].as_array().size() == 1);
    CHECK(before["redemptions"].as_array()[0].as_object().at("code") == "OTA-2");
    gate_a.connect();
    REQUIRE(gate_a.run_until([&] { return gate_a.acknowledged() == Seq{3}; }));
    const auto since = [&](const Answer& page) {
        return central.call("GET", "redemptions?since=" + json::value_to<std::string>(page["next"]));
    };
    const auto after = since(before);
    REQUIRE(after["redemptions"].as_array().size() == 1);
    const auto& use = after["redemptions"].as_array()[0].as_object();
    CHECK(use.at("code") == "OTA-1");
    CHECK(use.at("persons") == 2);
    CHECK(use.at("record") == json::value(to_string(entered.ref())));
    gate_a.append(said);
    REQUIRE(gate_a.run_until([&] { return gate_a.acknowledged() == Seq{4}; }));
    CHECK(since(after)["redemptions"].as_array().empty());
    CHECK(since(after)["next"] == after["next"]);
    CHECK(central.call("GET", "conflicts")["conflicts"].as_array().empty());
}

TEST_CASE("a use and an unverified tender that a suspect clock wrote are listed on the date whose reports count them") {
    TestCentral central;
    central.login_admin();
    const json::object order{
        {"code", "OTA-1"}, {"order", "9"}, {"channel", "ota"},           {"product", "adult"},
        {"persons", 1},    {"entries", 1}, {"valid_from", "2024-10-04"}, {"valid_to", "2024-10-04"}};
    const auto imported = central.call("POST", "orders/import", {{"orders", {order}}});
    REQUIRE_MESSAGE(imported["imported"] == 1, imported.text);
    const auto& id = imported["rows"].as_array().at(0).as_object().at("ticket");
    TestNode booth{central, "booth"};
    const auto real_date = booth.business_date;
    booth.business_date = Date{0};
    booth.clock_quality = ClockQuality::suspect;
    const auto opened = booth.append(shift());
    auto unpaid = sale(booth, opened.ref(), Seq{3}, "c-1");
    unpaid.tenders = {{TenderKind::wechat, TenderState::unverified, Minor{8'000}, ""}};
    unpaid.change = Minor{0};
    booth.append(unpaid);
    booth.append(admission(*parse_ticket_id(json::value_to<std::string>(id))));
    booth.connect();
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{4}; }));
    struct Listed {
        json::value use, tender;
    };
    const auto listed = [&] {
        return Listed{central.call("GET", "redemptions")["redemptions"].as_array().at(0),
                      central.call("GET", "tenders/unverified")["tenders"].as_array().at(0)};
    };
    const auto on = [](const json::value& item) {
        return json::value_to<std::string>(item.at("business_date")) + " " +
               json::value_to<std::string>(item.at("time")).substr(0, 16);
    };
    CHECK(listed().use.at("business_date") == "1970-01-01");  // as the node wrote it, while nobody knows better
    CHECK(listed().tender.at("business_date") == "1970-01-01");

    booth.business_date = real_date;
    booth.clock_quality = ClockQuality::synced;
    constexpr std::int64_t noon = 20'000 * 86'400'000LL + 4 * 3'600'000LL;  // of 2024-10-04 at Shanghai
    booth.append(ClockCorrected{opened.header.boot, noon - opened.header.wall.value});
    REQUIRE(booth.run_until([&] { return booth.acknowledged() == Seq{5}; }));
    const auto said = listed();
    CHECK(on(said.use) == "2024-10-04 2024-10-04T12:00");
    CHECK(on(said.tender) == "2024-10-04 2024-10-04T12:00");
    CHECK(central.call("GET", at_date("sales"))["rows"].as_array().size() == 1);
    const auto settled =
        central.call("POST", "sales/" + json::value_to<std::string>(said.tender.at("sale")) + "/tenders/0/settle",
                     {{"state", "confirmed"}});
    REQUIRE_MESSAGE(settled.status == 200, settled.text);
    CHECK(on(settled.body) == "2024-10-04 2024-10-04T12:00");
}
