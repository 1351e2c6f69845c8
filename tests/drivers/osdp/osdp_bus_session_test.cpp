#include "drivers/osdp/osdp_bus_session.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/drivers/osdp/osdp_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::OsdpBench;
using test::OsdpFault;
using test::site_key;

namespace {

std::size_t frames_to(const OsdpBench& bench, std::uint8_t address) {
    return static_cast<std::size_t>(
        std::ranges::count_if(bench.written, [&](const auto& each) { return each.second[2] == address; }));
}

}  // namespace

TEST_CASE("A command that somebody waits for goes before the polls of all others.") {
    OsdpBench bench;
    for (std::uint8_t address = 0; address < 16; ++address) {
        bench.place(address);
        bench.bus.add_gate(OsdpBench::unit(address), {});
    }
    bench.plug();
    bench.run_for(5s);
    bench.written.clear();
    bench.ask(15, OpenRequested{OpenId{1}, Direction::entry});
    bench.run_for(20ms);
    const auto open = std::ranges::find_if(bench.written, [](const auto& each) { return each.second[6] == 0x68; });
    REQUIRE(open != bench.written.end());
    CHECK(open - bench.written.begin() <= 1);
}

TEST_CASE("a device's last answer is when it last answered, whatever the others say") {
    OsdpBench bench;
    for (std::uint8_t address = 0; address < 2; ++address) {
        bench.place(address);
        bench.bus.add_gate(OsdpBench::unit(address), {});
    }
    CHECK(bench.bus.last_answer(1) == Instant{});
    bench.plug();
    bench.run_for(2s);
    bench.places.at(1).present = false;
    const auto left = bench.now;
    bench.run_for(1s);
    CHECK(bench.bus.last_answer(0) > bench.now - 200ms);
    CHECK(bench.bus.last_answer(1) <= left + 20ms);
    CHECK(bench.bus.last_answer(1) > left - 200ms);
}

TEST_CASE("Who has waited longest is polled next.") {
    OsdpBench bench;
    for (std::uint8_t address = 0; address < 16; ++address) {
        bench.place(address);
        bench.bus.add_reader(OsdpBench::unit(address), {});
    }
    bench.plug();
    bench.run_for(5s);
    bench.written.clear();
    bench.run_for(10s);
    for (std::uint8_t address = 0; address < 16; ++address) {
        // A poll and its answer take 5 ms here, so 16 devices get theirs every 81 ms.
        CHECK(frames_to(bench, address) >= 120);
        CHECK(frames_to(bench, address) <= 130);
    }
}

TEST_CASE("An absent device holds the wire for a fraction of the time that a present one may take.") {
    OsdpBench bench;
    for (std::uint8_t address = 0; address < 4; ++address) {
        bench.place(address).present = address != 2;
        bench.bus.add_reader(OsdpBench::unit(address), {});
    }
    bench.plug();
    bench.run_for(10s);
    bench.written.clear();
    bench.run_for(60s);
    CHECK(frames_to(bench, 2) >= 55);
    CHECK(frames_to(bench, 2) <= 62);
    for (const auto address : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{3}})
        CHECK(frames_to(bench, address) >= 1'080);
    Duration longest{0};
    std::optional<Instant> last;
    for (const auto& [at, frame] : bench.written) {
        if (frame[2] != 0) continue;
        if (last) longest = std::max(longest, at - *last);
        last = at;
    }
    CHECK(longest <= 300ms);
}

TEST_CASE(
    "Many absent devices do not starve a present one: a quarter of the wire is theirs, and what delays it by little.") {
    for (const bool were_there : {false, true}) {
        OsdpBench bench;
        bench.turnaround = 15ms;  // with the octets of a poll and of its answer at 9600 baud
        for (std::uint8_t address = 0; address < 16; ++address) {
            bench.place(address).present = were_there || address == 7;
            bench.bus.add_reader(OsdpBench::unit(address), {});
        }
        bench.plug();
        bench.run_for(10s);
        for (auto& place : bench.places) place.present = place.device.address() == 7;
        bench.run_for(20s);
        bench.written.clear();
        bench.run_for(60s);
        CHECK(frames_to(bench, 7) >= 660);  // alone it has 1200
        for (std::uint8_t address = 0; address < 16; ++address) CHECK(frames_to(bench, address) >= 30);
        Duration longest{0};
        std::optional<Instant> last;
        for (const auto& [at, frame] : bench.written) {
            if (frame[2] != 7) continue;
            if (last) longest = std::max(longest, at - *last);
            last = at;
        }
        CHECK(longest <= 300ms);
        for (auto& place : bench.places) place.present = true;
        bench.readers.clear();
        bench.run_for(4s);
        CHECK(bench.readers.size() == 15);
    }
}

TEST_CASE(
    "After a silence who was heard last goes first: many that fall silent at once do not hide the one that speaks.") {
    OsdpBench bench;
    for (std::uint8_t address = 0; address < 16; ++address) {
        bench.place(address);
        bench.bus.add_gate(OsdpBench::unit(address), {});
    }
    bench.plug();
    bench.run_for(5s);
    for (auto& place : bench.places) place.present = place.device.address() == 7;
    bench.gates.clear();
    bench.run_for(3'300ms);  // each of the others was silent once
    bench.written.clear();
    bench.run_for(20s);
    std::optional<Instant> last;
    Duration longest{0};
    for (const auto& [at, frame] : bench.written) {
        if (frame[2] != 7) continue;
        if (last) longest = std::max(longest, at - *last);
        last = at;
    }
    CHECK(longest <= 300ms);
    CHECK(bench.count<ReportFault>(7) == 0);
    CHECK(std::ranges::count_if(bench.gates, [](const OsdpGateTold& told) {
              return told.report == GateReport{ReportFault{TurnstileFault::no_answer}};
          }) == 15);
}

TEST_CASE("A stray octet, or the panel's own echo, does not shorten the time that a reply may take.") {
    for (const bool echo : {false, true}) {
        for (const bool secure : {false, true}) {
            OsdpBench bench;
            auto& place = bench.place(1, secure ? std::optional(site_key) : std::nullopt, secure);
            const auto keys = secure ? std::vector{site_key} : std::vector<AesBlock>{};
            bench.bus.add_reader(OsdpBench::unit(1, keys), {});
            bench.turnaround = 100ms;
            bench.fault = [&](const Bytes& frame) {
                bench.wire.emplace(bench.now + 1ms, echo ? frame : Bytes{0});
                return OsdpFault::none;
            };
            bench.plug();
            bench.run_for(2s);
            place.device.read_card({9}, 8);
            bench.run_for(500ms);
            CHECK(bench.readers_told() ==
                  std::vector<OsdpReaderTold>{{1, UnitOnline{secure}}, {1, ReportScan{"09", {}}}});
        }
    }
}

TEST_CASE("A reader is asked what troubles it when it comes online, and until that is over.") {
    using Told = std::vector<OsdpReaderTold>;
    const auto troubled = [](ReaderTrouble trouble) { return OsdpReaderTold{5, ReportReaderTrouble{trouble}}; };
    OsdpBench bench;
    auto& device = bench.place(5).device;
    bench.bus.add_reader(OsdpBench::unit(5), {});
    device.set_tamper(true);  // and nobody was there to hear it
    device.forget_told();
    bench.plug();
    bench.run_for(10s);
    CHECK(bench.readers_told() == Told{{5, UnitOnline{false}}, troubled(ReaderTrouble::tampered)});
    device.set_tamper(false);
    device.forget_told();
    bench.run_for(3s);
    CHECK(bench.readers_told() == Told{troubled(ReaderTrouble::none)});
    device.set_tamper(true);
    device.read_card({7}, 8);
    bench.run_for(100ms);
    CHECK(bench.readers_told() == Told{troubled(ReaderTrouble::tampered), {5, ReportScan{"07", {}}}});
    device.set_tamper(false);
    bench.run_for(100ms);
    CHECK(bench.readers_told() == Told{troubled(ReaderTrouble::none)});
    device.restart();  // it tells that it had no power, and not that it has it again
    bench.run_for(10s);
    CHECK(bench.readers_told() == Told{troubled(ReaderTrouble::power_failed), troubled(ReaderTrouble::none)});
    bench.written.clear();
    bench.run_for(10s);
    for (const auto& [at, frame] : bench.written) CHECK(frame[6] == 0x60);
}

TEST_CASE("What one device answers never reaches another's gate or reader.") {
    OsdpBench bench;
    for (std::uint8_t address = 1; address <= 3; ++address) {
        bench.place(address);
        bench.bus.add_gate(OsdpBench::unit(address), {});
        bench.bus.add_reader(OsdpBench::unit(address), {});
    }
    bench.go_online();
    bench.fault = [&](const Bytes& frame) {
        const OsdpFrame other{3, true, static_cast<std::uint8_t>(frame[5] & 3U), true, {}, 0x50, {0, 0, 8, 0, 7}, {}};
        if (frame[2] == 1) bench.wire.emplace(bench.now + 1ms, encode_osdp(other));
        return OsdpFault::none;
    };
    bench.places[1].device.set_input(0, true);
    bench.places[1].device.read_card({9}, 8);
    bench.run_for(1s);
    CHECK(bench.gates_told() == std::vector<OsdpGateTold>{{2, ReportPassed{Direction::entry}}});
    CHECK(bench.readers_told() == std::vector<OsdpReaderTold>{{2, ReportScan{"09", {}}}});
}

TEST_CASE("light, buzzer and display say what became of a scan, and wait behind an opening") {
    OsdpBench bench;
    auto& place = bench.place(5);
    bench.bus.add_gate(OsdpBench::unit(5), {});
    bench.go_online();
    bench.written.clear();
    bench.ask(5, SignRequested{VerdictSign::welcome, "2 persons"});
    bench.ask(5, OpenRequested{OpenId{1}, Direction::entry});
    bench.run_for(1s);
    CHECK(place.pulses == 1);
    REQUIRE(place.shown.size() == 3);
    CHECK(place.shown[2] == std::pair<std::string, std::string>{"text", "2 persons"});
    std::vector<std::uint8_t> codes;
    for (const auto& [at, frame] : bench.written)
        if (frame[6] != 0x60 && frame[6] != 0x65) codes.push_back(frame[6]);
    CHECK(codes.front() == 0x68);
}

TEST_CASE("signs go to the reader that is configured, and to the first where none is") {
    for (const std::optional<std::uint8_t> reader : {std::optional<std::uint8_t>(2), std::optional<std::uint8_t>()}) {
        OsdpBench bench;
        bench.place(5);
        OsdpCardReaderOptions options;
        options.reader = reader;
        bench.bus.add_reader(OsdpBench::unit(5), options);
        bench.go_online();
        bench.written.clear();
        bench.ask(5, SignRequested{VerdictSign::refused, "Ticket expired"});
        bench.run_for(1s);
        std::vector<std::pair<std::uint8_t, std::uint8_t>> signs;  // command, reader
        for (const auto& [at, frame] : bench.written)
            if (frame[6] >= 0x69 && frame[6] <= 0x6b) signs.emplace_back(frame[6], frame[7]);
        const auto number = reader.value_or(0);
        CHECK(signs == std::vector<std::pair<std::uint8_t, std::uint8_t>>{
                           {std::uint8_t{0x69}, number}, {std::uint8_t{0x6a}, number}, {std::uint8_t{0x6b}, number}});
    }
}

TEST_CASE("a unit that answers nothing but noise is absent, and does not keep the wire") {
    OsdpBench bench;
    bench.place(1).present = false;
    bench.place(2);
    bench.bus.add_reader(OsdpBench::unit(1), {});
    bench.bus.add_reader(OsdpBench::unit(2), {});
    bench.fault = [&](const Bytes& frame) {
        for (int i = 1; frame[2] == 1 && i < 200; ++i)
            bench.wire.emplace(bench.now + 10ms * i, Bytes{0x53, 0x81, 0xff});
        return OsdpFault::none;
    };
    bench.plug();
    bench.run_for(5s);
    CHECK(std::ranges::count(bench.readers, OsdpReaderTold{1, UnitLost{UnitLoss::no_answer}}) == 1);
    CHECK(std::ranges::count(bench.readers, OsdpReaderTold{2, UnitOnline{false}}) == 1);
}

// Any sequence of requests, card reads, passages, losses, unplugging and noise, in clear and in a channel.
TEST_CASE("Every open request is answered by exactly one ReportOpened or ReportOpenFailed.") {
    CHECK(rc::check([] {
        const bool secure = *rc::gen::arbitrary<bool>();
        const auto keys = secure ? std::vector{site_key} : std::vector<AesBlock>{};
        OsdpBench bench;
        // In clear a copy of an answer that is later than the standard's 200 ms may bear the number of the third
        // command after its own, and nothing but the reader's dedupe tells it from another read of the card.
        OsdpCardReaderOptions every_read;
        if (secure) every_read.dedupe = 0ms;
        for (std::uint8_t address = 1; address <= 2; ++address) {
            bench.place(address, secure ? std::optional(site_key) : std::nullopt, secure);
            bench.bus.add_gate(OsdpBench::unit(address, keys), {});
            bench.bus.add_reader(OsdpBench::unit(address, keys), every_read);
        }
        const auto faults = *rc::gen::container<std::vector<int>>(80, rc::gen::inRange(0, 20));
        std::size_t next = 0;
        bench.fault = [&](const Bytes&) {
            const int fault = next < faults.size() ? faults[next++] : 0;
            return fault >= 1 && fault <= 6 ? static_cast<OsdpFault>(fault) : OsdpFault::none;
        };
        std::uint64_t asked = 0;
        std::size_t cards = 0;
        std::size_t passages = 0;
        bool unplugged = false;
        bool disturbed = false;
        auto& place = bench.places.front();
        for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 11))) {
            switch (step) {
                case 0:
                    unplugged = unplugged || bench.up;
                    bench.plug();
                    break;
                case 1:
                    bench.unplug();
                    unplugged = true;
                    break;
                case 2: bench.ask(1, OpenRequested{OpenId{++asked}, Direction::entry}); break;
                case 3: place.device.read_card({static_cast<std::uint8_t>(++cards)}, 8); break;
                case 4:
                    if (!place.device.input(0)) ++passages;
                    place.device.set_input(0, true);
                    break;
                case 5: place.device.set_input(0, false); break;
                case 6:
                    if (bench.up) bench.tell(BytesRead{*rc::gen::nonEmpty<Bytes>()});
                    break;
                case 7:
                    place.device.restart();  // what it had not told is gone with its power
                    disturbed = true;
                    break;
                case 8: bench.run_for(40ms); break;
                default: bench.run_for(700ms); break;
            }
        }
        if (!bench.up) bench.plug();
        bench.run_for(30s);
        std::map<std::uint64_t, int> answers;
        std::size_t opened = 0;
        for (const auto& told : bench.gates) {
            if (const auto* done = std::get_if<ReportOpened>(&told.report)) {
                ++answers[done->id.value];
                ++opened;
            }
            if (const auto* failed = std::get_if<ReportOpenFailed>(&told.report)) ++answers[failed->id.value];
        }
        for (std::uint64_t id = 1; id <= asked; ++id) RC_ASSERT(answers[id] == 1);
        RC_ASSERT(place.pulses <= asked);   // no open without request, none doubled
        RC_ASSERT(opened <= place.pulses);  // none that was only said
        RC_ASSERT(bench.count<ReportPassed>(1) <= passages);
        RC_ASSERT(bench.scans(1).size() <= cards);
        RC_ASSERT(bench.scans(2).empty());
        // No card read is lost while the device keeps its power and its link; the faults are too few in a row to lose
        // it.
        const bool lost = std::ranges::any_of(bench.readers, [](const OsdpReaderTold& told) {
            return told.address == 1 && std::holds_alternative<UnitLost>(told.report);
        });
        if (!unplugged && !disturbed && !lost) RC_ASSERT(bench.scans(1).size() == cards);
        RC_ASSERT(!bench.bus.deadline() || *bench.bus.deadline() >= bench.now);
    }));
}
