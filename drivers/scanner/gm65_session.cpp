#include "drivers/scanner/gm65_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {
constexpr std::uint16_t mode_register = 0x0000;
}  // namespace

ScannerEffects Gm65Session::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    const auto hand_on = [&] {
        for (auto& effect : line_.step(event, now)) out.push_back(std::move(effect));
    };
    std::visit(Match{
                   [&](const LinkUp&) {
                       hand_on();
                       (void)filter_.release();
                       tried_ = 0;
                       owed_ = 0;
                       answers_ = true;
                       if (options_.mode != Gm65Mode::as_it_is) set(now, out);
                   },
                   [&](const LinkDown&) {
                       hand_on();
                       (void)filter_.release();
                       for (auto* due : {&answer_due_, &ask_again_, &held_due_}) due->reset();
                   },
                   [&](const BytesRead& read) {
                       auto passed = filter_.take(read.bytes, owed_ > 0 && now < owed_until_);
                       if (passed.answers > 0) {
                           owed_ -= std::min(owed_, passed.answers);
                           answer_due_.reset();
                           ask_again_.reset();
                           heard(true, out);
                       }
                       held_due_ = filter_.is_holding() ? std::optional(now + options_.line.idle) : std::nullopt;
                       pass(std::move(passed.text), now, out);
                   },
                   [&](const Ticked&) {
                       on_time(now, out);
                       hand_on();
                   },
                   [&](const VerdictGiven&) {},
               },
               event);
    return out;
}

std::optional<Instant> Gm65Session::deadline() const {
    auto next = line_.deadline();
    for (const auto& due : {answer_due_, ask_again_, held_due_})
        if (due && (!next || *due < *next)) next = due;
    return next;
}

void Gm65Session::set(Instant now, ScannerEffects& out) {
    ++tried_;
    ++owed_;
    owed_until_ = now + options_.latest;
    answer_due_ = now + options_.answer;
    const auto mode = static_cast<std::uint8_t>(options_.mode);
    out.emplace_back(WriteBytes{encode_gm65(Gm65Command::write, mode_register, {&mode, 1})});
}

void Gm65Session::heard(bool answers, ScannerEffects& out) {
    if (std::exchange(answers_, answers) != answers) out.emplace_back(ReportAnswering{answers});
}

void Gm65Session::pass(Bytes text, Instant now, ScannerEffects& out) {
    if (text.empty()) return;
    for (auto& effect : line_.step(BytesRead{std::move(text)}, now)) out.push_back(std::move(effect));
}

void Gm65Session::on_time(Instant now, ScannerEffects& out) {
    const auto passed = [now](const std::optional<Instant>& due) { return due && *due <= now; };
    if (passed(held_due_)) {
        held_due_.reset();
        pass(filter_.release(), now, out);
    }
    if (passed(ask_again_)) {
        ask_again_.reset();
        tried_ = 0;
        set(now, out);
    }
    if (!passed(answer_due_)) return;
    if (tried_ < options_.tries) return set(now, out);
    answer_due_.reset();
    heard(false, out);
    ask_again_ = now + options_.ask_again;
}

}  // namespace gatehouse::drivers
