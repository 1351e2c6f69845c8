#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::HeardReports;
using test::Printer;
using test::VenueBench;

namespace {

struct HeardScans {
    std::vector<std::string> texts;
    bool up = false;
    ScannerPump::Handler handler() {
        return {[this](const ReportScan& scan) { texts.push_back(scan.text); },
                {},
                {},
                [this](const LinkState& link) { up = link.up; }};
    }
};

struct Turnstile : HeardReports<TurnstileEffect> {
    Turnstile(VenueBench& bench, const DeviceSettings& settings)
        : pump(bench.io, make_turnstile(settings).value(),
               {[this](const TurnstileEffect& effect) { reports.push_back(effect); }, {}}) {}
    TurnstilePump pump;
};

TicketPaper ticket(const std::string& code) {
    TicketPaper paper;
    paper.head = {{"莲湖景区", PaperAlign::centre, PaperSize::large, true}, {"成人票 Adult ￥80.00"}};
    paper.qr = code;
    paper.foot = {{"2026-11-21"}};
    return paper;
}

}  // namespace

TEST_CASE("scans arrive through a pty and through TCP, and again after the scanner was unplugged") {
    for (const char* plug : {"link = \"scan\"", "tcp = \"127.0.0.1:0\""}) {
        VenueBench bench(std::string("[[scanner]]\nname = \"scan-1\"\n") + plug);
        HeardScans heard;
        const ScannerPump pump(bench.io, make_scanner(bench.at("line", "scan-1")).value(), heard.handler());
        REQUIRE(bench.until([&] { return heard.up; }));
        bench.io.poll();
        bench.ask({{"device", "scan-1"}, {"do", "scan"}, {"text", "TK1"}});
        REQUIRE(bench.until([&] { return heard.texts.size() == 1; }));
        bench.ask({{"device", "scan-1"}, {"do", "send"}, {"hex", "484146"}});
        bench.ask({{"device", "scan-1"}, {"do", "unplug"}});
        REQUIRE(bench.until([&] { return !heard.up; }));
        bench.ask({{"device", "scan-1"}, {"do", "plug"}});
        REQUIRE(bench.until([&] { return heard.up; }));
        bench.io.poll();
        bench.ask({{"device", "scan-1"}, {"do", "scan"}, {"text", "TK2"}});
        REQUIRE(bench.until([&] { return heard.texts.size() == 2; }));
        CHECK(heard.texts == std::vector<std::string>{"TK1", "TK2"});
    }
}

TEST_CASE("a turnstile opens, senses the guest, and comes back after it was unplugged in the middle") {
    for (const char* plug : {"link = \"turn\"", "tcp = \"127.0.0.1:0\""}) {
        VenueBench bench(std::string("[[turnstile]]\nname = \"turn-1\"\ndelay_ms = 20\n") + plug);
        Turnstile gate(bench, bench.at("modbus", "turn-1"));
        REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
        gate.pump.open(OpenId{1}, Direction::entry);
        REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == 1; }));
        CHECK(gate.reports ==
              std::vector<TurnstileEffect>{ReportOnline{}, ReportOpened{OpenId{1}}, ReportPassed{Direction::entry}});
        bench.ask({{"device", "turn-1"}, {"do", "walk"}, {"policy", "stay"}});
        gate.pump.open(OpenId{2}, Direction::exit);
        REQUIRE(bench.until([&] { return gate.count<ReportOpened>() == 2; }));
        bench.ask({{"device", "turn-1"}, {"do", "unplug"}});
        REQUIRE(bench.until([&] { return gate.count<ReportFault>() == 1; }));
        bench.ask({{"device", "turn-1"}, {"do", "plug"}});
        REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 2; }));
        const auto state = bench.ask({{"device", "turn-1"}, {"do", "state"}});
        CHECK(state.at("opened").as_uint64() == 2);
        CHECK(state.at("passed").as_uint64() == 1);
        CHECK(gate.count<ReportPassed>() == 1);
        CHECK_FALSE(state.at("coil_exit").as_bool());
    }
}

TEST_CASE("a turnstile whose answers are disturbed loses no opening and doubles none") {
    for (const char* kind : {"silence", "garbage", "bad_crc", "half_frame", "late", "repeat"}) {
        VenueBench bench("[[turnstile]]\nname = \"turn-1\"\nlink = \"turn\"\nwalk = \"stay\"");
        Turnstile gate(bench, bench.at("modbus", "turn-1", {{"pulse_ms", std::int64_t{3'000}}}));
        REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
        bench.ask({{"device", "turn-1"}, {"do", "fault"}, {"kind", kind}, {"count", 1}, {"ms", 200}});
        gate.pump.open(OpenId{1}, Direction::entry);
        REQUIRE(bench.until([&] { return gate.count<ReportOpened>() + gate.count<ReportOpenFailed>() == 1; }));
        CHECK(gate.count<ReportOpened>() == 1);
        CHECK(bench.ask({{"device", "turn-1"}, {"do", "state"}}).at("opened").as_uint64() == 1);
    }
}

TEST_CASE("boards of the three kinds are pulsed in their own way") {
    for (const char* kind : {"waveshare", "lctech", "timed"}) {
        const bool timed = std::string(kind) == "timed";
        VenueBench bench(std::string("[[turnstile]]\nname = \"t\"\nlink = \"turn\"\nwalk = \"stay\"\nboard = \"") +
                         (timed ? "plain" : kind) + "\"\n");
        Turnstile gate(bench, bench.at("modbus", "t", {{"pulse", kind}, {"pulse_ms", std::int64_t{100}}}));
        REQUIRE(bench.until([&] { return gate.count<ReportOnline>() == 1; }));
        gate.pump.open(OpenId{1}, Direction::exit);
        REQUIRE(bench.until([&] { return gate.count<ReportOpened>() == 1; }));
        REQUIRE(bench.until([&] { return !bench.ask({{"device", "t"}, {"do", "state"}}).at("coil_exit").as_bool(); }));
        CHECK(bench.ask({{"device", "t"}, {"do", "state"}}).at("opened").as_uint64() == 1);
    }
}

TEST_CASE("what is printed is what a scanner reads from the paper, drawn by the printer or as a picture") {
    const std::string code = "TK1" + std::string(150, 'Z') + "0123456789";
    for (const char* qr : {"native", "raster"}) {
        for (const char* encoding : {"gb18030", "utf8"}) {
            VenueBench bench("papers = \"papers\"\n[[printer]]\nname = \"p\"\ntcp = \"127.0.0.1:0\"");
            Printer printer(bench, bench.at("escpos", "p", {{"qr", qr}, {"encoding", encoding}}));
            REQUIRE(printer.pump.print(PrintJobId{1}, {ticket(code)}));
            REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
            const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
            REQUIRE(papers.size() == 1);
            const auto& paper = papers.front().as_object();
            CHECK(paper.at("qr") == code.c_str());
            CHECK(paper.at("lines") == boost::json::array{"莲湖景区", "成人票 Adult ￥80.00", "2026-11-21"});
            CHECK(std::filesystem::file_size(paper.at("png").as_string().c_str()) > 500);
            CHECK(bench.ask({{"device", "p"}, {"do", "state"}}).at("unknown_commands").as_uint64() == 0);
        }
    }
}

TEST_CASE("a job goes on after the refill, and a printer that is unplugged between jobs prints the next") {
    VenueBench bench("[[printer]]\nname = \"p\"\nlink = \"printer\"");
    Printer printer(bench, bench.at("escpos", "p"));
    bench.ask({{"device", "p"}, {"do", "paper"}, {"end_after", 3}});
    REQUIRE(printer.pump.print(PrintJobId{1}, {ticket("TKA"), ticket("TKB")}));
    const auto is_out = [&] {
        return std::ranges::count(printer.reports, PrinterEffect{ReportPrinterState{PrinterState::paper_out}}) == 1;
    };
    REQUIRE(bench.until(is_out));
    CHECK(printer.count<ReportPrinted>() == 0);
    bench.ask({{"device", "p"}, {"do", "paper"}, {"out", false}});
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
    bench.ask({{"device", "p"}, {"do", "unplug"}});
    REQUIRE(bench.until([&] { return !printer.pump.link().up; }));
    REQUIRE(printer.pump.print(PrintJobId{2}, {ticket("TKC")}));
    bench.ask({{"device", "p"}, {"do", "plug"}});
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 2; }));
    std::vector<std::string> codes;
    const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
    for (const auto& paper : papers) codes.emplace_back(paper.at("qr").as_string().c_str());
    CHECK(codes == std::vector<std::string>{"TKA", "TKB", "TKC"});
}

TEST_CASE("a printer that loses its power in the middle of a paper leaves the job unknown, not repeated") {
    VenueBench bench("[[printer]]\nname = \"p\"\nlink = \"printer\"\nline_ms = 100");
    Printer printer(bench, bench.at("escpos", "p"));
    REQUIRE(printer.pump.print(PrintJobId{1}, {ticket("TKA")}));
    REQUIRE(
        bench.until([&] { return bench.ask({{"device", "p"}, {"do", "state"}}).at("uncut_items").as_uint64() == 2; }));
    bench.ask({{"device", "p"}, {"do", "power"}, {"on", false}});
    REQUIRE(bench.until([&] { return printer.count<ReportPrintUnknown>() == 1; }));
    bench.ask({{"device", "p"}, {"do", "power"}, {"on", true}});
    REQUIRE(printer.pump.print(PrintJobId{2}, {ticket("TKB")}));
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
    const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
    REQUIRE(papers.size() == 1);
    CHECK(papers.front().at("qr") == "TKB");
}

TEST_CASE("the drawer opens once a job, where there is one, and no second time when power was lost on the way") {
    VenueBench bench("[[printer]]\nname = \"p\"\nlink = \"printer\"\nline_ms = 100");
    const auto drawers = [&bench] { return bench.ask({{"device", "p"}, {"do", "state"}}).at("drawers").as_uint64(); };
    const auto papers = [&bench] {
        return bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array().size();
    };
    auto opening = ticket("TKA");
    opening.open_drawer = true;
    {
        Printer without(bench, bench.at("escpos", "p"));
        CHECK_FALSE(without.pump.has_drawer());
        REQUIRE(without.pump.print(PrintJobId{1}, {opening}));
        REQUIRE(bench.until([&] { return without.count<ReportPrinted>() == 1; }));
        CHECK(drawers() == 0);
    }
    Printer printer(bench, bench.at("escpos", "p", {{"drawer", "high"}}));
    CHECK(printer.pump.has_drawer());
    REQUIRE(printer.pump.print(PrintJobId{2}, {opening, ticket("TKB")}));
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
    CHECK(drawers() == 1);
    CHECK(papers() == 3);
    REQUIRE(printer.pump.print(PrintJobId{3}, {drawer_paper()}));
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 2; }));
    CHECK(drawers() == 2);
    CHECK(papers() == 3);

    REQUIRE(printer.pump.print(PrintJobId{4}, {opening, ticket("TKB")}));
    REQUIRE(bench.until([&] { return drawers() == 3; }));
    bench.ask({{"device", "p"}, {"do", "power"}, {"on", false}});
    REQUIRE(bench.until([&] { return printer.count<ReportPrintUnknown>() == 1; }));
    bench.ask({{"device", "p"}, {"do", "power"}, {"on", true}});
    REQUIRE(printer.pump.print(PrintJobId{5}, {ticket("TKC")}));
    REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 3; }));
    CHECK(drawers() == 3);
    const auto events = bench.ask({{"do", "events"}, {"since", 0}, {"device", "p"}}).at("events").as_array();
    CHECK(std::ranges::count_if(events, [](const auto& each) { return each.at("event") == "drawer"; }) == 3);
}

TEST_CASE("a scan and the open command that it brought about carry stamps of one clock") {
    VenueBench bench(
        "[[scanner]]\nname = \"s\"\nlink = \"scan\"\n"
        "[[turnstile]]\nname = \"t\"\ntcp = \"127.0.0.1:0\"\ndelay_ms = 0\npass_ms = 0");
    Turnstile gate(bench, bench.at("modbus", "t",
                                   {{"pulse", "timed"},
                                    {"pulse_ms", std::int64_t{1}},
                                    {"poll_ms", std::int64_t{1}},
                                    {"gap_ms", std::int64_t{0}},
                                    {"debounce_ms", std::int64_t{0}}}));
    std::uint64_t id = 0;
    bool up = false;
    auto plain = bench.at("line", "s");
    const ScannerPump scanner(bench.io, make_scanner(plain).value(),
                              {[&](const ReportScan&) { gate.pump.open(OpenId{++id}, Direction::entry); },
                               {},
                               {},
                               [&](const LinkState& link) { up = link.up; }});
    REQUIRE(bench.until([&] { return up && gate.count<ReportOnline>() == 1; }));
    bench.io.poll();
    const auto one = bench.ask({{"device", "s"}, {"do", "scan"}, {"text", "A"}, {"await_open", "t"}});
    REQUIRE(one.contains("open_ns"));
    CHECK(one.at("open_ns").as_int64() > one.at("scan_ns").as_int64());
    REQUIRE(bench.until([&] { return gate.count<ReportPassed>() == 1; }));

    std::ofstream codes(bench.scratch / "codes");
    for (int i = 0; i < 50; ++i) codes << "CODE" << i << '\n';
    codes.close();
    const auto load = bench.ask({{"device", "s"},
                                 {"do", "burst"},
                                 {"codes_file", (bench.scratch / "codes").string()},
                                 {"turnstile", "t"},
                                 {"closed_loop", true},
                                 {"file", (bench.scratch / "ns.json").string()}});
    CHECK(load.at("scanned").as_uint64() == 50);
    CHECK(load.at("opened").as_uint64() == 50);
    CHECK(load.at("lost").as_uint64() == 0);

    const auto crowd = bench.ask({{"device", "s"},
                                  {"do", "burst"},
                                  {"codes_file", (bench.scratch / "codes").string()},
                                  {"turnstile", "t"},
                                  {"rate_per_s", 2000.0},
                                  {"patience_ms", std::int64_t{300}},
                                  {"file", (bench.scratch / "ns.json").string()}});
    CHECK(crowd.at("opened").as_uint64() == 50);
    CHECK(crowd.at("lost").as_uint64() == 0);
    CHECK(crowd.at("stood").as_uint64() > 10);  // guests come quicker than barriers open, and wait their turn
}

TEST_CASE("an emulator that is asked nonsense answers with an error") {
    VenueBench bench("[[scanner]]\nname = \"s\"\nlink = \"scan\"");
    CHECK(bench.ask({{"do", "scan"}}).contains("error"));
    CHECK(bench.ask({{"device", "s"}, {"do", "fly"}}).contains("error"));
    CHECK(bench.ask({{"device", "s"}, {"do", "burst"}}).contains("error"));
    CHECK(bench.ask({{"do", "devices"}}).at("devices").as_object().size() == 1);
}

TEST_CASE("a scenario with a fault is refused with its place") {
    const test::Scratch scratch;
    const auto refused = [&scratch](const char* text) {
        std::ofstream(scratch / "s.toml") << text;
        const auto fault = emulator::read_scenario(scratch / "s.toml").error();
        CHECK(told(fault, Language::zh).starts_with((scratch / "s.toml").string() + ':'));
        return told(fault, Language::en);
    };
    CHECK(refused("[[scanner]]\nname = \"s\"\nlink = \"a\"\ncolour = 1").ends_with(":4:1: unknown key 'colour'"));
    CHECK(refused("[[scanner]]\nname = \"s\"").find("exactly one of link, tcp") != std::string::npos);
    CHECK(refused("[[printer]]\nname = \"s\"\nlink = \"a\"\nwidth = \"wide\"").find(":4:9:") != std::string::npos);
    CHECK(refused("[[scanner]]\nname = \"s\"\nlink = \"a\"\n[[printer]]\nname = \"s\"\nlink = \"b\"")
              .find("two devices are named 's'") != std::string::npos);
    CHECK(refused("x = [").find(":1:") != std::string::npos);
}
