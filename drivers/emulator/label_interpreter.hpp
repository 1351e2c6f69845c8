// The command parsers of ticket and label printers, FGL and ZPL II: a stream of octets becomes labels and requests.
// Written against the programming guides, not against our encoders.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "drivers/emulator/paper.hpp"

namespace gatehouse::drivers::emulator {

struct LabelMade {
    Label label;
};
struct StatusAsked {};  // ~HS, <S1>
struct CancelAsked {};  // ~JA
struct CommandNotKnown {
    std::string text;
};
using LabelAct = std::variant<LabelMade, StatusAsked, CancelAsked, CommandNotKnown>;

class ZplInterpreter {
public:
    [[nodiscard]] std::vector<LabelAct> take(ByteView bytes);
    [[nodiscard]] bool is_inside_format() const { return inside_; }
    void reset() { *this = {}; }

private:
    struct Field {
        unsigned x = 0, y = 0;
        unsigned tall = 24, wide = 24;  // dots
        Align align = Align::left;
        bool escapes = false;    // ^FH
        unsigned qr_module = 0;  // 0: no ^BQ
        PrintedPicture picture;
        std::string data;
    };

    void finish(std::vector<LabelAct>& acts);
    void command(const std::string& name, const std::string& rest, std::vector<LabelAct>& acts);
    void field_command(const std::string& name, const std::string& rest, std::vector<LabelAct>& acts);
    void end_field();

    std::string pending_;  // a command and its parameters
    bool inside_ = false;
    Label label_;
    Field field_;
};

class FglInterpreter {
public:
    [[nodiscard]] std::vector<LabelAct> take(ByteView bytes);
    void reset() { *this = {}; }

private:
    void command(std::vector<LabelAct>& acts);
    void end_text();
    void end_graphic();

    enum class Step : std::uint8_t { text, command, graphic, qr };
    Step step_ = Step::text;
    std::string text_;
    Bytes columns_;
    std::size_t columns_due_ = 0;
    unsigned row_ = 0, column_ = 0;
    unsigned tall_ = 1, wide_ = 1;
    PrintedQr qr_;
    Label label_;
};

}  // namespace gatehouse::drivers::emulator
