#include "drivers/osdp/osdp_unit.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint8_t nak_sequence = 4;
constexpr std::uint8_t nak_no_channel = 5;
constexpr std::uint8_t nak_insecure = 6;
constexpr unsigned most_beginnings = 3;

}  // namespace

OsdpUnitEffects OsdpUnit::step(const OsdpUnitEvent& event, Instant now) {
    OsdpUnitEffects out;
    std::visit([&](const auto& each) { on(each, now, out); }, event);
    return out;
}

std::optional<Instant> OsdpUnit::due() const {
    if (phase_ == Phase::down || waiting_) return std::nullopt;
    return due_;
}

void OsdpUnit::on(const LinkUp& /*event*/, Instant now, OsdpUnitEffects& out) {
    drop_commands(out);
    phase_ = Phase::probing;
    channel_.reset();
    repeated_.reset();
    sequence_ = 0;
    probes_ = 0;
    probe_ = options_.shortest_probe;
    due_ = now;
}

void OsdpUnit::on(const LinkDown& /*event*/, Instant now, OsdpUnitEffects& out) {
    lose(UnitLoss::link_down, now, out);
    phase_ = Phase::down;
}

void OsdpUnit::on(const CommandAsked& event, Instant /*now*/, OsdpUnitEffects& out) {
    if (seems_absent() || queue_.size() >= options_.longest_queue)
        out.emplace_back(CommandUnanswered{event.tag, false});
    else if (event.urgent)
        queue_.insert(std::ranges::find_if_not(queue_, &CommandAsked::urgent), event);
    else
        queue_.push_back(event);
}

// The same octets again after a lost answer: a device that has done the command gives its reply again.
void OsdpUnit::on(const WireOffered& /*event*/, Instant now, OsdpUnitEffects& out) {
    if (phase_ == Phase::down || waiting_) return;
    // What is called unanswered must not be done much later, because the wire was long in coming. A poll does nothing.
    const bool does_something = in_flight_ && in_flight_->command.code != OsdpCommandCode::poll;
    if (does_something && in_flight_->given_up && is_overdue(now)) lose(UnitLoss::no_answer, now, out);
    if (!in_flight_) compose();
    const auto answer = patience();
    if (phase_ == Phase::probing) ++probes_;
    if (in_flight_->sent++ == 0) in_flight_->first = now;
    in_flight_->at = now;
    waiting_ = true;
    out.emplace_back(Transmit{in_flight_->bytes, answer});
}

void OsdpUnit::compose() {
    InFlight next;
    next.command = next_command(next.tag);
    next.sequence = sequence_;
    OsdpFrame frame{options_.address,  false, sequence_, options_.crc, {}, static_cast<std::uint8_t>(next.command.code),
                    next.command.data, {}};
    const auto site_key =
        static_cast<std::uint8_t>(key_ < options_.keys.size() && options_.keys[key_] == osdp_default_key ? 0 : 1);
    if (phase_ == Phase::challenging)
        frame.security = OsdpSecurityBlock{static_cast<std::uint8_t>(OsdpSecurity::challenge), {site_key}};
    else if (phase_ == Phase::proving)
        frame.security = OsdpSecurityBlock{static_cast<std::uint8_t>(OsdpSecurity::proof), {site_key}};
    else if (channel_)
        frame = channel_->seal(std::move(frame));
    next.bytes = encode_osdp(frame);
    in_flight_ = std::move(next);
}

OsdpCommand OsdpUnit::next_command(std::optional<std::uint32_t>& tag) {
    switch (phase_) {
        case Phase::down:
        case Phase::probing:
            // Some devices must be polled before they say who they are; with keys a poll could take a card read in
            // clear.
            if (options_.secure) return {OsdpCommandCode::id, {0}};
            return {OsdpCommandCode::poll, {}};
        case Phase::asking_id: return {OsdpCommandCode::id, {0}};
        case Phase::asking_cap: return {OsdpCommandCode::cap, {0}};
        case Phase::challenging: return challenge();
        case Phase::proving: return {OsdpCommandCode::scrypt, {cryptogram_.begin(), cryptogram_.end()}};
        case Phase::rekeying: return osdp_keyset(options_.keys.front());
        case Phase::online: break;
    }
    if (queue_.empty()) return {OsdpCommandCode::poll, {}};
    auto asked = std::move(queue_.front());
    queue_.pop_front();
    tag = asked.tag;
    return std::move(asked.command);
}

OsdpCommand OsdpUnit::challenge() {
    AesBlock counter{};
    ++challenges_;
    for (std::size_t i = 0; i < 8; ++i) counter[i] = static_cast<std::uint8_t>(challenges_ >> (8U * i));
    counter[8] = options_.address;
    std::copy_n(encrypt_block(options_.chance, counter).begin(), random_.size(), random_.begin());
    session_ = osdp_session_keys(options_.keys[key_], random_);
    return {OsdpCommandCode::chlng, {random_.begin(), random_.end()}};
}

// A device that is absent must not hold up the others for the whole time that a reply may take; one that is there may
// take it once in a while, and a repeat on top of its reply would be a collision.
Duration OsdpUnit::patience() const {
    if (phase_ != Phase::probing) return options_.answer;
    const unsigned nth = probes_ + 1;
    if (nth % options_.full_probe == 0) return options_.answer;  // it may be another one now, and slower
    if (slowest_ == Duration{0} && nth <= 2) return options_.answer;
    return std::min(slowest_ + options_.quick_answer, options_.answer);
}

bool OsdpUnit::is_overdue(Instant now) const {
    return phase_ == Phase::online && in_flight_ && in_flight_->sent > 1 &&
           now - in_flight_->first >= options_.patience;
}

// What a silent device had to say is lost with its number: those are given up last.
void OsdpUnit::on(const ReplyMissed& /*event*/, Instant now, OsdpUnitEffects& out) {
    if (!waiting_) return;
    waiting_ = false;
    due_ = now;
    const bool spent = in_flight_->sent > options_.repeats;
    const bool lost = phase_ == Phase::online ? is_overdue(now) : spent || phase_ == Phase::probing;
    if (lost)
        lose(UnitLoss::no_answer, now, out);
    else if (spent)
        give_up_commands(out);
}

void OsdpUnit::on(const ReplyHeard& event, Instant now, OsdpUnitEffects& out) {
    if (!waiting_ || event.frame.address != options_.address || !event.frame.reply) return;
    const auto reply = trusted(event.frame);
    if (!reply) return;  // noise: the answer may still come
    if (std::holds_alternative<OsdpBusy>(*reply)) {
        waiting_ = false;
        due_ = now + options_.busy;
        in_flight_->sent = 0;
        in_flight_->given_up = false;
        if (++busy_ > options_.most_busy) lose(UnitLoss::no_answer, now, out);
        return;
    }
    const auto* nak = std::get_if<OsdpNak>(&*reply);
    if (event.frame.sequence != in_flight_->sequence && nak == nullptr) return;
    if (is_late_copy(event.frame, now)) return;
    if (in_flight_->sent > 1 && !std::holds_alternative<OsdpAck>(*reply))
        repeated_ = Told{event.frame, in_flight_->at + options_.answer * 2};
    waiting_ = false;
    last_answer_ = now;
    busy_ = 0;
    if (in_flight_->command.code == OsdpCommandCode::poll) slowest_ = std::max(slowest_, now - in_flight_->at);
    sequence_ = static_cast<std::uint8_t>(in_flight_->sequence == 3 ? 1 : in_flight_->sequence + 1);
    due_ = now;
    if (phase_ == Phase::online && nak != nullptr)
        refused(*nak, now, out);
    else
        take(*reply, now, out);
}

// What the device has said beyond doubt. In a channel only its refusal to go on may come in clear.
std::optional<OsdpReply> OsdpUnit::trusted(const OsdpFrame& frame) {
    if (!channel_) return frame.mac ? std::nullopt : parse_osdp_reply(frame.code, frame.data);
    const auto code = static_cast<OsdpReplyCode>(frame.code);
    if (!frame.mac && (code == OsdpReplyCode::nak || code == OsdpReplyCode::busy))
        return parse_osdp_reply(frame.code, frame.data);
    if (frame.sequence != in_flight_->sequence) return std::nullopt;
    const auto opened = channel_->open(frame);
    if (!opened) return std::nullopt;
    return parse_osdp_reply(opened->code, opened->data);
}

// What was asked for twice may come twice, and the second so late that the numbers have come round. Should the device
// say the very same again it is asked for that once more. In a channel no frame is like another.
bool OsdpUnit::is_late_copy(const OsdpFrame& frame, Instant now) const {
    return repeated_ && now < repeated_->until && frame == repeated_->frame;
}

void OsdpUnit::take(const OsdpReply& reply, Instant now, OsdpUnitEffects& out) {
    const bool rekeyed = std::holds_alternative<OsdpAck>(reply);
    if (phase_ != Phase::online) in_flight_.reset();
    switch (phase_) {
        case Phase::down: return;
        case Phase::probing:
            told(reply, out);
            phase_ = Phase::asking_id;
            return;
        case Phase::asking_id: phase_ = Phase::asking_cap; return;
        case Phase::asking_cap:
            if (!options_.secure)
                come_online(now, out);
            else
                try_key(0, now, out);
            return;
        case Phase::challenging: check_challenged(reply, now, out); return;
        case Phase::proving: check_proven(reply, now, out); return;
        case Phase::rekeying:
            channel_.reset();
            try_key(rekeyed ? 0 : options_.keys.size(), now, out);
            return;
        case Phase::online: take_online(reply, now, out); return;
    }
}

void OsdpUnit::take_online(const OsdpReply& reply, Instant now, OsdpUnitEffects& out) {
    const auto done = *std::exchange(in_flight_, std::nullopt);
    anew_ = 0;
    if (done.tag) {
        out.emplace_back(CommandAnswered{*done.tag, reply});
        const bool read = std::holds_alternative<OsdpCard>(reply) || std::holds_alternative<OsdpKeys>(reply);
        if (read) told(reply, out);  // a device that will not wait for a poll
        return;
    }
    told(reply, out);
    // A device with something to say may have more.
    due_ = std::holds_alternative<OsdpAck>(reply) ? done.at + options_.poll : now;
}

void OsdpUnit::told(const OsdpReply& reply, OsdpUnitEffects& out) {
    if (options_.secure && !channel_) return;
    if (std::holds_alternative<OsdpAck>(reply) || std::holds_alternative<OsdpNak>(reply)) return;
    out.emplace_back(UnitTold{reply});
}

void OsdpUnit::refused(const OsdpNak& nak, Instant now, OsdpUnitEffects& out) {
    const bool insecure = nak.code == nak_insecure || nak.code == nak_no_channel;
    const bool poll = in_flight_->command.code == OsdpCommandCode::poll;
    if (insecure && !options_.secure && poll) return lose(UnitLoss::not_trusted, now, out);
    if (nak.code == nak_sequence || (insecure && options_.secure)) return begin_anew(now, out);
    const auto done = *std::exchange(in_flight_, std::nullopt);
    if (done.tag) out.emplace_back(CommandAnswered{*done.tag, nak});
    due_ = done.at + options_.poll;
}

// The device has refused the command unseen: when it heard it for the first time, it may be given once more.
void OsdpUnit::begin_anew(Instant now, OsdpUnitEffects& out) {
    auto refused = *std::exchange(in_flight_, std::nullopt);
    if (refused.tag && refused.sent == 1)
        queue_.push_front({*refused.tag, std::move(refused.command), true});
    else if (refused.tag)
        out.emplace_back(CommandUnanswered{*refused.tag, true});
    if (++anew_ > most_beginnings) return lose(UnitLoss::no_answer, now, out);
    channel_.reset();
    sequence_ = 0;
    if (options_.secure) try_key(0, now, out);
}

void OsdpUnit::check_challenged(const OsdpReply& reply, Instant now, OsdpUnitEffects& out) {
    const auto* answer = std::get_if<OsdpChallenged>(&reply);
    if (answer == nullptr || answer->cryptogram != osdp_pd_cryptogram(session_.enc, random_, answer->random))
        return try_key(key_ + 1, now, out);
    cryptogram_ = osdp_cp_cryptogram(session_.enc, random_, answer->random);
    phase_ = Phase::proving;
}

void OsdpUnit::check_proven(const OsdpReply& reply, Instant now, OsdpUnitEffects& out) {
    const auto* proven = std::get_if<OsdpProven>(&reply);
    const auto rmac = osdp_initial_rmac(session_, cryptogram_);
    if (proven == nullptr || proven->rmac != rmac) return try_key(key_ + 1, now, out);
    channel_.emplace(session_, rmac);
    if (key_ == 0)
        come_online(now, out);
    else
        phase_ = Phase::rekeying;
}

void OsdpUnit::try_key(std::size_t index, Instant now, OsdpUnitEffects& out) {
    if (index >= options_.keys.size()) return lose(UnitLoss::not_trusted, now, out);
    key_ = index;
    phase_ = Phase::challenging;
}

void OsdpUnit::come_online(Instant now, OsdpUnitEffects& out) {
    phase_ = Phase::online;
    probe_ = options_.shortest_probe;
    due_ = now;
    const UnitOnline online{channel_.has_value()};
    if (said_ == std::variant<UnitOnline, UnitLost>{online}) return;
    said_ = online;
    out.emplace_back(online);
}

void OsdpUnit::lose(UnitLoss why, Instant now, OsdpUnitEffects& out) {
    drop_commands(out);
    if (phase_ != Phase::probing) probes_ = 0;  // it was there a moment ago
    phase_ = Phase::probing;
    channel_.reset();
    sequence_ = 0;
    busy_ = 0;
    anew_ = 0;
    due_ = now + probe_;
    probe_ = std::min(probe_ * 2, options_.longest_probe);
    const UnitLost lost{why};
    if (said_ == std::variant<UnitOnline, UnitLost>{lost}) return;
    said_ = lost;
    out.emplace_back(lost);
}

// The octets stay, to be repeated: the device gives the reply that was lost, though nobody waits for it any more.
void OsdpUnit::give_up_commands(OsdpUnitEffects& out) {
    if (in_flight_) {
        if (const auto tag = std::exchange(in_flight_->tag, std::nullopt))
            out.emplace_back(CommandUnanswered{*tag, true});
        in_flight_->given_up = true;
    }
    for (const auto& waiting : queue_) out.emplace_back(CommandUnanswered{waiting.tag, false});
    queue_.clear();
}

void OsdpUnit::drop_commands(OsdpUnitEffects& out) {
    give_up_commands(out);
    in_flight_.reset();
    waiting_ = false;
}

}  // namespace gatehouse::drivers
