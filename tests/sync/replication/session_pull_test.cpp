#include "tests/sync/replication/session_rig.hpp"

namespace gatehouse::sync::testing {

namespace {
using Rig = SessionRig;
}  // namespace

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

TEST_CASE("a head at a number that is held is compared with the record there, if it is not the one that is known") {
    Rig rig;
    (void)rig.tell(JournalsGrown{{rig.owner.held(rig.owner.own())}});
    (void)rig.greet();
    const auto key = SigningKey::from_seed(Authority::seed_of(other));
    const auto heads = [&](Seq seq, const Hash& hash) {
        const auto head = sign_head(key, rig.authority.venue, rig.owner.own(), seq, hash);
        return std::pair{head, all<CompareHead>(rig.say(Heads{{{head, rig.authority.certificate(other)}}}))};
    };
    CHECK(heads(Seq{50}, rig.owner.held(rig.owner.own()).hash).second.empty());
    const auto [below, compared] = heads(Seq{30}, Hash{1});
    CHECK(compared == std::vector{CompareHead{below}});
    CHECK(heads(Seq{30}, Hash{1}).second.empty());  // compared already
    CHECK(heads(Seq{51}, Hash{1}).second.empty());
    auto forked = rig.owner.held(rig.owner.own());
    forked.forked = true;
    (void)rig.tell(JournalsGrown{{forked}});
    CHECK(heads(Seq{31}, Hash{1}).second.empty());
}

TEST_CASE("a node that signs very many journals takes no place from others', and its newest ones are heard of") {
    ReplicationOptions options;
    options.largest_journals = 6;
    options.largest_epochs = 3;
    Rig rig{options};
    (void)rig.greet();
    const auto tell = [&](NodeId node, std::uint32_t epoch, bool certified = true) {
        const auto key = SigningKey::from_seed(Authority::seed_of(node));
        const auto head = sign_head(key, rig.authority.venue, {node, Epoch{epoch}}, Seq{1}, Hash{1});
        return rig.say(Heads{{{head, certified ? rig.authority.certificate(node) : Bytes{}}}});
    };
    for (std::uint32_t epoch = 1; epoch <= 10; ++epoch) CHECK_FALSE(reason(tell(NodeId{3}, epoch)));
    for (std::uint16_t node = 4; node <= 7; ++node) CHECK_FALSE(reason(tell(NodeId{node}, 1)));
    CHECK_FALSE(reason(tell(other, 1)));
    CHECK_FALSE(reason(tell(central_node, 1)));
    const std::vector<JournalId> wanted{{central_node, Epoch{1}}, {other, Epoch{1}},      {NodeId{3}, Epoch{8}},
                                        {NodeId{3}, Epoch{9}},    {NodeId{3}, Epoch{10}}, {NodeId{4}, Epoch{1}},
                                        {NodeId{5}, Epoch{1}},    {NodeId{6}, Epoch{1}}};
    CHECK(rig.session.announced_journals() == wanted);
    // What was let go is told again without its certificate, as is right.
    CHECK_FALSE(reason(tell(NodeId{3}, 1, false)));
    CHECK_FALSE(reason(tell(NodeId{7}, 1, false)));
    CHECK(rig.session.announced_journals() == wanted);
}

TEST_CASE("a journal that is let go for newer ones of its owner is pulled no more") {
    ReplicationOptions options;
    options.largest_epochs = 1;
    Rig rig{options};
    const auto want = rig.announce();
    const auto key = SigningKey::from_seed(Authority::seed_of(other));
    const auto head = sign_head(key, rig.authority.venue, {other, Epoch{9}}, Seq{1}, Hash{1});
    const auto effects = rig.say(Heads{{{head, rig.authority.certificate(other)}}});
    CHECK(sent<Unwant>(effects) == std::vector{Unwant{want.generation}});
    const auto wants = sent<Want>(effects);
    REQUIRE(wants.size() == 1);
    CHECK(wants[0].journal == head.journal);
    CHECK(rig.say(rig.batch(want, 1, 5)).empty());  // on its way by then
}

TEST_CASE("records of a journal that is known as forked are not offered again") {
    for (const bool known : {false, true}) {
        CAPTURE(known);
        Rig rig;
        (void)rig.announce();
        auto held = rig.owner.held(rig.owner.own());
        held.forked = known;
        (void)rig.tell(JournalsGrown{{held}});
        const auto effects = rig.say(Offer{5, rig.owner.own(), Seq{1}, Seq{9}});
        CHECK(reason(effects) == (known ? std::optional{HangUpReason::fork} : std::nullopt));
        CHECK(sent<Want>(effects).size() == (known ? 0U : 1U));
    }
}

TEST_CASE("of its own journal a machine takes neither a head nor a receipt that says another record") {
    Rig rig;
    Machine own{rig.authority, self};
    own.append(10);
    const auto held = own.held(own.own());
    const auto key = SigningKey::from_seed(Authority::seed_of(self));
    const auto central = SigningKey::from_seed(Authority::seed_of(central_node));
    const auto greeted = [&] {
        Rig fresh;
        (void)fresh.tell(JournalsGrown{{held}});
        (void)fresh.greet();
        return fresh;
    };
    const auto head = [&](Rig& to, Seq seq, const Hash& hash) {
        const auto told = sign_head(key, to.authority.venue, own.own(), seq, hash);
        return to.say(Heads{{{told, to.authority.certificate(self)}}});
    };
    const auto receipt = [&](Rig& to, Seq seq, const Hash& hash) {
        const auto certificate = to.authority.certificate(central_node);
        return to.say(Receipts{certificate, {sign_receipt(central, to.authority.venue, own.own(), seq, hash)}});
    };
    auto same = greeted();
    CHECK(all<CompareHead>(head(same, Seq{10}, held.hash)).empty());
    CHECK(all<ReportOwnHead>(receipt(same, Seq{10}, held.hash)).empty());

    auto below = greeted();
    const auto compared = all<CompareHead>(head(below, Seq{5}, Hash{1}));
    REQUIRE(compared.size() == 1);
    CHECK(compared[0].head.seq == Seq{5});
    CHECK(all<CompareHead>(head(below, Seq{5}, Hash{1})).empty());          // compared already
    CHECK(all<StoreReceipt>(receipt(below, Seq{5}, Hash{1})).size() == 1);  // the shell compares it

    auto other_head = greeted();
    CHECK(all<ReportOwnHead>(head(other_head, Seq{10}, Hash{1})).size() == 1);
    auto other_receipt = greeted();
    const auto effects = receipt(other_receipt, Seq{10}, Hash{1});
    CHECK(all<ReportOwnHead>(effects) == std::vector{ReportOwnHead{own.own(), Seq{10}, Hash{1}}});
    CHECK(all<StoreReceipt>(effects).empty());
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

}  // namespace gatehouse::sync::testing
