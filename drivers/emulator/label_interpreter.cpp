#include "drivers/emulator/label_interpreter.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace gatehouse::drivers::emulator {

namespace {

// The n-th of the numbers between commas; `otherwise` when it is left out.
unsigned number_at(const std::string& list, std::size_t n, unsigned otherwise) {
    std::size_t at = 0;
    for (; n > 0; --n) {
        at = list.find(',', at);
        if (at == std::string::npos) return otherwise;
        ++at;
    }
    const char* const first = list.c_str() + at;
    char* end = nullptr;
    const auto number = std::strtoul(first, &end, 10);
    return end == first ? otherwise : static_cast<unsigned>(std::min(number, 32'000UL));
}

std::string unescaped(const std::string& data) {
    std::string out;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data[i] == '_' && i + 2 < data.size() + 0 && std::isxdigit(static_cast<unsigned char>(data[i + 1])) != 0) {
            out.push_back(static_cast<char>(std::strtoul(data.substr(i + 1, 2).c_str(), nullptr, 16)));
            i += 2;
        } else {
            out.push_back(data[i]);
        }
    }
    return out;
}

}  // namespace

// ^ and ~ begin a command wherever they stand; what follows up to the next one belongs to it. ~HS, ~JA and ^XZ have no
// parameters and are obeyed at their last letter.
std::vector<LabelAct> ZplInterpreter::take(ByteView bytes) {
    std::vector<LabelAct> acts;
    for (const auto byte : bytes) {
        if (byte == '^' || byte == '~') finish(acts);
        if (byte == '\r' || byte == '\n') continue;
        pending_.push_back(static_cast<char>(byte));
        if (pending_ == "~HS" || pending_ == "~JA" || pending_ == "^XZ") finish(acts);
    }
    return acts;
}

void ZplInterpreter::finish(std::vector<LabelAct>& acts) {
    const auto text = std::exchange(pending_, {});
    if (text.empty() || (text.front() != '^' && text.front() != '~')) return;  // outside of commands: ignored
    const auto letters = text.starts_with("^A") ? 2U : 3U;                     // ^A takes the font's name
    const bool is_start = text.starts_with("^XA");
    command(text.substr(0, is_start ? 3 : letters),
            text.substr(std::min<std::size_t>(text.size(), is_start ? 3 : letters)), acts);
}

void ZplInterpreter::command(const std::string& name, const std::string& rest, std::vector<LabelAct>& acts) {
    if (name == "~HS") {
        acts.emplace_back(StatusAsked{});
    } else if (name == "~JA") {
        reset();
        acts.emplace_back(CancelAsked{});
    } else if (name == "^XA") {
        inside_ = true;
        label_ = {};
        field_ = {};
    } else if (name == "^XZ") {
        if (std::exchange(inside_, false)) acts.emplace_back(LabelMade{std::exchange(label_, {})});
    } else if (inside_) {
        field_command(name, rest, acts);
    }
}

void ZplInterpreter::field_command(const std::string& name, const std::string& rest, std::vector<LabelAct>& acts) {
    if (name == "^PW") label_.width = number_at(rest, 0, label_.width);
    if (name == "^LL") label_.height = number_at(rest, 0, label_.height);
    if (name == "^FO") {
        field_.x = number_at(rest, 0, 0);
        field_.y = number_at(rest, 1, 0);
    }
    if (name == "^A") {  // "0N,h,w"
        field_.tall = number_at(rest, 1, field_.tall);
        field_.wide = number_at(rest, 2, field_.wide);
    }
    if (name == "^FB") {
        const auto side = rest.size() < 3 ? std::string::npos : rest.find_last_of("LCR");
        if (side != std::string::npos)
            field_.align = rest[side] == 'C' ? Align::centre : rest[side] == 'R' ? Align::right : Align::left;
    }
    if (name == "^BQ") field_.qr_module = std::max(1U, number_at(rest, 2, 3));
    if (name == "^FH") field_.escapes = true;
    if (name == "^FD") field_.data = field_.escapes ? unescaped(rest) : rest;
    if (name == "^GF" && rest.starts_with("A,")) {
        field_.picture.row_octets = number_at(rest, 3, 0);
        const auto data = rest.find_last_of(',');
        const auto bits = from_hex(rest.substr(data + 1));
        if (bits && field_.picture.row_octets > 0) {
            field_.picture.bits = *bits;
            field_.picture.rows = static_cast<unsigned>(bits->size() / field_.picture.row_octets);
        }
    }
    if (name == "^FS") end_field();
    constexpr std::string_view known = "^PW^LL^FO^A^FB^BQ^FH^FD^GF^FS^CI^LH^JZ^MM^PQ";
    if (known.find(name) == std::string_view::npos) acts.emplace_back(CommandNotKnown{name});
}

void ZplInterpreter::end_field() {
    auto field = std::exchange(field_, {});
    if (field.picture.rows > 0) {
        label_.items.push_back({field.x, field.y, std::move(field.picture)});
    } else if (field.qr_module > 0 && field.data.size() > 3) {  // "MA,data": correction, input
        constexpr std::string_view levels = "LMQH";
        const auto level = levels.find(field.data.front());
        const auto correction = static_cast<char>('0' + (level == std::string_view::npos ? 1 : level));
        label_.items.push_back(
            {field.x, field.y, PrintedQr{field.data.substr(3), Align::left, field.qr_module, correction}});
    } else if (!field.data.empty()) {
        const auto times = [](unsigned dots) { return std::max(1U, dots / 24); };
        label_.items.push_back(
            {field.x, field.y, PrintedLine{field.data, field.align, times(field.wide), times(field.tall), false}});
    }
}

std::vector<LabelAct> FglInterpreter::take(ByteView bytes) {
    std::vector<LabelAct> acts;
    for (const auto byte : bytes) {
        const auto c = static_cast<char>(byte);
        switch (step_) {
            case Step::text:
                if (c == '<') {
                    end_text();
                    step_ = Step::command;
                } else if (byte >= 0x20) {
                    text_.push_back(c);
                }
                break;
            case Step::command:
                if (c == '>') {
                    step_ = Step::text;
                    command(acts);
                    text_.clear();
                } else {
                    text_.push_back(c);
                }
                break;
            case Step::graphic:
                columns_.push_back(byte);
                if (columns_.size() == columns_due_) end_graphic();
                break;
            case Step::qr:
                if (c == '{') {
                    qr_.text.clear();
                } else if (c == '}') {
                    label_.items.push_back({column_, row_, qr_});
                    step_ = Step::text;
                } else {
                    qr_.text.push_back(c);
                }
                break;
        }
    }
    return acts;
}

void FglInterpreter::command(std::vector<LabelAct>& acts) {
    const auto rest = [this](std::size_t letters) { return text_.substr(letters); };
    if (text_ == "p" || text_ == "q") {
        acts.emplace_back(LabelMade{std::exchange(label_, {})});
        row_ = column_ = 0;
    } else if (text_ == "CB") {
        label_ = {};
    } else if (text_ == "S1") {
        acts.emplace_back(StatusAsked{});
    } else if (text_.starts_with("RC")) {
        row_ = number_at(rest(2), 0, 0);
        column_ = number_at(rest(2), 1, 0);
    } else if (text_.starts_with("HW")) {
        tall_ = std::max(1U, number_at(rest(2), 0, 1));
        wide_ = std::max(1U, number_at(rest(2), 1, 1));
    } else if (text_.starts_with("QR")) {
        constexpr std::string_view levels = "1032";  // 0 M, 1 L, 2 H, 3 Q
        qr_ = {"", Align::left, std::max(1U, number_at(rest(2), 0, 3)), levels[number_at(rest(2), 3, 0) % 4]};
        step_ = Step::qr;
    } else if (text_.starts_with("G")) {
        columns_due_ = number_at(rest(1), 0, 0);
        columns_.clear();
        if (columns_due_ > 0) step_ = Step::graphic;
    } else if (!text_.starts_with("F")) {
        acts.emplace_back(CommandNotKnown{text_});
    }
}

void FglInterpreter::end_text() {
    auto text = std::exchange(text_, {});
    if (!text.empty())
        label_.items.push_back({column_, row_, PrintedLine{std::move(text), Align::left, wide_, tall_, false}});
}

// Each octet is a column of eight dots, its highest bit on top.
void FglInterpreter::end_graphic() {
    step_ = Step::text;
    PrintedPicture picture{Align::left, static_cast<unsigned>((columns_.size() + 7) / 8), 8, {}};
    picture.bits.assign(std::size_t{picture.row_octets} * 8, 0);
    for (std::size_t x = 0; x < columns_.size(); ++x)
        for (std::size_t row = 0; row < 8; ++row)
            if ((columns_[x] & (0x80U >> row)) != 0)
                picture.bits[row * picture.row_octets + x / 8] |= static_cast<std::uint8_t>(0x80U >> (x % 8));
    label_.items.push_back({column_, row_, std::move(picture)});
}

}  // namespace gatehouse::drivers::emulator
