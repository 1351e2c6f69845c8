#include "drivers/turnstile/bytes_session.hpp"

#include <algorithm>

namespace gatehouse::drivers {

BytesTurnstileSession::BytesTurnstileSession(BytesTurnstileOptions options) : options_(std::move(options)) {
    const std::pair<Word, const Bytes*> all[] = {{Word::passed_entry, &options_.passed[0]},
                                                 {Word::passed_exit, &options_.passed[1]},
                                                 {Word::accepted, &options_.accepted},
                                                 {Word::refused, &options_.refused}};
    for (const auto& [word, bytes] : all)
        if (!bytes->empty()) words_.emplace_back(word, *bytes);
    // The longest first; equal ones as they are listed above.
    std::ranges::sort(words_, [](const auto& a, const auto& b) {
        return a.second.size() != b.second.size() ? a.second.size() > b.second.size() : a.first < b.first;
    });
}

TurnstileEffects BytesTurnstileSession::step(const TurnstileEvent& event, Instant now) {
    TurnstileEffects out;
    std::visit([&](const auto& each) { on(each, now, out); }, event);
    if (up_) {
        hold(now, out);
        open_next(now, out);
    }
    return out;
}

std::optional<Instant> BytesTurnstileSession::deadline() const {
    if (!up_) return std::nullopt;
    if (opening_) return answer_until_;
    std::optional<Instant> due = asks_ ? std::optional(ask_due_) : std::nullopt;
    for (const auto direction : both_ways)
        if (holds_.is_held(direction) && !hold_word(direction).empty())
            due = std::min(due.value_or(next_repeat_), next_repeat_);
    return due;
}

void BytesTurnstileSession::on(const LinkUp& /*event*/, Instant now, TurnstileEffects& out) {
    up_ = true;
    heard_.clear();
    held_ = {};
    next_repeat_ = now;
    answers_close_ = false;
    asks_.reset();
    close_if_free(out);
    report_health(std::nullopt, out);
}

void BytesTurnstileSession::on(const LinkDown& /*event*/, Instant /*now*/, TurnstileEffects& out) {
    up_ = false;
    heard_.clear();
    if (opening_) out.emplace_back(ReportOpenFailed{opening_->id, OpenFailure::unknown});
    opening_.reset();
    asks_.reset();
    for (const auto& waiting : queue_) out.emplace_back(ReportOpenFailed{waiting.id, OpenFailure::not_reachable});
    queue_.clear();
    report_health(TurnstileFault::link_down, out);
}

void BytesTurnstileSession::on(const BytesRead& event, Instant /*now*/, TurnstileEffects& out) {
    if (!up_) return;
    for (const auto byte : event.bytes) {
        heard_.push_back(byte);
        const auto word = heard_word();
        const auto longest = words_.empty() ? 0 : words_.front().second.size();
        if (word) {
            heard_.clear();
            take(*word, out);
        } else if (heard_.size() > longest) {
            heard_.erase(heard_.begin());
        }
    }
}

std::optional<BytesTurnstileSession::Word> BytesTurnstileSession::heard_word() const {
    for (const auto& [word, bytes] : words_)
        if (heard_.size() >= bytes.size() && std::equal(bytes.rbegin(), bytes.rend(), heard_.rbegin())) return word;
    return std::nullopt;
}

// Whatever it says, it is there.
void BytesTurnstileSession::take(Word word, TurnstileEffects& out) {
    switch (word) {
        case Word::passed_entry: out.emplace_back(ReportPassed{Direction::entry}); break;
        case Word::passed_exit: out.emplace_back(ReportPassed{Direction::exit}); break;
        case Word::accepted:
            answers_close_ = answers_close_ || close_said_;
            if (opening_) opened(*std::exchange(opening_, std::nullopt), out);
            break;
        case Word::refused:
            answers_close_ = answers_close_ || close_said_;
            if (opening_) out.emplace_back(ReportOpenFailed{opening_->id, OpenFailure::refused});
            opening_.reset();
            break;
    }
    asks_.reset();
    report_health(std::nullopt, out);
}

void BytesTurnstileSession::opened(const OpenRequested& request, TurnstileEffects& out) {
    out.emplace_back(ReportOpened{request.id});
    if (options_.passed[way_index(request.direction)].empty()) out.emplace_back(ReportPassed{request.direction});
}

void BytesTurnstileSession::on(const Ticked& /*event*/, Instant now, TurnstileEffects& out) {
    if (asks_ && !opening_ && now >= ask_due_) ask(now, out);
    if (!opening_ || now < answer_until_) return;
    out.emplace_back(ReportOpenFailed{opening_->id, OpenFailure::unknown});
    opening_.reset();
    report_health(TurnstileFault::no_answer, out);
    asks_ = Asking::later;
    ask_due_ = now + options_.guest;
}

// Nobody sends an opening to a turnstile that is said not to answer, so only this brings it back. Not at once: it may
// have opened, and the guest be on the way. Who was never heard to answer `close` cannot be told from one that is
// gone: it is believed to be back, and the next guest tries.
void BytesTurnstileSession::ask(Instant now, TurnstileEffects& out) {
    const bool asked = *asks_ == Asking::later && close_if_free(out);
    asks_ = asked ? Asking::asked : Asking::later;
    ask_due_ = now + (asked ? options_.answer : options_.guest);
    if (asked || answers_close_) return;
    asks_.reset();
    report_health(std::nullopt, out);
}

bool BytesTurnstileSession::close_if_free(TurnstileEffects& out) {
    const bool held = std::ranges::any_of(both_ways, [this](Direction each) { return holds_.is_held(each); });
    if (held || options_.close.empty()) return false;
    say(options_.close, out);
    close_said_ = true;
    return true;
}

void BytesTurnstileSession::on(const OpenRequested& event, Instant /*now*/, TurnstileEffects& out) {
    if (!up_)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::not_reachable});
    else if (options_.open[way_index(event.direction)].empty())
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::refused});
    else if (holds_.is_held(event.direction))
        opened(event, out);
    else if (queue_.size() >= options_.longest_queue)
        out.emplace_back(ReportOpenFailed{event.id, OpenFailure::busy});
    else
        queue_.push_back(event);
}

void BytesTurnstileSession::on(const HoldOpenRequested& event, Instant now, TurnstileEffects& /*out*/) {
    holds_.set(event);
    next_repeat_ = now;
}

void BytesTurnstileSession::on(const ReleaseRequested& event, Instant /*now*/, TurnstileEffects& out) {
    holds_.release(event);
    const bool ends = std::ranges::any_of(
        both_ways, [this](Direction each) { return held_[way_index(each)] && !holds_.is_held(each); });
    if (!ends || !up_) return;
    say(options_.close, out);  // both ways: what is still held is said again by hold()
    held_ = {};
    const bool others = std::ranges::any_of(both_ways, [this](Direction each) { return holds_.is_held(each); });
    if (!others) out.emplace_back(ReportHeld{false, false});
}

void BytesTurnstileSession::open_next(Instant now, TurnstileEffects& out) {
    if (asks_ == Asking::asked) return;  // its answer would be taken for the opening's
    while (!opening_ && !queue_.empty()) {
        const auto request = queue_.front();
        queue_.pop_front();
        if (holds_.is_held(request.direction)) {
            opened(request, out);
            continue;
        }
        say(options_.open[way_index(request.direction)], out);
        if (options_.accepted.empty()) {
            opened(request, out);
            continue;
        }
        opening_ = request;
        answer_until_ = now + options_.answer;
    }
}

const Bytes& BytesTurnstileSession::hold_word(Direction direction) const {
    const auto& free = options_.free[way_index(direction)];
    return free.empty() ? options_.open[way_index(direction)] : free;
}

// Nothing is said again while the device owes its answer to an opening: it would be taken for that.
void BytesTurnstileSession::hold(Instant now, TurnstileEffects& out) {
    bool changed = false;
    const bool repeat = now >= next_repeat_ && !opening_;
    for (const auto direction : both_ways) {
        const auto& word = hold_word(direction);
        if (!holds_.is_held(direction) || word.empty()) continue;
        auto& held = held_[way_index(direction)];
        if (!held || repeat) say(word, out);
        changed = changed || !held;
        held = true;
    }
    if (repeat) next_repeat_ = now + options_.repeat;
    if (changed) out.emplace_back(ReportHeld{held_[0], held_[1]});
}

void BytesTurnstileSession::say(const Bytes& bytes, TurnstileEffects& out) {
    close_said_ = false;
    if (!bytes.empty()) out.emplace_back(WriteBytes{bytes});
}

void BytesTurnstileSession::report_health(std::optional<TurnstileFault> fault, TurnstileEffects& out) {
    if (health_.has_value() && *health_ == fault) return;
    health_.emplace(fault);
    if (fault)
        out.emplace_back(ReportFault{*fault});
    else
        out.emplace_back(ReportOnline{});
}

namespace {

Bytes digicon(const Bytes& command) {
    Bytes frame{0x02, static_cast<std::uint8_t>(command.size() + 1), 0x00};
    frame.insert(frame.end(), command.begin(), command.end());
    unsigned check = 0;
    for (const auto byte : frame) check ^= byte;
    frame.push_back(static_cast<std::uint8_t>(check));
    return frame;
}

Bytes mach_power(std::uint8_t address, std::uint8_t command) {
    return {0xeb, address, command, 0x00, static_cast<std::uint8_t>(0xebU ^ address ^ command)};
}

}  // namespace

BytesTurnstileOptions digicon_words() {
    BytesTurnstileOptions words;
    words.open = {digicon({0x48}), digicon({0x41})};
    words.passed = {digicon({0x1a}), digicon({0x1b})};
    words.free = {digicon({0x4c, 0x48}), digicon({0x4c, 0x41})};
    words.close = digicon({0x43});
    words.accepted = digicon({0x06});
    words.refused = digicon({0x15});
    return words;
}

BytesTurnstileOptions mach_power_words(std::uint8_t address) {
    BytesTurnstileOptions words;
    words.open = {mach_power(address, 0x40), mach_power(address, 0x41)};
    words.free = {mach_power(address, 0x42), mach_power(address, 0x42)};
    words.close = mach_power(address, 0x43);
    return words;
}

}  // namespace gatehouse::drivers
