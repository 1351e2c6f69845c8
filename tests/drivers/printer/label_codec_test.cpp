#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "drivers/emulator/label_interpreter.hpp"
#include "drivers/printer/fgl_codec.hpp"
#include "drivers/printer/text_picture.hpp"
#include "drivers/printer/zpl_codec.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;

namespace {

TicketPaper label_paper(std::string qr) {
    TicketPaper paper;
    paper.head = {{"Lotus Lake", PaperAlign::centre, PaperSize::large, true}, {"Adult", {}, {}, {}}};
    paper.qr = std::move(qr);
    paper.foot = {{"2026-11-21", PaperAlign::right, {}, {}}};
    return paper;
}

// What stands on each label that the printer makes of `bytes`.
std::vector<std::string> labels_of(emulator::FglInterpreter& printer, const Bytes& bytes) {
    std::vector<std::string> labels;
    for (const auto& act : printer.take(bytes)) {
        const auto* made = std::get_if<emulator::LabelMade>(&act);
        if (made == nullptr) continue;
        auto& label = labels.emplace_back();
        for (const auto& [x, y, item] : made->label.items) {
            const auto* line = std::get_if<emulator::PrintedLine>(&item);
            label += std::to_string(x) + ',' + std::to_string(y) + ' ' + (line != nullptr ? line->text : "dots") + '\n';
        }
    }
    return labels;
}

std::optional<ZplStatus> read(std::string_view text) {
    ZplStatusReader reader;
    std::optional<ZplStatus> last;
    for (const auto byte : bytes_of(text))
        if (const auto status = reader.take(byte)) last = status;
    return last;
}

// A published answer of a printer that has nothing to do.
constexpr std::string_view published =
    "\x02"
    "030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    "\x02"
    "000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n"
    "\x02"
    "1234,0\x03\r\n";

}  // namespace

TEST_CASE("zpl: the published answer to ~HS is a printer that is idle") {
    const auto status = read(published);
    REQUIRE(status);
    CHECK(*status == ZplStatus{});
    CHECK(status->is_idle());
}

TEST_CASE("zpl: the fields of ~HS are where the guide says") {
    const auto status = read(
        "\x02"
        "030,1,1,0609,007,1,0,1,000,1,1,1\x03\r\n\x02"
        "000,0,1,1,0,2,4,0,00000012,1,000\x03\r\n\x02"
        "1234,0\x03\r\n");
    REQUIRE(status);
    CHECK(*status == ZplStatus{.paper_out = true,
                               .paused = true,
                               .buffer_full = true,
                               .partial_format = true,
                               .corrupt_memory = true,
                               .too_cold = true,
                               .too_hot = true,
                               .head_up = true,
                               .ribbon_out = true,
                               .formats_waiting = 7,
                               .labels_remaining = 12});
    CHECK_FALSE(status->is_idle());
}

TEST_CASE("zpl: an answer that is torn, out of turn or of another shape is none") {
    const std::string whole(published);
    CHECK_FALSE(read(whole.substr(0, whole.size() - 3)));
    CHECK_FALSE(read(whole.substr(1)));
    const auto second = whole.find('\x02', 1);
    CHECK_FALSE(read(whole.substr(second)));
    CHECK_FALSE(read(whole.substr(0, second) + whole.substr(whole.find('\x02', second + 1))));
    CHECK_FALSE(
        read("\x02"
             "030,0,0,1245,000,0,0,0,000,0,0\x03\x02"
             "000,0,0,0,0,2,4,0,00000000,1,000\x03\x02"
             "1234,0\x03"));
    CHECK(read("noise" + std::string("\x02") + std::string(200, '1') + whole));
}

TEST_CASE("zpl: a label in the printer's fonts, command by command") {
    const auto label = encode_zpl(label_paper("TK1"), {.width = 400, .text = LabelText::printer});
    REQUIRE(label);
    CHECK(text_of(*label) ==
          "^XA^CI28^PW400^LL422^LH0,0^JZY^MMC\n"
          "^FO0,30^A0N,48,48^FB400,1,0,C^FH^FDLotus Lake^FS\n"
          "^FO0,90^A0N,24,24^FB400,1,0,L^FH^FDAdult^FS\n"
          "^FO116,152^BQN,2,8^FH^FDMA,TK1^FS\n"
          "^FO0,362^A0N,24,24^FB400,1,0,R^FH^FD2026-11-21^FS\n"
          "^PQ1\n^XZ");
}

TEST_CASE("zpl: a name does not command the printer") {
    auto paper = label_paper("");
    paper.foot = {{"^XZ~JA_5E票", {}, {}, {}}};
    const auto label = encode_zpl(paper, {.text = LabelText::printer});
    REQUIRE(label);
    CHECK(text_of(*label).find("^FD_5EXZ_7EJA_5F5E_E7_A5_A8^FS") != std::string::npos);
}

TEST_CASE("fgl: a ticket in the printer's fonts, command by command") {
    const auto paper = encode_fgl(label_paper("TK1"), {.width = 400, .text = LabelText::printer});
    REQUIRE(paper);
    CHECK(text_of(*paper) ==
          "<RC30,0><F3><HW2,2>Lotus Lake"
          "<RC96,0><F3><HW1,1>Adult"
          "<RC161,116><QR8,0,0,0>{TK1}"
          "<RC361,200><F3><HW1,1>2026-11-21"
          "<p>");
}

TEST_CASE("fgl: a name does not command the printer, also not as a QR") {
    auto paper = label_paper("A}<p>{");
    paper.cut = false;
    paper.head = {{"<p>票\x1b}", {}, {}, {}}};
    paper.foot.clear();
    const auto bytes = encode_fgl(paper, {.text = LabelText::printer});
    REQUIRE(bytes);
    const auto text = text_of(*bytes);
    CHECK(text.starts_with("<RC30,0><F3><HW1,1>(p)?}<RC"));
    CHECK(text.find("<QR") == std::string::npos);  // drawn as dots
    CHECK(text.ends_with("<q>"));
}

TEST_CASE("fgl: the status bytes of the guide, and no others") {
    unsigned known = 0;
    for (unsigned byte = 0; byte < 256; ++byte) known += fgl_status(static_cast<std::uint8_t>(byte)) ? 1U : 0U;
    CHECK(known == 10);
    CHECK(fgl_status(0x06) == FglStatus::ticket_printed);
    CHECK(fgl_status(0x10) == FglStatus::paper_out);
    CHECK(fgl_status(0x11) == FglStatus::ready);
    CHECK(fgl_status(0x18) == FglStatus::paper_jam);
}

TEST_CASE("fgl: at whatever octet a ticket is torn, nothing of it is on the next connection's ticket") {
    TicketPaper other;
    other.head = {{"Next", {}, {}, {}}};
    const auto next = *encode_fgl(other, {192, LabelText::printer, LabelQr::native});
    emulator::FglInterpreter fresh;
    const auto next_alone = labels_of(fresh, next);
    REQUIRE(next_alone.size() == 1);
    CHECK(next_alone.front().ends_with(" Next\n"));
    for (const auto text : {LabelText::printer, LabelText::raster}) {
        for (const auto qr : {LabelQr::native, LabelQr::raster}) {
            const auto torn = *encode_fgl(label_paper("TK1.9F3A"), {192, text, qr});
            emulator::FglInterpreter so_far;
            std::size_t wrong = 0;
            for (const auto octet : torn) {
                auto printer = so_far;
                for (const auto& sent : {fgl_clear(true), fgl_status_request()})
                    wrong += labels_of(printer, sent).size();
                wrong += labels_of(printer, next) == next_alone ? 0U : 1U;
                (void)so_far.take({&octet, 1});
            }
            CHECK(wrong == 0);
            (void)labels_of(so_far, fgl_clear(false));
            CHECK(labels_of(so_far, next) == next_alone);
        }
    }
}

TEST_CASE("a reprint says so first, on every printer") {
    auto paper = label_paper("TK1");
    paper.reprint_mark = "REPRINT 2";
    const auto zpl = text_of(encode_zpl(paper, {.text = LabelText::printer}).value());
    CHECK(zpl.find("REPRINT 2") < zpl.find("Lotus Lake"));
    const auto fgl = text_of(encode_fgl(paper, {.text = LabelText::printer}).value());
    CHECK(fgl.find("REPRINT 2") < fgl.find("Lotus Lake"));
}

TEST_CASE("text as dots is as wide as the paper, wrapped where it is too long, and holds no 0x10") {
    const auto row = draw_text({"票 Ticket", PaperAlign::right, PaperSize::normal, true}, 384);
    REQUIRE(row);
    CHECK(row->row_octets == 48);
    CHECK(row->rows == text_row);
    CHECK(std::ranges::count_if(row->bits, [](std::uint8_t octet) { return octet != 0; }) > 50);
    CHECK(draw_text({std::string(40, 'x'), {}, PaperSize::large, {}}, 384)->rows == 6 * text_row);
    CHECK(draw_text({"\xff", {}, {}, {}}, 384).error().code == ErrorCode::invalid_body);
    CHECK(rc::check([] {
        const auto letters = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', 127));
        const auto picture = draw_text({letters, PaperAlign::centre, PaperSize::normal, *rc::gen::arbitrary<bool>()},
                                       *rc::gen::inRange<std::size_t>(128, 1'024));
        RC_ASSERT(picture.has_value());
        RC_ASSERT(std::ranges::count(picture->bits, 0x10) == 0);
    }));
}
