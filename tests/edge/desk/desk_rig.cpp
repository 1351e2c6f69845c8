#include "tests/edge/desk/desk_rig.hpp"

#include <atomic>

namespace gatehouse::test {

using namespace gatehouse::edge;

namespace {

Product product(const char* id, std::int64_t price, std::uint16_t persons, std::uint16_t entries = 1) {
    Product p;
    p.id = ProductId{id};
    p.name = {std::string{"票 "} + id, id};
    p.price = Minor{price};
    p.persons = persons;
    p.entries = entries;
    p.zones = {ZoneId{"park"}};
    return p;
}

std::string next_vfs() {
    static std::atomic<int> count{0};
    return "desk_rig_" + std::to_string(++count);
}

}  // namespace

Sell sale_of(const char* id, const char* product, std::uint32_t quantity, std::vector<SellTender> tenders) {
    SellLine line;
    line.product = ProductId{product};
    line.quantity = quantity;
    return {ClientId{id}, WindowName{"window-1"}, {line}, std::move(tenders)};
}

Catalogue rig_catalogue() {
    Catalogue c;
    c.version = 1;
    c.zones = {{ZoneId{"park"}, {"园区", "Park"}}};
    c.products = {product("adult", 8000, 1),     product("family", 18000, 4), product("group", 6000, 0),
                  product("card", 50000, 1, 10), product("show", 3000, 1),    product("free", 0, 1),
                  product("camp", 90000, 3, 2)};
    c.products[4].validity.kind = ValidityKind::session;
    c.products[0].companions = 1;
    c.concessions = {{ConcessionClass{"student"}, {"学生", "Student"}, 50},
                     {ConcessionClass{"infant"}, {"婴儿", "Infant"}, {}}};
    c.sessions = {{SessionId{"s1"}, ProductId{"show"}, rig_noon, WallTime{rig_noon.value + 3'600'000}, 100, 0}};
    c.operators = {{OperatorName{"clerk1"}, {Role::clerk}, "hash-clerk1"},
                   {OperatorName{"clerk2"}, {Role::clerk}, "hash-clerk2"},
                   {OperatorName{"gate1"}, {Role::attendant}, "hash-gate1"},
                   {OperatorName{"boss"}, {Role::supervisor}, "hash-boss"},
                   {OperatorName{"ops"}, {Role::operator_}, "hash-ops"},
                   {OperatorName{"admin"}, {Role::administrator}, "hash-admin"}};
    c.limits.unverified_total = Minor{10'000};
    c.limits.refund_supervisor_minor = 50'000;
    return c;
}

SigningKey rig_authority() { return SigningKey::from_seed(Seed{99}); }
SigningKey rig_key(std::uint16_t node) { return SigningKey::from_seed(Seed{static_cast<std::uint8_t>(node), 1}); }

Bytes rig_certificate(std::uint16_t node, const std::string& name) {
    Certificate c;
    c.venue = rig_venue;
    c.node = NodeId{node};
    c.name = NodeName{name};
    c.signing_key = rig_key(node).public_key();
    c.not_after = WallTime{4'000'000'000'000};
    return issue_certificate(rig_authority(), c);
}

DeskRig::DeskRig(std::uint16_t node) : DeskRig(node, Epoch{1}) {}

DeskRig::DeskRig(std::uint16_t node, Epoch epoch) : disk(next_vfs(), 1) {
    options.venue = rig_venue;
    options.venue_name = "测试公园";
    options.node_name = NodeName{"booth"};
    options.journal = {NodeId{node}, epoch};
    options.key = std::make_shared<const SigningKey>(rig_key(node));
    options.authority = rig_authority().public_key();
    options.built = WallTime{rig_noon.value - 86'400'000};
    options.software = "test";
    options.lanes = {
        {LaneName{"lane-1"},
         GateName{"south"},
         ZoneId{"park"},
         Direction::entry,
         {{DeviceName{"scan-1"}, {}}},
         DeviceName{"turn-1"}},
        {LaneName{"lane-2"}, GateName{"south"}, ZoneId{"park"}, Direction::entry, {{DeviceName{"scan-2"}, {}}}, {}}};
    options.windows = {{WindowName{"window-1"}, DeviceName{"printer-1"}, {DeviceName{"scan-w"}}},
                       {WindowName{"window-2"}, {}}};
    open_ledger();
    start(false);
    central(CataloguePublished{rig_catalogue()});
    store_foreign();
    settle();
    seen.clear();
}

void DeskRig::open_ledger() {
    reader.reset();
    ledger.reset();
    ledger::LedgerOptions open;
    open.database.vfs = disk.vfs_name();
    open.database.exclusive = true;
    open.venue.id = rig_venue;
    auto opened = ledger::Ledger::open("journal.db", open);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? std::string{} : opened.error().detail));
    ledger.emplace(std::move(*opened));
    reader.emplace(ledger->database());
}

void DeskRig::start(bool clean) {
    desk.emplace(options, *reader);
    if (latch) step(LatchFound{*latch});
    const auto head = ledger->head(options.journal);
    REQUIRE(head.has_value());
    JournalOpened opened{head->seq, head->hash, clean, std::nullopt};
    if (head->seq.value == 0)
        opened.opening = EpochOpened{rig_certificate(options.journal.node.value, "booth"), {}, {}, {}, "test"};
    step(opened);
    step(TurnstileReported{DeviceName{"turn-1"}, drivers::ReportOnline{}});
    settle();
}

void DeskRig::restart(bool clean) {
    pending.clear();
    answers.clear();
    seen.clear();
    desk.reset();
    foreign_.clear();
    open_ledger();
    // What was not stored comes again.
    for (auto& [journal, head] : foreign_heads_) {
        const auto held = reader->journal(journal);
        head = held ? std::pair{held->head, held->hash} : std::pair{Seq{}, Hash{}};
    }
    clock.now += std::chrono::seconds(5);
    start(clean);
}

Effects DeskRig::step(const Event& event) {
    auto effects = desk->step(event, clock);
    for (const auto& effect : effects) {
        if (const auto* append = std::get_if<AppendRecord>(&effect))
            pending.push_back(append->record);
        else if (const auto* answer = std::get_if<Answer>(&effect))
            answers.push_back(*answer);
        else
            seen.push_back(effect);
        if (const auto* store = std::get_if<StoreLatch>(&effect)) latch = store->open;
        if (std::holds_alternative<ForgetLatch>(effect) && latch == false) latch.reset();
    }
    return effects;
}

Effects DeskRig::sync() {
    if (pending.empty()) return {};
    const auto batch = std::exchange(pending, {});
    REQUIRE(ledger->begin());
    for (const auto& record : batch) {
        const auto appended = ledger->append(*record);
        REQUIRE(appended);
        CHECK(appended->kind == ledger::AppendKind::stored);
        if (appended->parked) FAIL("parked: " << *appended->parked);
    }
    REQUIRE(ledger->commit());
    return step(RecordsSynced{batch.back()->header.seq});
}

void DeskRig::settle() {
    while (!pending.empty()) sync();
}

void DeskRig::fail_append() {
    pending.clear();
    const auto head = ledger->head(options.journal);
    REQUIRE(head);
    step(AppendFailed{"test", head->seq, head->hash});
}

Result<Reply> DeskRig::ask(const std::string& who, Command command) {
    const CommandToken token{next_token++};
    step(CommandReceived{token, Actor{OperatorName{who}}, std::move(command)});
    settle();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i].token != token) continue;
        auto reply = answers[i].reply;
        answers.erase(answers.begin() + static_cast<std::ptrdiff_t>(i));
        return reply;
    }
    return fail(ErrorCode::internal, "no answer");
}

RecordRef DeskRig::receive(JournalId journal, Body body, ByteView extension) {
    auto& [seq, hash] = foreign_heads_[journal];
    if (seq.value == 0) hash = genesis_hash(rig_venue, journal);
    Header header;
    header.node = journal.node;
    header.epoch = journal.epoch;
    header.seq = Seq{seq.value + 1};
    header.prev = hash;
    header.wall = clock.wall;
    header.business_date = options.calendar.business_date(clock.wall);
    auto record = ledger::make_record(header, std::move(body), extension);
    const auto ref = record.ref();
    seq = ref.seq;
    hash = record.hash;
    receive({std::move(record)});
    return ref;
}

void DeskRig::receive(std::vector<ledger::Record> records) {
    const auto batch = next_batch_++;
    foreign_.emplace_back(batch, std::make_shared<const std::vector<ledger::Record>>(std::move(records)));
    step(ForeignRecordsReceived{batch, foreign_.back().second});
}

RecordRef DeskRig::central(Body body) { return central(std::move(body), {}); }
RecordRef DeskRig::central(Body body, ByteView extension) {
    return receive({central_node, Epoch{1}}, std::move(body), extension);
}
RecordRef DeskRig::other(std::uint16_t node, Body body, ByteView extension) {
    return receive({NodeId{node}, Epoch{1}}, std::move(body), extension);
}

void DeskRig::store_foreign() {
    for (const auto& [batch, records] : std::exchange(foreign_, {})) {
        REQUIRE(ledger->begin());
        for (const auto& record : *records) {
            const auto appended = ledger->append(record);
            REQUIRE(appended);
            CHECK(appended->kind == ledger::AppendKind::stored);
            if (appended->parked) FAIL("parked: " << *appended->parked);
        }
        REQUIRE(ledger->commit());
        step(ForeignRecordsStored{batch});
    }
}

ScanReply DeskRig::scan(const std::string& lane, const std::string& code, std::optional<std::uint16_t> persons) {
    return must<ScanReply>("gate1", Scan{ClientId{"scan-" + std::to_string(next_id++)}, LaneName{lane}, code, persons,
                                         std::nullopt, std::nullopt, false});
}

SaleReply DeskRig::sell(const std::string& product, std::uint32_t quantity) {
    SellLine line;
    line.product = ProductId{product};
    line.quantity = quantity;
    if (product == "group") line.persons = 12;
    if (product == "show") line.session = SessionId{"s1"};
    return must<SaleReply>("clerk1", Sell{ClientId{"sale-" + std::to_string(next_id++)},
                                          WindowName{"window-1"},
                                          {line},
                                          {{TenderKind::cash, Minor{1'000'000}, {}}}});
}

void DeskRig::open_shift(const std::string& who) {
    (void)must<ShiftReply>(who, OpenShift{ClientId{"shift-" + std::to_string(next_id++)},
                                          WindowName{who == "clerk1" ? "window-1" : "window-2"}, Minor{20'000}});
}

std::vector<ledger::Record> DeskRig::journal() {
    std::vector<ledger::Record> out;
    const auto head = ledger->head(options.journal);
    REQUIRE(head);
    for (std::uint64_t seq = 1; seq <= head->seq.value; ++seq) {
        auto record = reader->record({options.journal.node, options.journal.epoch, Seq{seq}});
        REQUIRE(record);
        out.push_back(std::move(*record));
    }
    return out;
}

}  // namespace gatehouse::test
