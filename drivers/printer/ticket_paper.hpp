// What stands on one piece of paper, independent of the printer's language.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::drivers {

enum class PaperAlign : std::uint8_t { left, centre, right };
enum class PaperSize : std::uint8_t { normal, tall, large };  // large: double width and height

struct PaperLine {
    std::string text;  // UTF-8; control characters are left out, so that a name cannot command the printer
    PaperAlign align = PaperAlign::left;
    PaperSize size = PaperSize::normal;
    bool bold = false;
    friend bool operator==(const PaperLine&, const PaperLine&) = default;
};

// Printed top to bottom: reprint mark, heading lines, QR, footing lines, cut.
struct TicketPaper {
    std::string reprint_mark;  // "补打 1 · REPRINT 1"; empty on the first print. Printed large and bold
    std::vector<PaperLine> head;
    std::string qr;  // printable ASCII up to 512; empty: no QR
    std::vector<PaperLine> foot;
    bool cut = true;
    bool open_drawer = false;  // by printers that have one; before anything is printed
    friend bool operator==(const TicketPaper&, const TicketPaper&) = default;
};

// The heading lines as they are printed: the reprint mark before all others.
[[nodiscard]] inline std::vector<PaperLine> printed_head(const TicketPaper& paper) {
    auto head = paper.head;
    if (!paper.reprint_mark.empty())
        head.insert(head.begin(), PaperLine{paper.reprint_mark, PaperAlign::centre, PaperSize::large, true});
    return head;
}

// What opens the drawer and prints nothing.
[[nodiscard]] inline TicketPaper drawer_paper() {
    TicketPaper paper;
    paper.cut = false;
    paper.open_drawer = true;
    return paper;
}
[[nodiscard]] inline bool is_drawer_alone(const TicketPaper& paper) { return paper == drawer_paper(); }

}  // namespace gatehouse::drivers
