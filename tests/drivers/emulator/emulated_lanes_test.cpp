// The OSDP, bytes and GPIO turnstiles over real ptys and sockets, against the emulated devices.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::VenueBench;

namespace {

const std::string key_text = "000102030405060708090A0B0C0D0E0F";

// A turnstile on lines that others may share.
struct Gate {
    Gate(TurnstileLines& lines, const DeviceSettings& settings) {
        auto added = lines.add(make_turnstile(settings).value(),
                               {[this](const TurnstileEffect& effect) { reports.push_back(effect); },
                                [this](const LinkState& link) { last_error = link.error; }});
        pump = std::move(added.value());
    }
    template <class Report>
    [[nodiscard]] long count() const {
        return std::ranges::count_if(reports,
                                     [](const TurnstileEffect& each) { return std::holds_alternative<Report>(each); });
    }
    std::vector<TurnstileEffect> reports;
    std::string last_error;
    std::unique_ptr<TurnstilePump> pump;
};

struct Reader {
    Reader(TurnstileLines& lines, const DeviceSettings& settings) {
        ScannerPump::Handler handler;
        handler.scanned = [this](const ReportScan& scan) { texts.push_back(scan.text); };
        handler.link = [this](const LinkState& link) { up = link.up; };
        handler.troubled = [this](const ReportReaderTrouble& said) { trouble = said.trouble; };
        pump = std::move(lines.add_reader(make_card_reader(settings).value(), std::move(handler)).value());
    }
    std::vector<std::string> texts;
    bool up = false;
    ReaderTrouble trouble = ReaderTrouble::none;
    std::unique_ptr<ScannerPump> pump;
};

std::uint64_t opened(VenueBench& bench, const char* device) {
    return bench.ask({{"device", device}, {"do", "state"}}).at("opened").as_uint64();
}

}  // namespace

TEST_CASE("three OSDP devices on one pair of wires: in a channel, in clear and one that is away") {
    for (const std::string plug : {"link = \"bus\"", "tcp = \"127.0.0.1:0\""}) {
        VenueBench bench("[[osdp]]\nname = \"secure\"\naddress = 1\ndelay_ms = 20\nkey = \"" + key_text +
                         "\"\ndemands_channel = true\n" + plug + "\n[[osdp]]\nname = \"clear\"\naddress = 2\n" + plug +
                         "\n[[osdp]]\nname = \"away\"\naddress = 3\n" + plug);
        std::ofstream(bench.scratch / "key") << key_text << '\n';
        bench.ask({{"device", "away"}, {"do", "power"}, {"on", false}});
        TurnstileLines lines(bench.io);
        const auto at = [&](std::int64_t address, std::vector<Setting> settings) {
            settings.push_back({"address", address});
            return bench.at("osdp", "clear", std::move(settings));
        };
        const Setting key{"scbk_file", (bench.scratch / "key").string()};
        Gate secure(lines, at(1, {key, {"output", Numbers{0, 1}}, {"poll_ms", std::int64_t{20}}}));
        Reader card(lines, at(1, {key}));
        Gate clear(lines, at(2, {{"output", std::int64_t{0}}}));
        Gate away(lines, at(3, {{"output", std::int64_t{0}}}));
        REQUIRE(bench.until([&] { return secure.count<ReportOnline>() == 1 && clear.count<ReportOnline>() == 1; }));
        CHECK(bench.ask({{"device", "secure"}, {"do", "state"}}).at("secure").as_bool());
        CHECK(card.up);
        REQUIRE(bench.until([&] { return away.count<ReportFault>() == 1; }));

        bench.ask({{"device", "secure"}, {"do", "card"}, {"hex", "04A1B2C3"}});
        REQUIRE(bench.until([&] { return !card.texts.empty(); }));
        CHECK(card.texts == std::vector<std::string>{"04A1B2C3"});
        secure.pump->open(OpenId{1}, Direction::entry);
        REQUIRE(bench.until([&] { return secure.count<ReportPassed>() == 1; }));
        CHECK(secure.reports.back() == TurnstileEffect{ReportPassed{Direction::entry}});
        CHECK(opened(bench, "secure") == 1);
        CHECK(opened(bench, "clear") == 0);
        bench.ask({{"device", "away"}, {"do", "power"}, {"on", true}});
        REQUIRE(bench.until([&] { return away.count<ReportOnline>() == 1; }));
        CHECK(clear.count<ReportFault>() == 0);
    }
}

TEST_CASE("an OSDP device whose answers are disturbed loses no opening and no card, and doubles none") {
    for (const char* kind : {"silence", "deaf", "garbage", "bad_crc", "half_frame", "late", "repeat"}) {
        VenueBench bench("[[osdp]]\nname = \"d\"\nlink = \"bus\"\nwalk = \"stay\"");
        TurnstileLines lines(bench.io);
        Gate gate(lines, bench.at("osdp", "d", {{"output", std::int64_t{0}}}));
        Reader card(lines, bench.at("osdp", "d", {{"dedupe_ms", std::int64_t{0}}}));
        REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
        bench.ask({{"device", "d"}, {"do", "fault"}, {"kind", kind}, {"count", 2}, {"ms", 230}});
        bench.ask({{"device", "d"}, {"do", "card"}, {"hex", "0102"}});
        gate.pump->open(OpenId{1}, Direction::entry);
        REQUIRE(bench.until([&] { return gate.count<ReportOpened>() == 1 && card.texts.size() == 1; }));
        CHECK(opened(bench, "d") == 1);
        CHECK(gate.count<ReportFault>() == 0);
    }
}

TEST_CASE("an OSDP reader shows what became of a scan: light, buzzer and words, on the reader that is configured") {
    VenueBench bench("[[osdp]]\nname = \"d\"\nlink = \"bus\"");
    TurnstileLines lines(bench.io);
    Reader card(lines, bench.at("osdp", "d", {{"reader", std::int64_t{1}}}));
    REQUIRE(bench.until([&] { return card.up; }));
    card.pump->show(VerdictSign::refused, "Ticket already used");
    const auto told = [&](std::string_view event) {
        std::string detail;
        const auto events = bench.ask({{"do", "events"}, {"since", 0}, {"device", "d"}}).at("events").as_array();
        for (const auto& each : events)
            if (each.at("event").as_string() == event) detail = each.at("detail").as_string();
        return detail;
    };
    REQUIRE(bench.until([&] { return !told("text").empty(); }));
    CHECK(told("text") == "Ticket already used");
    CHECK(told("led").starts_with("0100"));
    CHECK(told("buzzer").starts_with("0102"));
}

TEST_CASE("an OSDP reader that is torn off the wall says so, until it is back in its place") {
    VenueBench bench("[[osdp]]\nname = \"d\"\nlink = \"bus\"");
    TurnstileLines lines(bench.io);
    Reader card(lines, bench.at("osdp", "d", {}));
    REQUIRE(bench.until([&] { return card.up; }));
    bench.ask({{"device", "d"}, {"do", "tamper"}, {"active", true}});
    REQUIRE(bench.until([&] { return card.trouble == ReaderTrouble::tampered; }));
    bench.ask({{"device", "d"}, {"do", "tamper"}, {"active", false}});
    REQUIRE(bench.until([&] { return card.trouble == ReaderTrouble::none; }));
    CHECK(card.up);
}

TEST_CASE("an OSDP line that is pulled is a fault at once, and back by itself") {
    VenueBench bench("[[osdp]]\nname = \"d\"\nlink = \"bus\"");
    TurnstileLines lines(bench.io);
    Gate gate(lines, bench.at("osdp", "d", {{"output", std::int64_t{0}}}));
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
    bench.ask({{"device", "d"}, {"do", "unplug"}});
    REQUIRE(bench.until([&] { return gate.count<ReportFault>() == 1; }));
    CHECK(gate.reports.back() == TurnstileEffect{ReportFault{TurnstileFault::link_down}});
    bench.ask({{"device", "d"}, {"do", "plug"}});
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 2; }));
}

TEST_CASE("an OSDP device without a readable key is not spoken with in clear, and says which file is missing") {
    VenueBench bench("[[osdp]]\nname = \"d\"\nlink = \"bus\"");
    TurnstileLines lines(bench.io);
    Gate gate(lines, bench.at("osdp", "d", {{"output", std::int64_t{0}}, {"scbk_file", std::string("/nowhere/key")}}));
    REQUIRE(bench.until([&] { return gate.count<ReportFault>() == 1; }));
    CHECK(gate.reports.back() == TurnstileEffect{ReportFault{TurnstileFault::not_trusted}});
    CHECK(gate.last_error == "/nowhere/key cannot be read");
}

TEST_CASE("a Digicon turnstile opens, is passed and comes back, its answers disturbed or not") {
    VenueBench bench("[[controller]]\nname = \"c\"\nlink = \"c\"\ndelay_ms = 10");
    TurnstileLines lines(bench.io);
    Gate gate(lines, bench.at("bytes", "c", {{"words", std::string("digicon")}, {"pass_ms", std::int64_t{200}}}));
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
    gate.pump->open(OpenId{1}, Direction::exit);
    REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == 1; }));
    CHECK(gate.reports.back() == TurnstileEffect{ReportPassed{Direction::exit}});
    bench.ask({{"device", "c"}, {"do", "fault"}, {"kind", "silence"}});
    gate.pump->open(OpenId{2}, Direction::entry);
    REQUIRE(bench.until([&] { return gate.count<ReportOpenFailed>() == 1; }));
    CHECK(std::ranges::count(gate.reports, TurnstileEffect{ReportOpenFailed{OpenId{2}, OpenFailure::unknown}}) == 1);
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 2; }));  // by itself
    gate.pump->open(OpenId{3}, Direction::entry);
    REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == 3; }));
    CHECK(gate.count<ReportOpened>() == 2);
    bench.ask({{"device", "c"}, {"do", "unplug"}});
    REQUIRE(
        bench.until([&] { return gate.reports.back() == TurnstileEffect{ReportFault{TurnstileFault::link_down}}; }));
    bench.ask({{"device", "c"}, {"do", "plug"}});
    REQUIRE(bench.until([&] { return gate.reports.back() == TurnstileEffect{ReportOnline{}}; }));
}

TEST_CASE("a Mach Power barrier opens, and drops its pole while held") {
    VenueBench bench("[[controller]]\nname = \"c\"\ntcp = \"127.0.0.1:0\"\nwords = \"mach-power\"\nwalk = \"stay\"");
    TurnstileLines lines(bench.io);
    Gate gate(lines, bench.at("bytes", "c", {{"words", std::string("mach-power")}}));
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
    gate.pump->open(OpenId{1}, Direction::entry);
    REQUIRE(bench.until([&] { return opened(bench, "c") == 1; }));
    gate.pump->hold_open(Hold::emergency);
    const auto held = [&] { return bench.ask({{"device", "c"}, {"do", "state"}}).at("held_exit").as_bool(); };
    REQUIRE(bench.until([&] { return held(); }));
    gate.pump->release(Hold::emergency);
    REQUIRE(bench.until([&] { return !held(); }));
}

TEST_CASE("a GPIO turnstile drives its relay and counts the guest") {
    VenueBench bench("[[controller]]\nname = \"c\"\nlink = \"chip\"\nwords = \"gpio\"\ndelay_ms = 10");
    TurnstileLines lines(bench.io);
    Gate gate(
        lines,
        {DeviceName{"c"},
         "gpio",
         {{"chip", bench.address("c")},
          {"lines", NumberTable{{"open_entry", 4}, {"open_exit", 5}, {"passed_entry", 14}, {"passed_exit", 15}}}}});
    REQUIRE(bench.until([&] { return gate.pump->link().up; }));
    bench.ask({{"device", "c"}, {"do", "levels"}});
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
    gate.pump->open(OpenId{1}, Direction::entry);
    REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == 1; }));
    CHECK(gate.reports ==
          std::vector<TurnstileEffect>{ReportOnline{}, ReportOpened{OpenId{1}}, ReportPassed{Direction::entry}});
}

TEST_CASE("what a controller says of a guest is lost, spoiled, torn, late or said twice: the next guest is counted") {
    const std::vector<Setting> lines{
        {"lines", NumberTable{{"open_entry", 4}, {"open_exit", 5}, {"passed_entry", 14}, {"passed_exit", 15}}}};
    for (const std::string words : {"digicon", "gpio"}) {
        for (const std::string fault : {"silence", "garbage", "bad_crc", "half_frame", "late", "repeat"}) {
            CAPTURE(words);
            CAPTURE(fault);
            VenueBench bench("[[controller]]\nname = \"c\"\nlink = \"c\"\nwalk = \"stay\"\nwords = \"" + words + '"');
            TurnstileLines shared(bench.io);
            auto settings = bench.at("bytes", "c", {{"words", words}});
            if (words == "gpio") {
                settings = {DeviceName{"c"}, "gpio", lines};
                settings.settings.push_back({"chip", bench.address("c")});
            }
            Gate gate(shared, settings);
            REQUIRE(bench.until([&] { return gate.pump->link().up; }));
            bench.ask({{"device", "c"}, {"do", "levels"}});
            REQUIRE(bench.until([&] { return gate.count<ReportOnline>() >= 1; }));
            std::uint64_t opens = 0;
            const auto let_in = [&] {
                gate.pump->open(OpenId{++opens}, Direction::entry);
                REQUIRE(bench.until([&] { return opened(bench, "c") == opens; }));
                REQUIRE(bench.until([&] {
                    return gate.count<ReportOpened>() + gate.count<ReportOpenFailed>() >= static_cast<long>(opens);
                }));
            };
            let_in();
            bench.ask({{"device", "c"}, {"do", "fault"}, {"kind", fault}, {"ms", 50}});
            CHECK(bench.ask({{"device", "c"}, {"do", "pass"}, {"direction", "entry"}}).at("passed").as_bool());
            // Two equal words of Digicon's are two guests: nothing in them tells otherwise.
            const long counted = fault == "late" ? 1 : fault != "repeat" ? 0 : words == "gpio" ? 1 : 2;
            REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == counted; }));
            CHECK(bench.ask({{"device", "c"}, {"do", "state"}}).at("faults_left").as_int64() == 0);
            for (int tries = 0; tries < 4 && gate.count<ReportPassed>() == counted; ++tries) {
                let_in();
                bench.ask({{"device", "c"}, {"do", "pass"}, {"direction", "entry"}});
                (void)test::run_until(
                    bench.io, [&] { return gate.count<ReportPassed>() > counted; }, std::chrono::seconds(2));
            }
            CHECK(gate.count<ReportPassed>() == counted + 1);
        }
    }
}

TEST_CASE("a Mach Power barrier that did not hear an opening hears the next, also after it was pulled") {
    VenueBench bench("[[controller]]\nname = \"c\"\nlink = \"c\"\nwords = \"mach-power\"\ndelay_ms = 10");
    TurnstileLines lines(bench.io);
    Gate gate(lines, bench.at("bytes", "c", {{"words", std::string("mach-power")}}));
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
    gate.pump->open(OpenId{1}, Direction::entry);
    REQUIRE(bench.until([&] { return opened(bench, "c") == 1; }));
    bench.ask({{"device", "c"}, {"do", "fault"}, {"kind", "deaf"}});
    gate.pump->open(OpenId{2}, Direction::exit);
    REQUIRE(
        bench.until([&] { return bench.ask({{"device", "c"}, {"do", "state"}}).at("faults_left").as_int64() == 0; }));
    CHECK(opened(bench, "c") == 1);
    gate.pump->open(OpenId{3}, Direction::exit);
    REQUIRE(bench.until([&] { return opened(bench, "c") == 2; }));
    CHECK(gate.count<ReportOpened>() == 3);  // it has no word of its own: what was written counts
    bench.ask({{"device", "c"}, {"do", "unplug"}});
    REQUIRE(bench.until([&] { return gate.count<ReportFault>() == 1; }));
    bench.ask({{"device", "c"}, {"do", "plug"}});
    REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 2; }));
    gate.pump->open(OpenId{4}, Direction::entry);
    REQUIRE(bench.until([&] { return opened(bench, "c") == 3; }));
}
