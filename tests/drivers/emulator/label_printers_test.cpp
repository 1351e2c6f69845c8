// `fgl` and `zpl` printers: our drivers against our emulated devices, over real sockets.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::Printer;
using test::VenueBench;

namespace {

TicketPaper bilingual_ticket(std::string code) {
    TicketPaper paper;
    paper.head = {{"莲湖景区 Lotus Lake", PaperAlign::centre, PaperSize::large, true}, {"Adult 80.00", {}, {}, {}}};
    paper.qr = std::move(code);
    paper.foot = {{"2026-11-21", PaperAlign::right, {}, {}}};
    return paper;
}

std::string printer_of(const std::string& kind, const std::string& more = "") {
    return "papers = \"papers\"\n[[printer]]\nname = \"p\"\ntcp = \"127.0.0.1:0\"\nkind = \"" + kind + "\"\n" + more;
}

}  // namespace

TEST_CASE("a label printer's paper reads as the ticket that was sold, in dots and in its own fonts") {
    const std::string code = "TK1" + std::string(150, 'Z') + "0123456789";
    for (const std::string kind : {"fgl", "zpl"}) {
        for (const char* qr : {"native", "raster"}) {
            for (const bool in_dots : {true, false}) {
                VenueBench bench(printer_of(kind));
                const std::string letters = kind == "fgl" ? "ascii" : "utf8";
                Printer printer(bench, bench.at(kind.c_str(), "p",
                                                {{"qr", std::string(qr)}, {"encoding", in_dots ? "raster" : letters}}));
                REQUIRE(printer.pump.print(PrintJobId{1}, {bilingual_ticket(code)}));
                REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
                const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
                REQUIRE(papers.size() == 1);
                const auto& paper = papers.front().as_object();
                CHECK(paper.at("qr") == code.c_str());
                const auto name = kind == "fgl" ? "???? Lotus Lake" : "莲湖景区 Lotus Lake";
                std::string read;  // a line too long for the paper goes on in the next
                for (const auto& line : paper.at("lines").as_array()) read += line.as_string().c_str();
                if (!in_dots) CHECK(read == std::string(name) + "Adult 80.002026-11-21");
                CHECK(bench.ask({{"device", "p"}, {"do", "state"}}).at("unknown_commands").as_uint64() == 0);
            }
        }
    }
}

TEST_CASE("a label printer without paper goes on after the refill, each ticket once") {
    for (const std::string kind : {"fgl", "zpl"}) {
        VenueBench bench(printer_of(kind));
        Printer printer(bench, bench.at(kind.c_str(), "p"));
        bench.ask({{"device", "p"}, {"do", "paper"}, {"end_after", 1}});
        REQUIRE(printer.pump.print(PrintJobId{1}, {bilingual_ticket("TKA"), bilingual_ticket("TKB")}));
        REQUIRE(bench.until([&] {
            return std::ranges::count(printer.reports, PrinterEffect{ReportPrinterState{PrinterState::paper_out}}) == 1;
        }));
        CHECK(printer.count<ReportPrinted>() == 0);
        bench.ask({{"device", "p"}, {"do", "paper"}, {"out", false}});
        REQUIRE(bench.until([&] { return printer.count<ReportPrinted>() == 1; }));
        std::vector<std::string> codes;
        const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
        for (const auto& paper : papers) codes.emplace_back(paper.at("qr").as_string().c_str());
        CHECK(codes == std::vector<std::string>{"TKA", "TKB"});
    }
}

TEST_CASE("a label printer that loses its power leaves the job unknown, not repeated") {
    for (const std::string kind : {"fgl", "zpl"}) {
        VenueBench bench(printer_of(kind, "line_ms = 2000"));
        Printer printer(bench, bench.at(kind.c_str(), "p"));
        REQUIRE(printer.pump.print(PrintJobId{1}, {bilingual_ticket("TKA")}));
        REQUIRE(bench.until(
            [&] { return bench.ask({{"device", "p"}, {"do", "state"}}).at("waiting_labels").as_uint64() == 1; }));
        bench.ask({{"device", "p"}, {"do", "power"}, {"on", false}});
        REQUIRE(bench.until([&] { return printer.count<ReportPrintUnknown>() == 1; }));
        CHECK(bench.ask({{"device", "p"}, {"do", "power"}, {"on", true}}).at("papers").as_uint64() == 0);
    }
}

TEST_CASE("a printer whose answers are disturbed prints each paper once, and says so") {
    const std::vector<std::string> kinds{"silence", "garbage", "bad_crc", "half_frame", "late", "repeat"};
    const std::vector<std::string> printers{"escpos", "fgl", "zpl"};
    std::string scenario = "papers = \"papers\"\n";
    for (const auto& kind : kinds)
        for (const auto& printer : printers)
            scenario += "[[printer]]\ntcp = \"127.0.0.1:0\"\nname = \"" + printer + "-" + kind + "\"\nkind = \"" +
                        printer + "\"\n";
    VenueBench bench(scenario);
    std::vector<std::unique_ptr<Printer>> all;
    for (const auto& kind : kinds)
        for (const auto& printer : printers) {
            const auto name = printer + "-" + kind;
            all.push_back(std::make_unique<Printer>(bench, bench.at(printer.c_str(), name.c_str())));
        }
    const auto everyone = [&](auto has) { return bench.until([&] { return std::ranges::all_of(all, has); }); };
    REQUIRE(everyone([](const auto& each) { return !each->reports.empty(); }));
    std::uint64_t job = 0;
    for (const auto& kind : kinds)
        for (const auto& printer : printers) {
            bench.ask({{"device", printer + "-" + kind}, {"do", "fault"}, {"kind", kind}, {"count", 2}, {"ms", 700}});
            REQUIRE(all[job]->pump.print(PrintJobId{job + 1}, {bilingual_ticket("TK" + std::to_string(job + 1))}));
            ++job;
        }
    REQUIRE(everyone([](const auto& each) { return each->template count<ReportPrinted>() == 1; }));
    job = 0;
    for (const auto& kind : kinds)
        for (const auto& printer : printers) {
            const std::string name = printer + "-" + kind;
            CAPTURE(name);
            const auto papers = bench.ask({{"device", name}, {"do", "papers"}}).at("papers").as_array();
            REQUIRE(papers.size() == 1);
            CHECK(papers.front().at("qr") == boost::json::string("TK" + std::to_string(++job)));
            CHECK(bench.ask({{"device", name}, {"do", "state"}}).at("faults_left").as_int64() == 0);
        }
}

TEST_CASE("a label printer's cover and jams are told, and over") {
    VenueBench bench(printer_of("zpl"));
    Printer printer(bench, bench.at("zpl", "p"));
    const auto says = [&](PrinterState state) {
        return bench.until([&printer, state] {
            return !printer.reports.empty() && printer.reports.back() == PrinterEffect{ReportPrinterState{state}};
        });
    };
    REQUIRE(says(PrinterState::ready));
    bench.ask({{"device", "p"}, {"do", "cover"}, {"open", true}});
    CHECK(says(PrinterState::cover_open));
    bench.ask({{"device", "p"}, {"do", "cover"}, {"open", false}});
    CHECK(says(PrinterState::ready));
    bench.ask({{"device", "p"}, {"do", "fault"}, {"error", true}});
    CHECK(says(PrinterState::fault));
}
