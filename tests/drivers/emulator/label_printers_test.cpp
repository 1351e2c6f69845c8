// `fgl` and `zpl` printers: our drivers against our emulated devices, over real sockets.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::VenueBench;

namespace {

TicketPaper ticket(std::string code) {
    TicketPaper paper;
    paper.head = {{"莲湖景区 Lotus Lake", PaperAlign::centre, PaperSize::large, true}, {"Adult 80.00", {}, {}, {}}};
    paper.qr = std::move(code);
    paper.foot = {{"2026-11-21", PaperAlign::right, {}, {}}};
    return paper;
}

struct Printer {
    Printer(VenueBench& bench, const DeviceSettings& settings)
        : pump(bench.io, make_printer(settings).value(),
               {[this](const PrinterEffect& effect) { reports.push_back(effect); }, {}}) {}
    template <class Report>
    [[nodiscard]] long count() const {
        return std::ranges::count_if(reports, [](const auto& each) { return std::holds_alternative<Report>(each); });
    }
    PrinterEffects reports;
    PrinterPump pump;
};

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
                REQUIRE(printer.pump.print(PrintJobId{1}, {ticket(code)}));
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
        REQUIRE(printer.pump.print(PrintJobId{1}, {ticket("TKA"), ticket("TKB")}));
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
        REQUIRE(printer.pump.print(PrintJobId{1}, {ticket("TKA")}));
        REQUIRE(bench.until(
            [&] { return bench.ask({{"device", "p"}, {"do", "state"}}).at("waiting_labels").as_uint64() == 1; }));
        bench.ask({{"device", "p"}, {"do", "power"}, {"on", false}});
        REQUIRE(bench.until([&] { return printer.count<ReportPrintUnknown>() == 1; }));
        CHECK(bench.ask({{"device", "p"}, {"do", "power"}, {"on", true}}).at("papers").as_uint64() == 0);
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
