#include "drivers/scanner/ssi_session.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t no_beep = 0xFF;
constexpr std::uint8_t packeted_data = 0xEE;  // parameters
constexpr std::uint8_t handshaking = 0x9F;
constexpr std::uint8_t decode_light = 0x01;
constexpr std::uint8_t one_short_high = 0x00;  // beeps
constexpr std::uint8_t two_short_high = 0x01;
constexpr std::uint8_t two_long_low = 0x10;
constexpr std::uint8_t slow_warble = 0x15;
constexpr std::size_t most_waiting = 8;

SsiPacket command(SsiOpcode opcode, Bytes data = {}) {
    return {static_cast<std::uint8_t>(opcode), static_cast<std::uint8_t>(SsiSource::host), 0, std::move(data)};
}

bool is(const SsiPacket& packet, SsiOpcode opcode) { return packet.opcode == static_cast<std::uint8_t>(opcode); }

std::uint8_t beep_of(VerdictSign sign) {
    switch (sign) {
        case VerdictSign::welcome: return one_short_high;
        case VerdictSign::attention: return two_short_high;
        case VerdictSign::refused: return two_long_low;
        case VerdictSign::alarm: return slow_warble;
    }
    return two_long_low;
}

// The suffix that the device may add; a packet needs none.
std::string without_suffix(std::string code) {
    while (!code.empty() &&
           (code.back() == '\r' || code.back() == '\n' || code.back() == '\t' || code.back() == '\x03'))
        code.pop_back();
    return code;
}

}  // namespace

ScannerEffects SsiSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       answers_ = true;
                       link_up(out);
                   },
                   [&](const LinkDown&) {
                       up_ = false;
                       forget(out);
                   },
                   [&](const BytesRead& bytes) { read(bytes.bytes, now, out); },
                   [&](const VerdictGiven& verdict) { show(verdict.sign, now); },
                   [&](const Ticked&) {},
               },
               event);
    on_time(now, out);
    if (up_ && !answer_due_) send_next(now, out);
    return out;
}

std::optional<Instant> SsiSession::deadline() const {
    std::optional<Instant> next;
    for (const auto& due : {answer_due_, ask_again_, light_off_, packet_due_, more_due_})
        if (due && (!next || *due < *next)) next = due;
    return next;
}

void SsiSession::link_up(ScannerEffects& out) {
    forget(out);
    up_ = true;
    out.emplace_back(WriteBytes{{0x00}});  // wakes it
    commands_.push_back(command(SsiOpcode::parameter_send, {no_beep, packeted_data, 1}));
    commands_.push_back(command(SsiOpcode::parameter_send, {no_beep, handshaking, 1}));
    commands_.push_back(command(SsiOpcode::scan_enable));
}

void SsiSession::forget(ScannerEffects& out) {
    if (type_) out.emplace_back(ReportDropped{DropReason::incomplete});
    reader_.clear();
    commands_.clear();
    code_.clear();
    too_long_ = false;
    type_.reset();
    last_.reset();
    for (auto* due : {&answer_due_, &ask_again_, &light_off_, &packet_due_, &more_due_}) due->reset();
}

void SsiSession::read(ByteView bytes, Instant now, ScannerEffects& out) {
    const auto found = reader_.take(bytes);
    packet_due_ = reader_.is_waiting() ? std::optional(now + options_.pause) : std::nullopt;
    for (const auto& packet : found.packets) take(packet, now, out);
    if (found.spoiled)
        out.emplace_back(WriteBytes{encode_ssi(SsiOpcode::refused, {static_cast<std::uint8_t>(SsiRefusal::resend)})});
}

void SsiSession::take(const SsiPacket& packet, Instant now, ScannerEffects& out) {
    if (is(packet, SsiOpcode::decode_data)) return decoded(packet, now, out);
    if (is(packet, SsiOpcode::acknowledged)) return settle(true, now, out);
    if (is(packet, SsiOpcode::refused)) return refused(packet, now, out);
    out.emplace_back(WriteBytes{encode_ssi(SsiOpcode::acknowledged)});  // an event that nobody asked for
}

void SsiSession::decoded(const SsiPacket& packet, Instant now, ScannerEffects& out) {
    out.emplace_back(WriteBytes{encode_ssi(SsiOpcode::acknowledged)});
    const auto same = [&packet](const SsiPacket& other) {
        return other.data == packet.data && (other.status & ssi_continued) == (packet.status & ssi_continued);
    };
    if ((packet.status & ssi_retransmitted) != 0 && last_ && same(*last_)) return;
    last_ = packet;
    if (packet.data.empty()) return;
    // Each packet repeats the type of the code.
    const bool first = !std::exchange(type_, type_.value_or(packet.data.front())).has_value();
    const std::size_t skipped = first || packet.data.front() == *type_ ? 1 : 0;
    if (code_.size() + packet.data.size() - skipped > options_.longest) too_long_ = true;
    if (!too_long_) code_ += text_of(ByteView(packet.data).subspan(skipped));
    if ((packet.status & ssi_continued) != 0)
        more_due_ = now + options_.more;
    else
        deliver(now, out);
}

void SsiSession::deliver(Instant now, ScannerEffects& out) {
    more_due_.reset();
    type_.reset();
    auto scan = unframe(without_suffix(std::exchange(code_, {})), options_.prefix);
    if (std::exchange(too_long_, false))
        out.emplace_back(ReportDropped{DropReason::too_long});
    else if (!scan.text.empty())
        repeats_.report(std::move(scan), now, out);
}

void SsiSession::refused(const SsiPacket& packet, Instant now, ScannerEffects& out) {
    const bool again = !packet.data.empty() && packet.data.front() == static_cast<std::uint8_t>(SsiRefusal::resend);
    if (again && answer_due_)
        send_again(now, out);
    else
        settle(true, now, out);
}

void SsiSession::show(VerdictSign sign, Instant now) {
    if (!up_ || commands_.size() >= most_waiting) return;
    commands_.push_back(command(SsiOpcode::beep, {beep_of(sign)}));
    if (sign != VerdictSign::welcome) return;
    commands_.push_back(command(SsiOpcode::led_on, {decode_light}));
    light_off_ = now + options_.light;
}

// The command under way is over: answered, or given up.
void SsiSession::settle(bool done, Instant now, ScannerEffects& out) {
    if (!answer_due_) return;
    answer_due_.reset();
    commands_.pop_front();
    heard(done, out);
    if (!answers_ && commands_.empty()) ask_again_ = now + options_.ask_again;
    send_next(now, out);
}

void SsiSession::heard(bool answers, ScannerEffects& out) {
    if (std::exchange(answers_, answers) != answers) out.emplace_back(ReportAnswering{answers});
}

void SsiSession::send_next(Instant now, ScannerEffects& out) {
    if (commands_.empty()) return;
    tried_ = 1;
    answer_due_ = now + options_.answer;
    out.emplace_back(WriteBytes{encode(commands_.front())});
}

void SsiSession::send_again(Instant now, ScannerEffects& out) {
    if (tried_ >= options_.tries) return settle(false, now, out);
    ++tried_;
    answer_due_ = now + options_.answer;
    auto again = commands_.front();
    again.status |= ssi_retransmitted;
    out.emplace_back(WriteBytes{encode(again)});
}

void SsiSession::on_time(Instant now, ScannerEffects& out) {
    const auto passed = [now](const std::optional<Instant>& due) { return due && *due <= now; };
    if (passed(packet_due_)) {
        packet_due_.reset();
        reader_.clear();
    }
    if (passed(more_due_)) {
        more_due_.reset();
        type_.reset();
        code_.clear();
        too_long_ = false;
        out.emplace_back(ReportDropped{DropReason::incomplete});
    }
    if (passed(light_off_)) {
        light_off_.reset();
        commands_.push_back(command(SsiOpcode::led_off, {decode_light}));
    }
    if (passed(ask_again_)) {  // which would tear the code that is under way
        if (type_ || reader_.is_waiting())
            ask_again_ = now + options_.pause;
        else
            link_up(out);
    }
    if (passed(answer_due_)) send_again(now, out);
}

}  // namespace gatehouse::drivers
