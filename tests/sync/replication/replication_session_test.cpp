#include "tests/sync/replication/session_rig.hpp"

namespace gatehouse::sync::testing {

namespace {
using Rig = SessionRig;
}  // namespace

using std::chrono::seconds;

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

TEST_CASE("a resync is not told of more records than it sent") {
    const auto answered = [](std::uint32_t accepted, std::uint32_t duplicate, std::uint32_t parked) {
        Rig rig;
        Machine own{rig.authority, self};
        own.append(10);
        (void)rig.tell(JournalsGrown{{own.held(own.own())}});
        (void)rig.greet();
        (void)rig.tell(ResyncAsked{7, own.own(), Seq{1}, Seq{10}});
        const auto loads = all<LoadBatch>(rig.say(Want{1, own.own(), Seq{1}, Seq{10}, 4, 7}));
        REQUIRE(loads.size() == 1);
        (void)rig.tell(own.load(loads[0]));
        return rig.say(Stored{1, own.own(), Seq{10}, accepted, duplicate, parked, 0, {}, 1, {}});
    };
    ReportResync report{7, Seq{10}, 10, 2, 8, 1, 0, true, false};
    CHECK(all<ReportResync>(answered(2, 8, 1)) == std::vector{report});
    CHECK(reason(answered(3, 8, 0)) == HangUpReason::protocol);
    CHECK(reason(answered(256, 0, 0)) == HangUpReason::protocol);
    CHECK(reason(answered(0, 10, 11)) == HangUpReason::protocol);
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
