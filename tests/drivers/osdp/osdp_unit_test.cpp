#include "drivers/osdp/osdp_unit.hpp"

#include <doctest/doctest.h>

#include "tests/drivers/osdp/osdp_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::OsdpBench;
using test::OsdpFault;
using test::site_key;

namespace {

const AesBlock old_key{99};

// The code of a command on the wire, behind the mark and the security block.
std::uint8_t code_of(const Bytes& frame) {
    const std::size_t at = 6;
    return (frame[5] & 8U) != 0 ? frame[at + frame[at]] : frame[at];
}
unsigned sequence_of(const Bytes& frame) { return frame[5] & 3U; }

OsdpReaderReport last_state(const OsdpBench& bench) {
    OsdpReaderReport state;
    for (const auto& told : bench.readers)
        if (std::holds_alternative<UnitOnline>(told.report) || std::holds_alternative<UnitLost>(told.report))
            state = told.report;
    return state;
}

}  // namespace

TEST_CASE("a device in clear: polled, asked who it is, and online within its first tenth of a second") {
    OsdpBench bench;
    bench.place(5);
    bench.bus.add_reader(OsdpBench::unit(5), {});
    bench.plug();
    bench.run_for(100ms);
    std::vector<std::pair<std::uint8_t, unsigned>> commands;
    for (const auto& [at, frame] : bench.written) commands.emplace_back(code_of(frame), sequence_of(frame));
    commands.resize(5);
    CHECK(commands ==
          std::vector<std::pair<std::uint8_t, unsigned>>{{0x60, 0}, {0x61, 1}, {0x62, 2}, {0x64, 3}, {0x60, 1}});
    CHECK(last_state(bench) == OsdpReaderReport{UnitOnline{false}});
}

TEST_CASE(
    "A command whose answer was lost is repeated octet for octet, so that a device does it once and gives its reply "
    "again.") {
    for (const auto fault : {OsdpFault::request_lost, OsdpFault::answer_lost, OsdpFault::answer_garbled,
                             OsdpFault::half_answer, OsdpFault::late_answer}) {
        OsdpBench bench;
        auto& device = bench.place(5);
        bench.bus.add_gate(OsdpBench::unit(5), {});
        bench.bus.add_reader(OsdpBench::unit(5), {});
        bench.go_online();
        int faults = 2;
        bench.fault = [&](const Bytes& frame) {
            return (code_of(frame) == 0x68 || code_of(frame) == 0x60) && faults-- > 0 ? fault : OsdpFault::none;
        };
        device.device.read_card({4, 0xa1, 0xb2, 0xc3}, 32);
        bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
        bench.run_for(900ms);
        CHECK(device.pulses == 1);
        CHECK(bench.count<ReportOpened>(5) == 1);
        CHECK(bench.scans(5) == std::vector<std::string>{"04A1B2C3"});
        CHECK(bench.count<ReportFault>(5) == 0);
    }
}

TEST_CASE("A reply counts once, and only for the command that it answers.") {
    OsdpBench bench;
    auto& device = bench.place(5);
    OsdpCardReaderOptions every_read;
    every_read.dedupe = 0ms;
    bench.bus.add_reader(OsdpBench::unit(5), every_read);
    bench.go_online();
    bench.fault = [](const Bytes&) { return OsdpFault::answer_twice; };
    for (int i = 0; i < 20; ++i) {
        device.device.read_card({1}, 8);
        bench.run_for(70ms);
    }
    CHECK(bench.scans(5).size() == 20);
}

TEST_CASE("a late copy of what was asked for twice is not taken for another read, though the numbers have come round") {
    OsdpUnit unit(OsdpBench::unit(5));
    Instant now = test::at_ms(0);
    const auto ask = [&] { (void)unit.step(WireOffered{}, now); };
    const auto hear = [&](std::uint8_t sequence, std::uint8_t code, const Bytes& data = {}) {
        return unit.step(ReplyHeard{{5, true, sequence, true, {}, code, data, {}}}, now);
    };
    const auto card = [](std::uint8_t number) { return Bytes{0, 0, 8, 0, number}; };
    const auto told = [](std::uint8_t number) { return OsdpUnitEffects{UnitTold{OsdpCard{0, 0, 8, {number}}}}; };
    (void)unit.step(LinkUp{}, now);
    for (const auto sequence : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
        ask();
        (void)hear(sequence, 0x40);
    }
    ask();
    now = test::at_ms(209);
    (void)unit.step(ReplyMissed{}, now);
    ask();
    now = test::at_ms(212);
    CHECK(hear(3, 0x50, card(1)) == told(1));
    for (const auto sequence : {std::uint8_t{1}, std::uint8_t{2}}) {
        ask();
        CHECK(hear(sequence, 0x50, card(static_cast<std::uint8_t>(sequence + 1))) ==
              told(static_cast<std::uint8_t>(sequence + 1)));
    }
    ask();
    now = test::at_ms(233);
    CHECK(hear(3, 0x50, card(1)).empty());
    CHECK(hear(3, 0x50, card(4)) == told(4));
    for (const auto sequence : {std::uint8_t{1}, std::uint8_t{2}}) {
        ask();
        (void)hear(sequence, 0x40);
    }
    now = test::at_ms(650);
    ask();
    CHECK(hear(3, 0x50, card(1)) == told(1));  // now it is another read
}

TEST_CASE("An online device has its whole time to answer, however quick it usually is.") {
    for (const auto late : {60ms, 70ms, 100ms, 150ms, 199ms}) {
        OsdpBench bench;
        auto& device = bench.place(5);
        bench.bus.add_reader(OsdpBench::unit(5), {});
        bench.go_online();
        bench.written.clear();
        int slow = 1;
        bench.fault = [&](const Bytes&) {
            bench.turnaround = slow-- > 0 ? late : 3ms;
            return OsdpFault::none;
        };
        device.device.read_card({4, 0xa1, 0xb2, 0xc3}, 32);
        bench.run_for(1s);
        const auto repeat = std::ranges::adjacent_find(bench.written, {}, &std::pair<Instant, Bytes>::second);
        CHECK(repeat == bench.written.end());
        CHECK(bench.readers_told() == std::vector<OsdpReaderTold>{{5, ReportScan{"04A1B2C3", {}}}});
    }
}

TEST_CASE(
    "A device that is silent for a moment keeps its number, its channel and its octets, and so what it had to say.") {
    for (const auto& keys : {std::vector<AesBlock>{}, std::vector{site_key}}) {
        for (const auto away : {300ms, 600ms, 800ms, 1'000ms}) {
            OsdpBench bench;
            auto& device = bench.place(5, keys.empty() ? std::optional<AesBlock>() : site_key, !keys.empty());
            bench.bus.add_gate(OsdpBench::unit(5, keys), {});
            bench.bus.add_reader(OsdpBench::unit(5, keys), {});
            bench.go_online();
            bench.written.clear();
            const auto back = bench.now + away;
            bench.fault = [&](const Bytes&) { return bench.now < back ? OsdpFault::answer_lost : OsdpFault::none; };
            device.device.read_card({4, 0xa1, 0xb2, 0xc3}, 32);
            device.device.set_input(0, true);
            bench.run_for(2s);
            CHECK(bench.readers_told() == std::vector<OsdpReaderTold>{{5, ReportScan{"04A1B2C3", {}}}});
            CHECK(bench.gates_told() == std::vector<OsdpGateTold>{{5, ReportPassed{Direction::entry}}});
            CHECK(std::ranges::none_of(bench.written, [](const auto& each) { return sequence_of(each.second) == 0; }));
        }
    }
}

TEST_CASE("a silent device's commands are answered after two repeats, and it is lost after more than a second") {
    OsdpUnit unit(OsdpBench::unit(5));
    const auto start = test::at_ms(0);
    const auto heard = [&](std::uint8_t sequence, Instant now) {
        return unit.step(ReplyHeard{{5, true, sequence, true, {}, 0x40, {}, {}}}, now);
    };
    (void)unit.step(LinkUp{}, start);
    for (const auto sequence : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
        (void)unit.step(WireOffered{}, start);
        (void)heard(sequence, start);
    }
    const auto open = osdp_out(0, OsdpOutput::pulse, 5);
    CHECK(unit.step(CommandAsked{1, open}, start).empty());
    CHECK(unit.step(CommandAsked{2, open}, start).empty());
    const OsdpFrame frame{5, false, 3, true, {}, 0x68, open.data, {}};
    const OsdpUnitEffects sent{Transmit{encode_osdp(frame), 200ms}};
    for (const int ms : {0, 210}) {
        CHECK(unit.step(WireOffered{}, test::at_ms(ms)) == sent);
        CHECK(unit.step(ReplyMissed{}, test::at_ms(ms + 210)).empty());
    }
    CHECK_FALSE(unit.seems_absent());
    CHECK(unit.step(WireOffered{}, test::at_ms(420)) == sent);
    CHECK(unit.step(ReplyMissed{}, test::at_ms(630)) ==
          OsdpUnitEffects{CommandUnanswered{1, true}, CommandUnanswered{2, false}});
    CHECK(unit.seems_absent());
    CHECK(unit.step(CommandAsked{3, open}, test::at_ms(640)) == OsdpUnitEffects{CommandUnanswered{3, false}});

    auto back = unit;
    CHECK(back.step(WireOffered{}, test::at_ms(650)) == sent);
    CHECK(back.step(ReplyHeard{{5, true, 3, true, {}, 0x40, {}, {}}}, test::at_ms(660)).empty());
    CHECK_FALSE(back.seems_absent());
    const OsdpFrame next{5, false, 1, true, {}, 0x68, open.data, {}};
    CHECK(back.step(CommandAsked{4, open}, test::at_ms(670)).empty());
    CHECK(back.step(WireOffered{}, test::at_ms(670)) == OsdpUnitEffects{Transmit{encode_osdp(next), 200ms}});

    for (const int ms : {650, 900}) {
        CHECK(unit.step(WireOffered{}, test::at_ms(ms)) == sent);
        CHECK(unit.step(ReplyMissed{}, test::at_ms(ms + 210)).empty());
    }
    CHECK(unit.step(WireOffered{}, test::at_ms(1'110)) == sent);
    CHECK(unit.step(ReplyMissed{}, test::at_ms(1'320)) == OsdpUnitEffects{UnitLost{UnitLoss::no_answer}});
}

TEST_CASE(
    "A command that is called unanswered is not repeated later than the patience after it was first sent, however busy "
    "the wire.") {
    OsdpUnit unit(OsdpBench::unit(5));
    (void)unit.step(LinkUp{}, test::at_ms(0));
    for (const auto sequence : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
        (void)unit.step(WireOffered{}, test::at_ms(0));
        (void)unit.step(ReplyHeard{{5, true, sequence, true, {}, 0x40, {}, {}}}, test::at_ms(0));
    }
    (void)unit.step(CommandAsked{1, osdp_out(0, OsdpOutput::pulse, 5)}, test::at_ms(0));
    for (const int ms : {0, 210, 420}) {
        (void)unit.step(WireOffered{}, test::at_ms(ms));
        (void)unit.step(ReplyMissed{}, test::at_ms(ms + 210));
    }
    auto in_time = unit;
    const OsdpFrame open{5, false, 3, true, {}, 0x68, osdp_out(0, OsdpOutput::pulse, 5).data, {}};
    CHECK(in_time.step(WireOffered{}, test::at_ms(1'190)) == OsdpUnitEffects{Transmit{encode_osdp(open), 200ms}});
    const OsdpFrame probe{5, false, 0, true, {}, 0x60, {}, {}};
    const auto late = unit.step(WireOffered{}, test::at_ms(1'200));
    REQUIRE(late.size() == 2);
    CHECK(late.front() == OsdpUnitEffect{UnitLost{UnitLoss::no_answer}});
    CHECK(std::get<Transmit>(late.back()).frame == encode_osdp(probe));
}

TEST_CASE("a device that is slower than the one that was there before is found") {
    OsdpBench bench;
    bench.place(5);
    bench.bus.add_reader(OsdpBench::unit(5), {});
    bench.go_online();
    bench.places.front().present = false;
    bench.run_for(10s);
    bench.places.front().present = true;
    bench.turnaround = 150ms;
    bench.run_for(20s);
    CHECK(last_state(bench) == OsdpReaderReport{UnitOnline{false}});
}

TEST_CASE("a busy device is asked again, and what it was asked is done once") {
    OsdpBench bench;
    auto& device = bench.place(5);
    bench.bus.add_gate(OsdpBench::unit(5), {});
    bench.go_online();
    int busy = 3;
    bench.fault = [&](const Bytes& frame) {
        if (code_of(frame) != 0x68 || busy-- <= 0) return OsdpFault::none;
        bench.wire.emplace(bench.now + 3ms, encode_osdp({5, true, 0, true, {}, 0x79, {}, {}}));
        return OsdpFault::request_lost;
    };
    bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    bench.run_for(300ms);
    CHECK(device.pulses == 1);
    CHECK(bench.count<ReportOpened>(5) == 1);
}

TEST_CASE("With keys nothing counts but what the device has proven, and nothing but the handshake is sent in clear.") {
    OsdpBench bench;
    auto& device = bench.place(5, site_key, true);
    bench.bus.add_gate(OsdpBench::unit(5, {site_key}), {});
    bench.bus.add_reader(OsdpBench::unit(5, {site_key}), {});
    bench.plug();
    bench.run_for(1s);
    CHECK(device.device.has_channel());
    CHECK(last_state(bench) == OsdpReaderReport{UnitOnline{true}});
    bool in_channel = false;
    for (const auto& [at, frame] : bench.written) {
        const bool secured = (frame[5] & 8U) != 0 && frame[7] >= 0x15;
        in_channel = in_channel || secured;
        if (!secured)
            CHECK(
                (code_of(frame) == 0x61 || code_of(frame) == 0x62 || code_of(frame) == 0x76 || code_of(frame) == 0x77));
        if (in_channel) CHECK(secured);
    }
    device.device.read_card({4, 0xa1, 0xb2, 0xc3}, 32);
    bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    bench.run_for(100ms);
    CHECK(device.pulses == 1);
    CHECK(bench.scans(5) == std::vector<std::string>{"04A1B2C3"});

    // Somebody else on the wires answers in clear, with the right sequence number: it counts for nothing.
    bench.readers.clear();
    bench.fault = [&](const Bytes& frame) {
        const OsdpFrame forged{5, true, static_cast<std::uint8_t>(sequence_of(frame)), true, {}, 0x50, {0, 0, 8, 0, 7},
                               {}};
        bench.wire.emplace(bench.now + 1ms, encode_osdp(forged));
        return OsdpFault::none;
    };
    bench.run_for(1s);
    CHECK(bench.scans(5).empty());
    CHECK(bench.readers.empty());

    // The same while it is looked for: a device that answers in clear, too, keeps what it has for the channel.
    for (const auto away : {1s, 2s, 3s, 4s}) {
        OsdpBench lost;
        auto& reader = lost.place(5, site_key, false);
        lost.bus.add_reader(OsdpBench::unit(5, {site_key}), {});
        lost.go_online();
        reader.present = false;
        lost.run_for(away);
        reader.device.forget_panel();
        reader.device.read_card({4, 0xa1, 0xb2, 0xc3}, 32);
        reader.present = true;
        lost.run_for(3s);
        if (away == 1s)
            CHECK(lost.readers.size() == 1);  // it was not lost yet: nothing but the card is told
        else
            CHECK(last_state(lost) == OsdpReaderReport{UnitOnline{true}});
        CHECK(lost.scans(5) == std::vector<std::string>{"04A1B2C3"});
        for (const auto& [at, frame] : lost.written) CHECK((code_of(frame) != 0x60 || (frame[5] & 8U) != 0));
    }
}

TEST_CASE("A device with an old or the default key gets the site's key, when the settings list that key.") {
    for (const std::optional<AesBlock> its : {std::optional(old_key), std::optional<AesBlock>()}) {
        OsdpBench bench;
        auto& device = bench.place(5, its, true);
        bench.bus.add_reader(OsdpBench::unit(5, {site_key, old_key, osdp_default_key}), {});
        bench.plug();
        bench.run_for(2s);
        CHECK(last_state(bench) == OsdpReaderReport{UnitOnline{true}});
        CHECK(device.device.has_site_key());
        CHECK(device.shown == std::vector<std::pair<std::string, std::string>>{{"keyset", ""}});
    }
}

TEST_CASE("a device with another key is not trusted, and in clear neither is one that demands a channel") {
    OsdpBench bench;
    bench.place(5, old_key, true);
    bench.place(6, old_key, true);
    bench.bus.add_reader(OsdpBench::unit(5, {site_key}), {});
    bench.bus.add_reader(OsdpBench::unit(6), {});
    auto keyless = OsdpBench::unit(7);
    keyless.secure = true;
    bench.place(7);
    bench.bus.add_reader(keyless, {});
    bench.plug();
    bench.run_for(1s);
    for (const auto address : {std::uint8_t{5}, std::uint8_t{6}, std::uint8_t{7}}) {
        const OsdpReaderTold untrusted{address, UnitLost{UnitLoss::not_trusted}};
        CHECK(std::ranges::count(bench.readers, untrusted) >= 1);
    }
}

TEST_CASE("a device that restarts in the middle of a channel is back in it, and an open on the way is not done twice") {
    OsdpBench bench;
    auto& device = bench.place(5, site_key, true);
    bench.bus.add_gate(OsdpBench::unit(5, {site_key}), {});
    bench.go_online();
    device.device.restart();
    bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    bench.run_for(1s);
    CHECK(device.device.has_channel());
    CHECK(bench.count<ReportOpened>(5) + bench.count<ReportOpenFailed>(5) == 1);
    CHECK(device.pulses == bench.count<ReportOpened>(5));
}

TEST_CASE("A lost device is probed for ever, and is back within two seconds of its first answer.") {
    for (const auto& keys : {std::vector<AesBlock>{}, std::vector{site_key}}) {
        OsdpBench bench;
        auto& device = bench.place(5, keys.empty() ? std::optional<AesBlock>() : site_key, !keys.empty());
        bench.bus.add_reader(OsdpBench::unit(5, keys), {});
        bench.go_online();
        device.present = false;
        bench.run_for(1h);
        CHECK(last_state(bench) == OsdpReaderReport{UnitLost{UnitLoss::no_answer}});
        device.present = true;
        bench.run_for(2s);
        CHECK(last_state(bench) == OsdpReaderReport{UnitOnline{!keys.empty()}});
    }
}

TEST_CASE("Every command ends in one answered or unanswered.") {
    OsdpUnit unit(OsdpBench::unit(5));
    const auto now = test::at_ms(0);
    CHECK(unit.step(CommandAsked{1, osdp_out(0, OsdpOutput::pulse, 5)}, now) ==
          OsdpUnitEffects{CommandUnanswered{1, false}});
    (void)unit.step(LinkUp{}, now);
    for (const auto sequence : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
        (void)unit.step(WireOffered{}, now);
        (void)unit.step(ReplyHeard{{5, true, sequence, true, {}, 0x40, {}, {}}}, now);
    }
    for (std::uint32_t tag = 1; tag <= 17; ++tag)
        (void)unit.step(CommandAsked{tag, osdp_out(0, OsdpOutput::on, 0)}, now);
    (void)unit.step(WireOffered{}, now);
    OsdpUnitEffects lost;
    for (std::uint32_t tag = 1; tag <= 16; ++tag) lost.emplace_back(CommandUnanswered{tag, tag == 1});
    lost.emplace_back(UnitLost{UnitLoss::link_down});
    CHECK(unit.step(LinkDown{}, now) == lost);
}
