#include <doctest/doctest.h>

#include "schemas/crypto/certificate.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/link/log.hpp"
#include "tests/edge/daemon/test_venue.hpp"

namespace gatehouse::test {

namespace {

constexpr WallTime issued{1'700'000'000'000};
constexpr WallTime ends{4'000'000'000'000};
constexpr const char* time_zone = "Asia/Shanghai";

}  // namespace

Folder::Folder() : path_(std::filesystem::temp_directory_path() / ("gh-" + to_hex(random_bytes(6)))) {
    std::filesystem::create_directories(path_);
}
Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string HttpAnswer::text(std::string_view key) const {
    const auto* value = body.is_object() ? body.get_object().if_contains(key) : nullptr;
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}
std::int64_t HttpAnswer::number(std::string_view key) const {
    const auto* value = body.is_object() ? body.get_object().if_contains(key) : nullptr;
    return value != nullptr && value->is_int64() ? value->get_int64() : -1;
}

sync::HttpClient client_of(const std::string& address) {
    sync::HttpClientOptions options;
    options.url = "http://" + address;
    return sync::HttpClient::make(std::move(options)).value();
}

Browser::Browser(const std::string& address) : client_(client_of(address)) {}

HttpAnswer Browser::call(const std::string& method, const std::string& target, const boost::json::value& body,
                         sync::HttpFields fields) {
    if (!token.empty()) fields.push_back({"Authorization", "Bearer " + token});
    const auto response =
        client_.request(method, target, body.is_null() ? "" : boost::json::serialize(body), std::move(fields));
    REQUIRE_MESSAGE(response.has_value(), response.error().detail);
    const auto value = parse_json(response->body, {1U << 26U, 32});
    return {response->status, value ? *value : boost::json::value{response->body}};
}

bool eventually(const std::function<bool()>& there) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!there()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::mutex mutex;
        std::condition_variable never;
        std::unique_lock held{mutex};
        never.wait_for(held, std::chrono::milliseconds{10});
    }
    return true;
}

bool Browser::becomes_ready() {
    return eventually([this] { return get("/readyz").status == 200; });
}

void Browser::login(const std::string& name, const std::string& pin) {
    REQUIRE(becomes_ready());
    token.clear();
    const HttpAnswer answer = post("/api/v1/login", {{"operator", name}, {"pin", pin}});
    REQUIRE_MESSAGE(answer.status == 200, boost::json::serialize(answer.body));
    token = answer.text("token");
}

TestVenue::TestVenue() : ca_(sync::make_ca("test venue", issued, ends)) {
    random_bytes(venue_);
    random_bytes(pepper_);
    catalogue_ = make_catalogue();
    if (std::getenv("GATEHOUSE_TEST_LOG") != nullptr) log::start(log::Level::debug);
}

Result<sync::EnrolmentGrant> TestVenue::grant(const NodeName& name, const SigningKey& signing,
                                              const std::string& tls_key) {
    const auto request = sync::make_request(tls_key, name.value);
    if (!request) return request.error();
    auto certificate = sync::issue_tls_certificate(ca_, *request, name.value, issued, ends);
    if (!certificate) return certificate.error();
    sync::EnrolmentGrant granted;
    granted.node = NodeId{next_++};
    granted.certificate = issue_certificate(authority_, {venue_, granted.node, name, signing.public_key(),
                                                         sync::spki_hash_of_key(tls_key).value(), issued, ends});
    granted.tls_certificate = *certificate;
    granted.ca = ca_.certificate;
    granted.authority = authority_.public_key();
    granted.central_certificate = central_certificate();
    granted.venue = {venue_, "Lotus Lake", time_zone, "CNY", 240, pepper_};
    return granted;
}

Bytes TestVenue::central_certificate() const {
    return issue_certificate(authority_, {venue_, central_node, NodeName{"central"}, central_->public_key(),
                                          sync::spki_hash_of_key(central_tls_).value(), issued, ends});
}

std::unique_ptr<edge::SyncPump> TestVenue::start_central() {
    if (!std::filesystem::exists(data_dir("central"))) {
        std::filesystem::create_directories(data_dir("central"));
        store_catalogue(data_dir("central"));
    }
    const auto request = sync::make_request(central_tls_, "central");
    REQUIRE(request.has_value());
    const auto certificate = sync::issue_tls_certificate(ca_, *request, "central", issued, ends);
    REQUIRE(certificate.has_value());
    edge::SyncOptions options;
    options.own = {central_node, Epoch{1}};
    options.key = central_;
    options.venue = venue_;
    options.pulls = false;
    options.listen = "127.0.0.1:0";
    options.session.venue = venue_;
    options.session.authority = authority_.public_key();
    options.session.self = central_node;
    options.session.epoch = Epoch{1};
    options.session.certificate = central_certificate();
    options.session.central_certificate = central_certificate();
    options.session.software = "test";
    options.links.tls = {{central_tls_, *certificate}, ca_.certificate};
    options.links.floor = [] { return issued; };
    edge::SyncOutlets outlets;
    outlets.received = [](std::uint64_t, const auto&, const SignedHead&, bool) {};
    outlets.receipt = [](const Receipt&, bool) {};
    outlets.heard = [](const std::vector<NodeId>&) {};
    outlets.copied = [](NodeId, Seq) {};
    outlets.time_told = [](std::int64_t) {};
    outlets.board = [](const edge::BoardPart&) {};
    outlets.own_elsewhere = [](const edge::OwnElsewhere&) {};
    outlets.read_failed = [](ledger::Fault) {};
    outlets.compared = [](const std::optional<SignedHead>&) {};
    auto reader = ledger::LedgerReader::open(data_dir("central") / "journal.db");
    REQUIRE_MESSAGE(reader.has_value(), reader.error().detail);
    auto pump = edge::SyncPump::make(std::move(options), std::move(*reader), std::move(outlets));
    REQUIRE_MESSAGE(pump.has_value(), pump.error().detail);
    (*pump)->begin();
    return std::move(*pump);
}

Catalogue TestVenue::make_catalogue() const {
    Catalogue made;
    made.version = 1;
    made.zones.push_back({ZoneId{"park"}, {"景区", "Park"}});
    Product adult;
    adult.id = ProductId{"adult"};
    adult.name = {"成人票", "Adult"};
    adult.price = Minor{8000};
    adult.zones = {ZoneId{"park"}};
    made.products.push_back(adult);
    const std::string pin = hash_pin(pepper_, "1234");
    for (const auto& [name, role] : {std::pair{"li", Role::clerk},
                                     {"wang", Role::attendant},
                                     {"zhao", Role::supervisor},
                                     {"chen", Role::operator_},
                                     {"admin", Role::administrator}})
        made.operators.push_back({OperatorName{name}, {role}, pin});
    return made;
}

void TestVenue::store_catalogue(const std::filesystem::path& data_dir) const {
    ledger::LedgerOptions options;
    options.venue = {venue_, time_zone, std::chrono::minutes{240}};
    auto opened = ledger::Ledger::open(data_dir / "journal.db", options);
    REQUIRE(opened.has_value());
    const JournalId journal{central_node, Epoch{1}};
    Header header;
    header.node = central_node;
    header.epoch = Epoch{1};
    header.seq = Seq{1};
    header.prev = genesis_hash(venue_, journal);
    header.wall = issued;
    EpochOpened opening;
    opening.certificate = central_certificate();
    const auto first = ledger::make_record(header, opening);
    header.seq = Seq{2};
    header.prev = first.hash;
    const auto second = ledger::make_record(header, CataloguePublished{catalogue_});
    REQUIRE(opened->begin().has_value());
    REQUIRE(opened->append(first)->kind == ledger::AppendKind::stored);
    REQUIRE(opened->append(second)->kind == ledger::AppendKind::stored);
    REQUIRE(opened->store_head(sign_head(*central_, venue_, journal, Seq{2}, second.hash)).has_value());
    REQUIRE(opened->commit().has_value());
}

edge::Settings TestVenue::add_node(const std::string& name) {
    edge::Settings settings;
    settings.node = NodeName{name};
    settings.data_dir = data_dir(name);
    settings.api.listen = "127.0.0.1:0";
    settings.windows.push_back({WindowName{"window-1"}, std::nullopt, {}});
    edge::LaneSettings lane;
    lane.name = LaneName{"lane-1"};
    lane.gate = GateName{"south"};
    lane.zone = ZoneId{"park"};
    settings.lanes.push_back(lane);
    const auto identity = edge::make_identity(settings.data_dir, settings.node,
                                              [this](const NodeName& node, const SigningKey& signing,
                                                     const std::string& tls) { return grant(node, signing, tls); });
    REQUIRE_MESSAGE(identity.has_value(), identity.error().detail);
    store_catalogue(settings.data_dir);
    return settings;
}

std::unique_ptr<edge::Node> TestVenue::start(const edge::Settings& settings) {
    auto node = edge::Node::start(settings, [](const edge::NodeEnd& end) { MESSAGE("the node ended: " << end.why); });
    REQUIRE_MESSAGE(node.has_value(), node.error().detail);
    return std::move(*node);
}

}  // namespace gatehouse::test
