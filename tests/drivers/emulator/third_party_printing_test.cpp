// Printing judged by others: a host that is not ours on our emulated printer, our labels drawn by another renderer, our
// paper read by another reader of codes.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "tests/drivers/emulator/third_parties.hpp"
#include "tests/drivers/emulator/venue_bench.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/support/skipping.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::beside;
using test::is_installed;
using test::output_of;
using test::peers;
using test::VenueBench;

namespace {

// Of these programs, and of this package of npm's.
bool has(std::initializer_list<std::string> programs, const std::string& package = {}) {
    const auto lacking = std::ranges::find_if_not(programs, is_installed);
    if (lacking != programs.end())
        skip_test(*lacking + " is not installed");
    else if (!package.empty() && !std::filesystem::exists(peers + "node_modules/" + package))
        skip_test("npm's " + package + " is not there (npm ci in tests/peers)");
    else
        return true;
    return false;
}

TicketPaper scannable_ticket(std::string code) {
    TicketPaper paper;
    paper.head = {{"莲湖景区 Lotus Lake", PaperAlign::centre, PaperSize::large, true}};
    paper.qr = std::move(code);
    paper.foot = {{"2026-11-21", PaperAlign::right, {}, {}}};
    return paper;
}

std::string scanned(const std::filesystem::path& picture) { return output_of("zbarimg -q --raw " + picture.string()); }

}  // namespace

TEST_CASE("zpl-renderer-js draws our label, and zbar reads the ticket from it" *
          doctest::test_suite("with zpl-renderer-js")) {
    if (!has({"node", "zbarimg"}, "zpl-renderer-js")) return;
    const std::string code = "TK1_^~" + std::string(100, 'Z') + "0123456789";
    test::Scratch scratch;
    for (const auto qr : {LabelQr::native, LabelQr::raster}) {
        for (const auto text : {LabelText::raster, LabelText::printer}) {
            const auto label = encode_zpl(scannable_ticket(code), {.width = 576, .text = text, .qr = qr});
            REQUIRE(label);
            std::ofstream(scratch / "label.zpl") << text_of(*label);
            const auto png = scratch / "label.png";
            (void)output_of("node " + peers + "zpl_to_png.cjs " + (scratch / "label.zpl").string() + " " +
                            png.string() + " 72 100");
            CHECK(scanned(png) == code + "\n");
        }
    }
}

TEST_CASE("zbar reads the ticket from ESC/POS paper that we sent as a picture" * doctest::test_suite("with zbar")) {
    if (!has({"zbarimg"})) return;
    const std::string code = "TK1" + std::string(150, 'Z') + "0123456789";
    VenueBench bench("papers = \"papers\"\n[[printer]]\nname = \"p\"\ntcp = \"127.0.0.1:0\"");
    bool printed = false;
    PrinterPump pump(
        bench.io,
        make_printer(bench.at("escpos", "p", {{"qr", std::string("raster")}, {"encoding", std::string("raster")}}))
            .value(),
        {[&](const PrinterEffect& effect) { printed |= std::holds_alternative<ReportPrinted>(effect); }, {}});
    REQUIRE(pump.print(PrintJobId{1}, {scannable_ticket(code)}));
    REQUIRE(bench.until([&] { return printed; }));
    const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
    CHECK(scanned(papers.front().at("png").as_string().c_str()) == code + "\n");
}

// It knows no other port than 9100.
TEST_CASE("receiptio finds our emulated printer online, prints on it, and learns that it is out of paper" *
          doctest::test_suite("with receiptio")) {
    if (!has({"node"}, "receiptio")) return;
    std::unique_ptr<VenueBench> made;
    try {
        made = std::make_unique<VenueBench>("papers = \"papers\"\n[[printer]]\nname = \"p\"\ntcp = \"127.0.0.1:9100\"");
    } catch (const std::exception& taken) {
        skip_test(std::string("port 9100, the only one that it knows, is taken: ") + taken.what());
        return;
    }
    auto& bench = *made;
    // It says what it found on its standard error.
    const auto receiptio = [&](const std::string& arguments) {
        return beside(
            bench, "{ node " + peers + "node_modules/receiptio/bin/cli.js -d 127.0.0.1 -t 5 " + arguments + " 2>&1; }");
    };
    CHECK(receiptio("-q") == "online\n");
    std::ofstream(bench.scratch / "paper.receipt") << "Lotus Lake\n{code:TK1ABC;option:qrcode,4,m}\n";
    CHECK(receiptio("-p escpos " + (bench.scratch / "paper.receipt").string()) == "success\n");
    const auto papers = bench.ask({{"device", "p"}, {"do", "papers"}}).at("papers").as_array();
    REQUIRE(papers.size() == 1);
    // Its symbol comes as a graphic that is stored and then printed (GS 8 L, GS ( L).
    CHECK(papers.front().at("qr") == "TK1ABC");
    if (is_installed("zbarimg")) CHECK(scanned(papers.front().at("png").as_string().c_str()) == "TK1ABC\n");
    CHECK(boost::json::serialize(papers.front().at("lines")).find("Lotus Lake") != std::string::npos);
    bench.ask({{"device", "p"}, {"do", "paper"}, {"out", true}});
    CHECK(receiptio("-q") == "paperempty\n");
}
