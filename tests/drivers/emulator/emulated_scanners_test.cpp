#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::VenueBench;

namespace {

struct Kind {
    const char* driver;
    const char* key;  // of the setting that says where it is
    std::string shown;
    std::string reported;
};

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{
        {"line", "port", "TK1.9F3A", "TK1.9F3A"},
        {"ssi", "port", "TK1.9F3A", "TK1.9F3A"},
        {"gm65", "port", "TK1.9F3A", "TK1.9F3A"},
        {"hid-keyboard", "path", "TK1.9F3A-b_c", "TK1.9F3A-b_c"},
        {"hid-pos", "path", "TK1.9F3A", "TK1.9F3A"},
        {"pcsc", "reader", "04a1b2c3d4e5f6", "04A1B2C3D4E5F6"},
        {"id-card", "port", "11010519491231002X", id_card_digest({}, "11010519491231002X")},
    };
    return all;
}

// A scanner of one kind and the pump that listens to it.
class ScannerAtPump {
public:
    explicit ScannerAtPump(const Kind& kind, const std::string& more = "")
        : bench(std::string("[[scanner]]\nname = \"scan-1\"\nlink = \"scan\"\nkind = \"") + kind.driver + "\"\n" +
                more),
          pump(bench.io, make_scanner(settings(kind)).value(),
               {[this](const ReportScan& scan) { texts.push_back(scan.text); },
                {},
                [this](const ReportDropped& drop) { dropped.push_back(drop.reason); },
                [this](const LinkState& link) { up = link.up; },
                [this](const ReportAnswering& said) { answers = said.answers; }}) {
        REQUIRE(bench.until([&] { return up; }));
    }
    void show(const std::string& text) { bench.ask({{"device", "scan-1"}, {"do", "scan"}, {"text", text}}); }
    void fault(const char* kind, int count = 1) {
        bench.ask({{"device", "scan-1"}, {"do", "fault"}, {"kind", kind}, {"count", count}, {"ms", 300}});
    }
    [[nodiscard]] long logged(std::string_view what) {
        const auto events = bench.ask({{"do", "events"}});
        return std::ranges::count_if(events.at("events").as_array(),
                                     [what](const auto& event) { return event.at("event").as_string() == what; });
    }

    VenueBench bench;
    std::vector<std::string> texts;
    std::vector<DropReason> dropped;
    bool up = false;
    bool answers = true;
    ScannerPump pump;

private:
    [[nodiscard]] DeviceSettings settings(const Kind& kind) {
        auto settings = bench.at("line", "scan-1");
        settings.driver = kind.driver;
        settings.settings.front().key = kind.key;
        return settings;
    }
};

}  // namespace

TEST_CASE("every kind of scanner is heard through its own protocol, also after it was unplugged in the middle") {
    for (const auto& kind : kinds()) {
        CAPTURE(kind.driver);
        ScannerAtPump scanner(kind);
        scanner.show(kind.shown);
        REQUIRE(scanner.bench.until([&] { return scanner.texts.size() == 1; }));
        CHECK(scanner.texts.front() == kind.reported);
        scanner.bench.ask({{"device", "scan-1"}, {"do", "send"}, {"hex", "0241"}});
        scanner.bench.ask({{"device", "scan-1"}, {"do", "unplug"}});
        REQUIRE(scanner.bench.until([&] { return !scanner.up; }));
        scanner.bench.ask({{"device", "scan-1"}, {"do", "plug"}});
        REQUIRE(scanner.bench.until([&] { return scanner.up; }));
        scanner.show(kind.shown);
        const auto counted = [&] {
            return scanner.texts.size() +
                   static_cast<std::size_t>(std::ranges::count(scanner.dropped, DropReason::repeated));
        };
        REQUIRE(scanner.bench.until([&] { return counted() == 2; }));
        CHECK(scanner.texts.back() == kind.reported);
    }
}

TEST_CASE("an SSI scanner's code survives a spoiled, a torn, a lost and a repeated packet, and is one scan") {
    for (const char* kind : {"bad_crc", "half_frame", "silence", "repeat", "late"}) {
        CAPTURE(kind);
        ScannerAtPump scanner(kinds()[1]);
        REQUIRE(scanner.bench.until([&] { return scanner.logged("parameter") == 2; }));
        scanner.fault(kind);
        scanner.show("TK1.9F3A");
        REQUIRE(scanner.bench.until([&] { return !scanner.texts.empty() && scanner.logged("acknowledged") >= 1; }));
        CHECK(scanner.texts == std::vector<std::string>{"TK1.9F3A"});
    }
}

TEST_CASE("a long code comes in several SSI packets or HID-POS reports, and the verdict beeps and lights") {
    const std::string code(300, 'A');
    for (const std::size_t which : {1U, 4U}) {
        ScannerAtPump scanner(kinds()[which]);
        scanner.show(code);
        REQUIRE(scanner.bench.until([&] { return scanner.texts.size() == 1; }));
        CHECK(scanner.texts.front() == code);
        scanner.pump.show(VerdictSign::welcome);
        if (which == 1)
            CHECK(scanner.bench.until([&] { return scanner.logged("beep") == 1 && scanner.logged("led") == 2; }));
    }
}

TEST_CASE("noise and silence of an identity-card reader cost a reading, never a wrong one") {
    for (const char* kind : {"garbage", "bad_crc", "half_frame", "silence", "repeat"}) {
        CAPTURE(kind);
        ScannerAtPump scanner(kinds()[6]);
        scanner.fault(kind);
        scanner.show("11010519491231002X");
        REQUIRE(scanner.bench.until([&] { return !scanner.texts.empty(); }));
        CHECK(scanner.texts == std::vector<std::string>{kinds()[6].reported});
    }
}

TEST_CASE(
    "a frame that is lost, spoiled, torn, late or sent twice costs at most its own reading, and the next one is read") {
    struct Told {
        std::string driver;
        std::string next, as;
        std::vector<std::string_view> read;  // faults that leave the code whole, as far as its protocol can tell
    };
    const std::vector<Told> all{
        {"line", "TK2.77B0", "TK2.77B0", {"late", "repeat"}},
        {"gm65", "TK2.77B0", "TK2.77B0", {"late", "repeat"}},
        {"hid-keyboard", "TK2.77B0", "TK2.77B0", {"bad_crc", "late", "repeat"}},
        {"hid-pos", "TK2.77B0", "TK2.77B0", {"bad_crc", "half_frame", "late", "repeat"}},
        {"pcsc", "04d4e5f6a1b2c3", "04D4E5F6A1B2C3", {"bad_crc", "late", "repeat"}},
    };
    for (const auto& told : all) {
        const auto is_told = [&](const auto& each) { return each.driver == told.driver; };
        const auto& kind = *std::ranges::find_if(kinds(), is_told);
        for (const std::string fault : {"silence", "garbage", "bad_crc", "half_frame", "late", "repeat"}) {
            CAPTURE(told.driver);
            CAPTURE(fault);
            ScannerAtPump scanner(kind);
            const auto heard = [&](const std::string& text) { return std::ranges::count(scanner.texts, text); };
            scanner.fault(fault.c_str());
            scanner.show(kind.shown);
            CHECK(scanner.logged("fault") == 1);
            // Half a HID report is made whole by the octets of the next one.
            const long whole = std::ranges::count(told.read, fault);
            if (fault != "half_frame") REQUIRE(scanner.bench.until([&] { return heard(kind.reported) == whole; }));
            // Behind half a frame the next one may be spoiled, too: who holds it there holds it there again.
            bool read = false;
            for (int tries = 0; tries < 5 && !read; ++tries) {
                scanner.show(told.next);
                read = test::run_until(scanner.bench.io, [&] { return heard(told.as) == 1; }, std::chrono::seconds(2));
            }
            CHECK(read);
            CHECK(heard(kind.reported) == whole);
        }
    }
}
