#include "sync/replication/replication_session.hpp"

#include <doctest/doctest.h>

#include "sync/replication/packing.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/replication/venue_rig.hpp"

namespace gatehouse::sync::testing {

namespace {

using std::chrono::seconds;

constexpr NodeId self{1};
constexpr NodeId other{2};
constexpr Instant zero{};

template <class E>
std::vector<E> all(const Effects& effects) {
    std::vector<E> out;
    for (const auto& effect : effects)
        if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
    return out;
}
template <class M>
std::vector<M> sent(const Effects& effects) {
    std::vector<M> out;
    for (const auto& send : all<SendFrame>(effects)) {
        auto message = decode_message(send.frame);
        REQUIRE(message);
        if (auto* m = std::get_if<M>(&*message)) out.push_back(std::move(*m));
    }
    return out;
}
// The reason of the one HangUp among the effects.
std::optional<HangUpReason> reason(const Effects& effects) {
    const auto hang_ups = all<HangUp>(effects);
    if (hang_ups.size() != 1) return std::nullopt;
    return hang_ups[0].reason;
}

// One session under test, and a peer whose every frame the test writes. The peer is node 2 and owns a journal.
struct Rig {
    explicit Rig(ReplicationOptions options = {})
        : session(Machine::with_identity(authority, self, std::move(options))) {
        owner.append(50);
    }
    Effects tell(const Event& event, Instant now = zero) { return session.step(event, now); }
    Effects say(const Message& message) { return tell(FrameReceived{encode_message(message)}); }
    Effects greet(NodeId node = other) {
        (void)tell(RevocationsChanged{revocations});
        (void)tell(LinkUp{Authority::tls_key_of(node), floor_time});
        Hello hello;
        hello.certificate = authority.certificate(node);
        return say(hello);
    }
    // Greeted, everything wanted, the peer's journal announced: answers the Want.
    Want announce() {
        (void)greet();
        (void)tell(InterestChanged{{true, {}}});
        const auto wants = sent<Want>(say(Heads{{{*owner.held(owner.own()).head, authority.certificate(other)}}}));
        REQUIRE(wants.size() == 1);
        return wants[0];
    }
    Batch batch(const Want& want, std::uint64_t from, std::uint64_t to) {
        const auto& records = owner.journals.at(owner.own()).records;
        const std::vector<Bytes> part{records.begin() + static_cast<std::ptrdiff_t>(from - 1),
                                      records.begin() + static_cast<std::ptrdiff_t>(to)};
        return batch_of(want, from, part);
    }
    Batch batch_of(const Want& want, std::uint64_t from, const std::vector<Bytes>& records) {
        auto packed = pack_records(records);
        const auto head = sign_head(SigningKey::from_seed(Authority::seed_of(other)), authority.venue, owner.own(),
                                    Seq{from + records.size() - 1}, record_hash(records.back()));
        return {want.generation, Seq{from}, head, packed.packing, packed.unpacked, std::move(packed.packed)};
    }

    Authority authority;
    Machine owner{authority, other};
    std::vector<Revocation> revocations;
    ReplicationSession session;
};

}  // namespace

TEST_CASE("a peer is heard only with a certificate of this venue that names the connection's TLS key") {
    const auto refused = [](auto spoil) {
        Rig rig;
        Authority stranger;
        stranger.key = SigningKey::from_seed(Seed{9});
        (void)rig.tell(LinkUp{Authority::tls_key_of(other), floor_time});
        auto statement = rig.authority.statement(other);
        Hello hello;
        spoil(rig, stranger, statement, hello);
        if (hello.certificate.empty()) hello.certificate = issue_certificate(rig.authority.key, statement);
        return reason(rig.say(hello));
    };
    using Statement = Certificate;
    CHECK_FALSE(refused([](Rig&, Authority&, Statement&, Hello&) {}));
    CHECK(refused([](Rig&, Authority& s, Statement&, Hello& h) { h.certificate = s.certificate(other); }) ==
          HangUpReason::not_a_member);
    CHECK(refused([](Rig&, Authority&, Statement& c, Hello&) { c.tls_key = {}; }) == HangUpReason::not_a_member);
    CHECK(refused([](Rig&, Authority&, Statement& c, Hello&) { c.venue = {}; }) == HangUpReason::not_a_member);
    CHECK(refused([](Rig&, Authority&, Statement& c, Hello&) { c.not_after = WallTime{floor_time.value - 1}; }) ==
          HangUpReason::not_a_member);
    CHECK(refused([](Rig&, Authority&, Statement& c, Hello&) { c.node = self; }) == HangUpReason::itself);
    CHECK(refused([](Rig&, Authority&, Statement&, Hello& h) { h.magic = {}; }) == HangUpReason::protocol);
    CHECK(refused([](Rig&, Authority&, Statement&, Hello& h) { h.oldest = h.newest = newest_protocol + 1; }) ==
          HangUpReason::protocol);
    CHECK(refused([](Rig& r, Authority&, Statement&, Hello&) {
              (void)r.tell(RevocationsChanged{{{other, Epoch{1}, Seq{5}}}});
          }) == HangUpReason::revoked);
}

TEST_CASE("a peer that is revoked while connected is hung up on") {
    Rig rig;
    (void)rig.greet();
    CHECK(reason(rig.tell(RevocationsChanged{{{other, Epoch{1}, Seq{5}}}})) == HangUpReason::revoked);
}

TEST_CASE("nothing but a hello begins, and only one") {
    Rig rig;
    (void)rig.tell(LinkUp{Authority::tls_key_of(other), floor_time});
    CHECK(reason(rig.say(Heads{})) == HangUpReason::protocol);
    Rig twice;
    (void)twice.greet();
    Hello hello;
    hello.certificate = twice.authority.certificate(other);
    CHECK(reason(twice.say(hello)) == HangUpReason::protocol);
}

TEST_CASE("a peer that says nothing is left after ten seconds") {
    Rig rig;
    (void)rig.tell(LinkUp{Authority::tls_key_of(other), floor_time});
    CHECK(rig.session.deadline() == zero + seconds{10});
    CHECK(rig.tell(Ticked{}, zero + seconds{9}).empty());
    CHECK(reason(rig.tell(Ticked{}, zero + seconds{10})) == HangUpReason::hello_late);
    CHECK_FALSE(rig.session.deadline());
}

TEST_CASE("a batch is stored only if its records continue the journal and end at a head that its owner signed") {
    Rig rig;
    const auto want = rig.announce();
    CHECK(want.from == Seq{1});
    const auto stores = all<StoreBatch>(rig.say(rig.batch(want, 1, 20)));
    REQUIRE(stores.size() == 1);
    CHECK(stores[0].records.size() == 20);
    CHECK(stores[0].head.seq == Seq{20});
    CHECK(stores[0].certificate == rig.authority.certificate(other));
    CHECK(rig.session.pending() > 0);

    const auto said = rig.tell(BatchStored{want.generation, want.journal, Seq{20}, 20, 0, 1, 2, {{Seq{3}, "odd"}}, {}});
    CHECK(rig.session.pending() == 0);
    const auto stored = sent<Stored>(said);
    REQUIRE(stored.size() == 1);
    CHECK(stored[0] == Stored{want.generation, want.journal, Seq{20}, 20, 0, 1, 2, {{Seq{3}, "odd"}}, 1, {}});
}

TEST_CASE("a batch is live only if every batch of its journal before it was") {
    Rig rig;
    rig.owner.append(150);
    const auto want = rig.announce();
    const auto is_live = [&](std::uint64_t from, std::uint64_t to) {
        const auto stores = all<StoreBatch>(rig.say(rig.batch(want, from, to)));
        REQUIRE(stores.size() == 1);
        return stores[0].live;
    };
    const auto stored = [&](std::uint64_t up_to) {
        (void)rig.tell(BatchStored{want.generation, want.journal, Seq{up_to}, 1, 0, 0, 0, {}, {}});
    };
    CHECK_FALSE(is_live(1, 180));
    CHECK_FALSE(is_live(181, 185));  // short, but what it continues waits among the bulk
    stored(180);
    CHECK_FALSE(is_live(186, 187));  // and so does this
    stored(185);
    stored(187);
    CHECK(is_live(188, 190));
    CHECK(is_live(191, 192));
}

TEST_CASE("a batch that leaves a gap, repeats or belongs elsewhere is out of order") {
    for (const auto& [from, to] : {std::pair{2U, 5U}, std::pair{3U, 5U}}) {
        Rig rig;
        const auto want = rig.announce();
        CHECK(reason(rig.say(rig.batch(want, from, to))) == HangUpReason::out_of_order);
    }
    Rig rig;
    const auto want = rig.announce();
    (void)rig.say(rig.batch(want, 1, 5));
    CHECK(reason(rig.say(rig.batch(want, 1, 5))) == HangUpReason::out_of_order);
}

TEST_CASE("a batch with one octet changed, a missing record or a foreign signature is forged") {
    const auto with = [](auto spoil) {
        Rig rig;
        const auto want = rig.announce();
        auto records = *unpack_records(rig.batch(want, 1, 10));
        auto batch = rig.batch(want, 1, 10);
        spoil(records, batch);
        auto packed = pack_records(records);
        batch.packing = packed.packing;
        batch.unpacked = packed.unpacked;
        batch.packed = packed.packed;
        return reason(rig.say(batch));
    };
    CHECK_FALSE(with([](auto&, auto&) {}));
    CHECK(with([](auto& records, auto&) { records[9].back() ^= 1U; }) == HangUpReason::forged);
    CHECK(with([](auto& records, auto&) { records[4].back() ^= 1U; }) == HangUpReason::forged);
    CHECK(with([](auto& records, auto&) { records.pop_back(); }) == HangUpReason::forged);
    CHECK(with([](auto& records, auto&) { std::swap(records[2], records[3]); }) == HangUpReason::forged);
    CHECK(with([](auto& records, auto&) { records[0] = {1, 2, 3}; }) == HangUpReason::forged);
    CHECK(with([](auto&, auto& batch) { batch.head.signature[0] ^= 1U; }) == HangUpReason::forged);
    CHECK(with([](auto&, auto& batch) { batch.head.hash[0] ^= 1U; }) == HangUpReason::forged);
}

TEST_CASE("a batch that does not unpack to what it says is refused") {
    const auto with = [](auto spoil) {
        Rig rig;
        const auto want = rig.announce();
        auto batch = rig.batch(want, 1, 10);
        spoil(batch);
        Bytes frame = encode_message(Unwant{});
        frame = encode_message(batch);
        return reason(rig.tell(FrameReceived{frame}));
    };
    CHECK(with([](auto& b) { b.packed.resize(b.packed.size() / 2); }) == HangUpReason::protocol);
    CHECK(with([](auto& b) { --b.unpacked; }) == HangUpReason::protocol);
    CHECK(with([](auto& b) { b.packing = Packing::plain; }) == HangUpReason::protocol);
    Rig rig;
    CHECK(reason((void(rig.greet()), rig.tell(FrameReceived{Bytes(largest_frame + 1, 6)}))) == HangUpReason::too_large);
}

TEST_CASE("a second history of an owner is evidence") {
    Rig rig;
    const auto want = rig.announce();
    auto records = *unpack_records(rig.batch(want, 1, 10));
    Hash astray{};
    astray.fill(0x55);
    std::vector<Bytes> forked;
    for (std::uint64_t i = 0; i < 3; ++i) {
        forked.push_back(make_record(rig.owner.own(), Seq{i + 1}, astray, 10, 0));
        astray = record_hash(forked.back());
    }
    const auto effects = rig.say(rig.batch_of(want, 1, forked));
    const auto forks = all<ReportFork>(effects);
    REQUIRE(forks.size() == 1);
    CHECK(forks[0].record == forked[0]);
    CHECK(all<StoreBatch>(effects).size() == 1);  // the ledger keeps the evidence
    CHECK(reason(rig.tell(BatchRefused{want.generation, want.journal, Refusal::journal_fork})) == HangUpReason::fork);
}

TEST_CASE("a head that contradicts what is held is evidence, and its journal is not pulled") {
    Rig rig;
    auto held = rig.owner.held(rig.owner.own());
    held.hash[0] ^= 1U;
    (void)rig.tell(JournalsGrown{{held}});
    (void)rig.greet();
    (void)rig.tell(InterestChanged{{true, {}}});
    const auto effects = rig.say(Heads{{{*rig.owner.held(rig.owner.own()).head, rig.authority.certificate(other)}}});
    CHECK(all<ReportFork>(effects).size() == 1);
    CHECK(sent<Want>(effects).empty());
    CHECK_FALSE(rig.session.announced(rig.owner.own()));
}

TEST_CASE("heads without a valid signature, or with another's certificate, are forged") {
    const auto with = [](auto spoil) {
        Rig rig;
        (void)rig.greet();
        AnnouncedHead head{*rig.owner.held(rig.owner.own()).head, rig.authority.certificate(other)};
        spoil(rig, head);
        return reason(rig.say(Heads{{head}}));
    };
    CHECK_FALSE(with([](auto&, auto&) {}));
    CHECK(with([](auto&, auto& h) { h.head.seq = Seq{51}; }) == HangUpReason::forged);
    CHECK(with([](auto&, auto& h) { h.head.signature[9] ^= 4U; }) == HangUpReason::forged);
    CHECK(with([](auto& rig, auto& h) { h.certificate = rig.authority.certificate(NodeId{3}); }) ==
          HangUpReason::forged);
    CHECK(with([](auto&, auto& h) { h.certificate.clear(); }) == HangUpReason::protocol);
}

TEST_CASE("more batches than there is credit for are a breach") {
    ReplicationOptions options;
    options.credit = 2;
    Rig rig{options};
    const auto want = rig.announce();
    CHECK(want.credit == 2);
    CHECK_FALSE(reason(rig.say(rig.batch(want, 1, 1))));
    CHECK_FALSE(reason(rig.say(rig.batch(want, 2, 2))));
    CHECK(reason(rig.say(rig.batch(want, 3, 3))) == HangUpReason::protocol);
}

TEST_CASE("what waits to be stored is bounded") {
    ReplicationOptions options;
    options.credit = 50;
    options.largest_pending = 2000;
    Rig rig{options};
    const auto want = rig.announce();
    std::uint64_t seq = 1;
    std::optional<HangUpReason> ended;
    while (!ended && seq < 50) {
        ended = reason(rig.say(rig.batch(want, seq, seq)));
        ++seq;
    }
    CHECK(ended == HangUpReason::too_large);
}

TEST_CASE("records of a revoked node are taken up to its last trusted one") {
    Rig rig;
    rig.revocations = {{NodeId{3}, Epoch{1}, Seq{10}}};
    (void)rig.greet();
    (void)rig.tell(InterestChanged{{true, {}}});
    Machine revoked{rig.authority, NodeId{3}};
    revoked.append(10);
    const auto certificate = rig.authority.certificate(NodeId{3});
    CHECK(sent<Want>(rig.say(Heads{{{*revoked.held(revoked.own()).head, certificate}}})).size() == 1);
    revoked.append(1);
    (void)rig.say(Heads{{{*revoked.held(revoked.own()).head, certificate}}});
    CHECK(rig.session.announced(revoked.own()) == Seq{10});
}

TEST_CASE("the trusted records of a revoked node are had from a peer that holds more than them") {
    Rig rig;
    rig.revocations = {{NodeId{3}, Epoch{1}, Seq{10}}};
    (void)rig.greet();
    (void)rig.tell(InterestChanged{{true, {}}});
    Machine revoked{rig.authority, NodeId{3}};
    revoked.append(20);
    const auto journal = revoked.own();
    const auto wants =
        sent<Want>(rig.say(Heads{{{*revoked.held(journal).head, rig.authority.certificate(NodeId{3})}}}));
    REQUIRE(wants.size() == 1);
    CHECK(wants[0].from == Seq{1});
    CHECK(rig.session.announced(journal) == Seq{10});
    CHECK_FALSE(rig.session.announced_head(journal));
    const auto batch = [&](std::uint32_t from, std::uint32_t to) {
        auto loaded = revoked.load({wants[0].generation, journal, Seq{from}, Seq{to}, 512, 1U << 18U, {}});
        auto packed = pack_records(loaded.records);
        return Batch{wants[0].generation, Seq{from},       loaded.head,
                     packed.packing,      packed.unpacked, std::move(packed.packed)};
    };
    const auto stored = [&](std::uint64_t up_to) {
        auto held = revoked.held(journal);
        held.seq = Seq{up_to};
        const auto said = rig.tell(BatchStored{wants[0].generation, journal, Seq{up_to}, 1, 0, 0, 0, {}, {}});
        CHECK(sent<Stored>(said).size() == 1);
        return rig.tell(JournalsGrown{{held}});
    };
    CHECK(all<StoreBatch>(rig.say(batch(1, 8))).size() == 1);
    CHECK(sent<Unwant>(stored(8)).empty());
    // A batch ends where the owner signed: what is beyond the last trusted record comes with it, as evidence.
    const auto stores = all<StoreBatch>(rig.say(batch(9, 15)));
    REQUIRE(stores.size() == 1);
    CHECK(stores[0].records.size() == 7);
    const auto done = stored(15);
    CHECK(sent<Unwant>(done) == std::vector{Unwant{wants[0].generation}});
    CHECK(sent<Want>(done).empty());
    CHECK(all<StoreBatch>(rig.say(batch(16, 20))).empty());  // was under way
}

TEST_CASE("a pull that stands when its owner is revoked ends at the last trusted record") {
    Rig rig;
    (void)rig.greet();
    (void)rig.tell(InterestChanged{{true, {}}});
    Machine thief{rig.authority, NodeId{3}};
    thief.append(20);
    (void)rig.tell(JournalsGrown{{thief.held(thief.own())}});
    thief.append(5);
    const auto wants =
        sent<Want>(rig.say(Heads{{{*thief.held(thief.own()).head, rig.authority.certificate(NodeId{3})}}}));
    REQUIRE(wants.size() == 1);
    CHECK(wants[0].from == Seq{21});
    const auto effects = rig.tell(RevocationsChanged{{{NodeId{3}, Epoch{1}, Seq{20}}}});
    CHECK(sent<Unwant>(effects) == std::vector{Unwant{wants[0].generation}});
    CHECK(rig.session.announced(thief.own()) == Seq{20});
}

TEST_CASE("a live record is sent before a backlog, and at most two batches of backlog wait in the transport") {
    Authority authority;
    Machine own{authority, self};
    Machine kept{authority, NodeId{3}};
    own.append(10'000);
    kept.append(10);
    ReplicationSession session{Machine::with_identity(authority, self, {})};
    const auto tell = [&](const Event& event) { return session.step(event, zero); };
    (void)tell(JournalsGrown{{own.held(own.own()), kept.held(kept.own())}});
    (void)tell(LinkUp{Authority::tls_key_of(other), floor_time});
    Hello hello;
    hello.certificate = authority.certificate(other);
    const auto say = [&](const Message& message) { return tell(FrameReceived{encode_message(message)}); };
    CHECK(sent<Heads>(say(hello)).size() == 1);
    auto loads = all<LoadBatch>(say(Want{1, own.own(), Seq{1}, {}, 100, 0}));
    REQUIRE(loads.size() == 1);
    // Each batch of the backlog is loaded when the one before it was handed to the transport, until two wait there.
    std::size_t frames = 0;
    std::size_t octets = 0;
    while (!loads.empty()) {
        auto loaded = own.load(loads[0]);
        for (auto& record : loaded.records) record.back() ^= 0;  // as read
        const auto effects = tell(loaded);
        for (const auto& send : all<SendFrame>(effects)) octets += send.frame.size();
        ++frames;
        loads = all<LoadBatch>(effects);
        if (frames > 100) break;
    }
    CHECK(octets < 3 * 256 * 1024);
    // Now a live journal is wanted: loaded at once, however much waits.
    loads = all<LoadBatch>(say(Want{2, kept.own(), Seq{8}, {}, 4, 0}));
    REQUIRE(loads.size() == 1);
    CHECK(loads[0].journal == kept.own());
    (void)tell(kept.load(loads[0]));
    // And what grows is pushed without being asked for again.
    kept.append(1);
    loads = all<LoadBatch>(tell(JournalsGrown{{kept.held(kept.own())}}));
    REQUIRE(loads.size() == 1);
    CHECK(loads[0].from == Seq{11});
}

TEST_CASE("what was never announced is not served") {
    Rig rig;
    (void)rig.greet();
    CHECK(reason(rig.say(Want{1, {NodeId{9}, Epoch{1}}, Seq{1}, {}, 4, 0})) == HangUpReason::protocol);
    Rig zero_credit;
    (void)zero_credit.greet();
    CHECK(reason(zero_credit.say(Want{1, {self, Epoch{1}}, Seq{1}, {}, 0, 0})) == HangUpReason::protocol);
}

TEST_CASE("acknowledging what was never sent is a breach") {
    Rig rig;
    Machine own{rig.authority, self};
    own.append(10);
    (void)rig.tell(JournalsGrown{{own.held(own.own())}});
    (void)rig.greet();
    const auto loads = all<LoadBatch>(rig.say(Want{1, own.own(), Seq{1}, {}, 4, 0}));
    REQUIRE(loads.size() == 1);
    (void)rig.tell(own.load(loads[0]));
    const auto good = rig.say(Stored{1, own.own(), Seq{10}, 10, 0, 0, 0, {}, 1, {}});
    CHECK(all<ReportCopied>(good) == std::vector{ReportCopied{own.own(), Seq{10}, {}}});
    CHECK(reason(rig.say(Stored{1, own.own(), Seq{11}, 1, 0, 0, 0, {}, 1, {}})) == HangUpReason::protocol);
}

TEST_CASE("a receipt counts only with central's signature") {
    Rig rig;
    Machine own{rig.authority, self};
    own.append(10);
    const auto held = own.held(own.own());
    const auto central = SigningKey::from_seed(Authority::seed_of(central_node));
    auto receipt = sign_receipt(central, rig.authority.venue, own.own(), Seq{10}, held.hash);
    const auto certificate = rig.authority.certificate(central_node);
    (void)rig.tell(JournalsGrown{{held}});
    (void)rig.greet();
    CHECK(all<StoreReceipt>(rig.say(Receipts{certificate, {receipt}})).size() == 1);
    CHECK(all<StoreReceipt>(rig.say(Receipts{{}, {receipt}})).empty());  // nothing new

    Rig forged;
    (void)forged.tell(JournalsGrown{{held}});
    (void)forged.greet();
    receipt.signature[1] ^= 1U;
    CHECK(reason(forged.say(Receipts{certificate, {receipt}})) == HangUpReason::forged);
    Rig impostor;
    (void)impostor.greet();
    CHECK(reason(impostor.say(Receipts{impostor.authority.certificate(other), {}})) == HangUpReason::forged);
}

TEST_CASE("busy is passed on with its time, shedding says it") {
    Rig rig;
    (void)rig.greet();
    const auto hang_ups = all<HangUp>(rig.say(Busy{12}));
    REQUIRE(hang_ups.size() == 1);
    CHECK(hang_ups[0].reason == HangUpReason::busy);
    CHECK(hang_ups[0].retry_after_s == 12);
    Rig shedding;
    (void)shedding.greet();
    const auto effects = shedding.tell(Shed{30});
    CHECK(sent<Busy>(effects) == std::vector{Busy{30}});
    CHECK(reason(effects) == HangUpReason::shed);
}

TEST_CASE("busy silences a link for an hour at most, before a hello too") {
    for (const bool greeted : {true, false}) {
        Rig rig;
        if (greeted)
            (void)rig.greet();
        else
            (void)rig.tell(LinkUp{Authority::tls_key_of(other), floor_time});
        const auto hang_ups = all<HangUp>(rig.say(Busy{4'294'967'295}));
        REQUIRE(hang_ups.size() == 1);
        CHECK(hang_ups[0].retry_after_s == 3600);
    }
}

TEST_CASE("storage that is not available ends the connection, and the peer is told to come back") {
    Rig rig;
    const auto want = rig.announce();
    (void)rig.say(rig.batch(want, 1, 5));
    const auto effects = rig.tell(BatchRefused{want.generation, want.journal, Refusal::storage_unavailable});
    CHECK(sent<Busy>(effects).size() == 1);
    CHECK(reason(effects) == HangUpReason::storage_unavailable);
    CHECK(rig.session.pending() == 0);
}

TEST_CASE("central's time is asked for at once and then regularly, and reported with the measured round trip") {
    ReplicationOptions options;
    options.ask_time_every = seconds{30};
    Rig rig{options};
    CHECK(sent<TimeAsked>(rig.greet(central_node)) == std::vector{TimeAsked{1}});
    CHECK(rig.session.deadline() == zero + seconds{30});
    const auto told = [](std::uint64_t question) {
        return FrameReceived{encode_message(TimeTold{question, floor_time})};
    };
    const auto reported = all<ReportTime>(rig.tell(told(1), zero + std::chrono::milliseconds{80}));
    CHECK(reported == std::vector{ReportTime{WallTime{floor_time.value + 40}, std::chrono::milliseconds{80}}});
    CHECK(rig.tell(told(1), zero + seconds{1}).empty());  // answered already
    CHECK(sent<TimeAsked>(rig.tell(Ticked{}, zero + seconds{30})) == std::vector{TimeAsked{2}});
    CHECK(rig.tell(told(1), zero + seconds{31}).empty());  // of the former question
    CHECK(rig.tell(told(2), zero + seconds{36}).empty());  // so late that it says nothing
    CHECK(rig.session.deadline() == zero + seconds{60});
}

TEST_CASE("nobody but central is asked for the time, and an unasked answer is nothing") {
    ReplicationOptions options;
    options.ask_time_every = seconds{30};
    Rig rig{options};
    CHECK(sent<TimeAsked>(rig.greet()).empty());
    CHECK(rig.say(TimeTold{1, floor_time}).empty());
    CHECK(rig.session.deadline() == std::nullopt);
}

TEST_CASE("who is asked for the time asks its shell, and tells it") {
    Rig rig;
    (void)rig.greet();
    CHECK(rig.say(TimeAsked{7}) == Effects{TellTime{7}});
    CHECK(sent<TimeTold>(rig.tell(TimeRead{7, floor_time})) == std::vector{TimeTold{7, floor_time}});
}

TEST_CASE("messages of a later release are skipped if they allow it") {
    Rig rig;
    (void)rig.greet();
    CHECK(rig.tell(FrameReceived{{0x85, 1, 2, 3}}).empty());
    CHECK(reason(rig.tell(FrameReceived{{0x45, 1, 2, 3}})) == HangUpReason::protocol);
}

TEST_CASE("after the end nothing is answered") {
    Rig rig;
    const auto want = rig.announce();
    (void)rig.tell(LinkDown{});
    CHECK(rig.say(rig.batch(want, 1, 5)).empty());
    CHECK(rig.tell(JournalsGrown{{rig.owner.held(rig.owner.own())}}).empty());
    CHECK(rig.tell(Superseded{}).empty());
    CHECK(rig.session.phase() == ReplicationSession::Phase::closed);
}

}  // namespace gatehouse::sync::testing
