// An ESC/POS printer's command parser: a stream of octets becomes things on paper, cuts, drawer kicks and answers.
// Written against the command reference, not against our encoder.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "drivers/emulator/paper.hpp"

namespace gatehouse::drivers::emulator {

struct CutMade {};
struct DrawerOpened {};
struct StatusWanted {  // GS r n: answered in its place in the queue
    std::uint8_t which = 1;
};
struct AutomaticStatusSet {  // GS a n
    std::uint8_t mask = 0;
};
struct CommandUnknown {
    std::string hex;
};
using PrinterAct = std::variant<PaperItem, CutMade, DrawerOpened, StatusWanted, AutomaticStatusSet, CommandUnknown>;

class EscposInterpreter {
public:
    void append(ByteView bytes) { input_.insert(input_.end(), bytes.begin(), bytes.end()); }
    // Carries out one command or one line of text; nothing when it needs more octets.
    [[nodiscard]] std::optional<PrinterAct> next();
    // Power cut: buffer and settings are gone.
    void reset();
    [[nodiscard]] std::size_t waiting() const { return input_.size(); }

private:
    enum class Step : std::uint8_t { needs_more, silent, acted };
    [[nodiscard]] Step command(std::optional<PrinterAct>& act);
    [[nodiscard]] Step escape(std::optional<PrinterAct>& act);
    [[nodiscard]] Step group(std::optional<PrinterAct>& act);
    [[nodiscard]] Step chinese(std::optional<PrinterAct>& act);
    [[nodiscard]] Step symbol(std::optional<PrinterAct>& act);
    [[nodiscard]] Step graphic(std::optional<PrinterAct>& act);
    [[nodiscard]] std::optional<PaperItem> stored_graphic(std::size_t begin, std::size_t length);
    [[nodiscard]] Step picture(std::optional<PrinterAct>& act);
    [[nodiscard]] Step cut(std::optional<PrinterAct>& act);
    [[nodiscard]] Step unknown(std::size_t length, std::optional<PrinterAct>& act);
    [[nodiscard]] bool has(std::size_t count) const { return input_.size() >= count; }
    [[nodiscard]] unsigned at(std::size_t index) const { return input_[index]; }
    void take(std::size_t count);
    [[nodiscard]] PaperItem finish_line();
    void initialise();

    std::deque<std::uint8_t> input_;
    Bytes line_;
    PrintedLine style_;
    bool chinese_ = true;
    bool utf8_ = false;
    unsigned qr_module_ = 3;
    char qr_correction_ = '0';
    std::string qr_stored_;
    std::optional<PrintedPicture> graphic_;  // in the print buffer
};

}  // namespace gatehouse::drivers::emulator
