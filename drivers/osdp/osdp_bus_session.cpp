#include "drivers/osdp/osdp_bus_session.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint32_t sign_tag = 0;  // a gate's come after these; nobody waits for a sign's answer
constexpr std::uint32_t status_tag = 1;
constexpr std::int64_t poll_octets = 9;  // with its mark

std::vector<OsdpCommand> commands_of(const SignRequested& request, std::uint8_t reader) {
    std::vector<OsdpCommand> out;
    switch (request.sign) {
        case VerdictSign::welcome:
            out = {osdp_led(reader, OsdpColour::green, false, 20), osdp_buzzer(reader, 2, 1, 1)};
            break;
        case VerdictSign::attention:
            out = {osdp_led(reader, OsdpColour::amber, false, 30), osdp_buzzer(reader, 2, 2, 2)};
            break;
        case VerdictSign::refused:
            out = {osdp_led(reader, OsdpColour::red, false, 20), osdp_buzzer(reader, 6, 1, 1)};
            break;
        case VerdictSign::alarm:
            out = {osdp_led(reader, OsdpColour::red, true, 50), osdp_buzzer(reader, 2, 1, 5)};
            break;
    }
    if (!request.text.empty()) out.push_back(osdp_text(reader, request.text, 3));
    return out;
}

}  // namespace

OsdpBusSession::Place& OsdpBusSession::place_of(const OsdpUnitOptions& unit) {
    const auto at = std::ranges::find_if(places_, [&](const Place& p) { return p.unit.address() == unit.address; });
    if (at != places_.end()) return *at;
    return places_.emplace_back(Place{OsdpUnit(unit), std::nullopt, std::nullopt});
}

const OsdpBusSession::Place* OsdpBusSession::find(std::uint8_t address) const {
    const auto at = std::ranges::find_if(places_, [&](const Place& p) { return p.unit.address() == address; });
    return at == places_.end() ? nullptr : &*at;
}

void OsdpBusSession::add_gate(const OsdpUnitOptions& unit, const OsdpGateOptions& gate) {
    auto& place = place_of(unit);
    check(!place.gate, "an OSDP address has one gate");
    place.gate.emplace(gate);
}

void OsdpBusSession::add_reader(const OsdpUnitOptions& unit, const OsdpCardReaderOptions& reader) {
    auto& place = place_of(unit);
    check(!place.reader, "an OSDP address has one reader");
    place.reader.emplace(reader);
}

bool OsdpBusSession::has_gate(std::uint8_t address) const {
    const auto* place = find(address);
    return place != nullptr && place->gate;
}
bool OsdpBusSession::has_reader(std::uint8_t address) const {
    const auto* place = find(address);
    return place != nullptr && place->reader;
}

Instant OsdpBusSession::last_answer(std::uint8_t address) const {
    const Place* const place = find(address);
    return place != nullptr ? place->unit.last_answer() : Instant{};
}

OsdpBusEffects OsdpBusSession::step(const OsdpBusEvent& event, Instant now) {
    OsdpBusEffects out;
    const auto tell_all = [&](const OsdpUnitEvent& what) {
        reader_.clear();
        speaking_.reset();
        silence_ = false;
        quiet_until_ = now;
        probe_turn_ = now;
        for (std::size_t i = 0; i < places_.size(); ++i) to_unit(i, what, now, out);
    };
    std::visit(Match{[&](const LinkUp& up) {
                         tell_all(up);
                         up_ = true;
                     },
                     [&](const LinkDown& down) {
                         up_ = false;
                         tell_all(down);
                     },
                     [&](const BytesRead& input) { read(input.bytes, now, out); },
                     [&](const OsdpAsked& asked) { ask(asked, now, out); },
                     [&](const Ticked& ticked) {
                         for (std::size_t i = 0; i < places_.size(); ++i)
                             if (places_[i].gate) to_gate(i, ticked, now, out);
                     }},
               event);
    ask_status(now, out);
    advance(now, out);
    return out;
}

std::optional<Instant> OsdpBusSession::deadline() const {
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& place : places_)
        if (const auto its = place.gate ? place.gate->deadline() : std::nullopt) no_later_than(*its);
    for (const auto& place : places_)
        if (place.status) no_later_than(*place.status);
    if (!up_) return due;
    if (speaking_) {
        no_later_than(speaking_->until);
        return due;
    }
    for (const auto& place : places_) {
        if (place.unit.is_urgent()) no_later_than(quiet_until_);
        if (place.unit.due()) no_later_than(std::max(due_of(place), quiet_until_));
    }
    return due;
}

// A reply in pieces keeps the wire until it pauses; a device that never ends, until a longest frame could have come.
// What is no reply, such as the glitch of a line that changes its direction, takes nothing from the time for one.
void OsdpBusSession::read(ByteView bytes, Instant now, OsdpBusEffects& out) {
    if (!up_) return;
    if (!speaking_) {
        quiet_until_ = std::max(quiet_until_, now + options_.idle);
        return;
    }
    reader_.append(bytes);
    speaking_->until = std::max(speaking_->until, std::min(now + options_.pause, speaking_->at_latest));
    while (const auto frame = reader_.next()) {
        const auto index = speaking_->index;
        to_unit(index, ReplyHeard{*frame}, now, out);
        if (!places_[index].unit.due()) continue;  // it still waits: that was not its answer
        end_speech(true, now);
        return;
    }
}

void OsdpBusSession::ask(const OsdpAsked& asked, Instant now, OsdpBusEffects& out) {
    const auto at = std::ranges::find_if(places_, [&](const Place& p) { return p.unit.address() == asked.address; });
    check(at != places_.end(), "what is asked for is on the bus");
    const auto index = static_cast<std::size_t>(at - places_.begin());
    std::visit(Match{[&](const SignRequested& sign) { show(index, sign, now, out); },
                     [&](const auto& request) {
                         check(places_[index].gate.has_value(), "who is asked to open is a gate");
                         to_gate(index, request, now, out);
                     }},
               asked.request);
}

void OsdpBusSession::show(std::size_t index, const SignRequested& sign, Instant now, OsdpBusEffects& out) {
    const auto& reader = places_[index].reader;
    for (auto& command : commands_of(sign, reader ? reader->number() : std::uint8_t{0}))
        to_unit(index, CommandAsked{sign_tag, std::move(command), false}, now, out);
}

void OsdpBusSession::to_unit(std::size_t index, const OsdpUnitEvent& event, Instant now, OsdpBusEffects& out) {
    for (const auto& effect : places_[index].unit.step(event, now)) {
        std::visit(Match{[&](const Transmit& frame) { transmit(index, frame, now, out); },
                         [&](const UnitTold& told) {
                             to_gate(index, told, now, out);
                             to_reader(index, told.reply, now, out);
                         },
                         [&](const CommandAnswered& answer) {
                             if (answer.tag == status_tag)
                                 status_answered(index, answer.reply, now, out);
                             else
                                 to_gate(index, answer, now, out);
                         },
                         [&](const CommandUnanswered& answer) {
                             if (answer.tag == status_tag)
                                 places_[index].status = now + options_.status;
                             else
                                 to_gate(index, answer, now, out);
                         },
                         [&](const auto& state) {
                             to_gate(index, state, now, out);
                             reader_state(index, state, now, out);
                         }},
                   effect);
    }
}

void OsdpBusSession::to_gate(std::size_t index, const OsdpGateEvent& event, Instant now, OsdpBusEffects& out) {
    auto& gate = places_[index].gate;
    if (!gate) return;
    for (const auto& effect : gate->step(event, now)) {
        std::visit(
            Match{[&](const CommandAsked& command) { to_unit(index, command, now, out); },
                  [&](const auto& report) { out.emplace_back(OsdpGateTold{places_[index].unit.address(), report}); }},
            effect);
    }
}

void OsdpBusSession::to_reader(std::size_t index, const OsdpReply& reply, Instant now, OsdpBusEffects& out) {
    auto& reader = places_[index].reader;
    if (!reader) return;
    for (const auto& report : reader->take(reply, now)) {
        std::visit([&](const auto& each) { out.emplace_back(OsdpReaderTold{places_[index].unit.address(), each}); },
                   report);
    }
    auto& status = places_[index].status;
    if (reader->is_troubled() && !status) status = now + options_.status;
}

void OsdpBusSession::reader_state(std::size_t index, const std::variant<UnitOnline, UnitLost>& state, Instant now,
                                  OsdpBusEffects& out) {
    auto& place = places_[index];
    if (!place.reader) return;
    place.reader->forget();
    place.status.reset();
    if (std::holds_alternative<UnitOnline>(state)) place.status = now;
    std::visit([&](const auto& each) { out.emplace_back(OsdpReaderTold{place.unit.address(), each}); }, state);
}

// Some devices tell a tamper switch or a failed supply when that begins and never when it is over.
void OsdpBusSession::ask_status(Instant now, OsdpBusEffects& out) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        auto& due = places_[i].status;
        if (!due || now < *due) continue;
        due.reset();
        to_unit(i, CommandAsked{status_tag, {OsdpCommandCode::lstat, {}}, false}, now, out);
    }
}

// The gate needs the switch only: that the supply was away it has heard, or it knows nothing of the device yet.
void OsdpBusSession::status_answered(std::size_t index, const OsdpReply& reply, Instant now, OsdpBusEffects& out) {
    to_reader(index, reply, now, out);
    if (const auto* status = std::get_if<OsdpLocalStatus>(&reply))
        to_gate(index, UnitTold{OsdpLocalStatus{status->tamper, false}}, now, out);
}

void OsdpBusSession::transmit(std::size_t index, const Transmit& transmit, Instant now, OsdpBusEffects& out) {
    Bytes bytes;
    bytes.reserve(transmit.frame.size() + 1);
    if (options_.mark) bytes.push_back(osdp_mark);
    bytes.insert(bytes.end(), transmit.frame.begin(), transmit.frame.end());
    const auto begins = now + options_.octet * static_cast<std::int64_t>(bytes.size()) + transmit.answer;
    const auto ends = begins + options_.octet * 256 + options_.pause;
    speaking_ = Speaking{index, now, begins, ends};
    reader_.clear();
    out.emplace_back(WriteBytes{std::move(bytes)});
}

void OsdpBusSession::end_speech(bool answered, Instant now) {
    if (speaking_->in_turn) probe_turn_ = now + (now - speaking_->since) * 3;
    speaking_.reset();
    reader_.clear();
    silence_ = !answered;
    quiet_until_ = answered ? now + options_.idle : now;
}

void OsdpBusSession::advance(Instant now, OsdpBusEffects& out) {
    if (!up_) return;
    if (speaking_ && now >= speaking_->until) {
        const auto index = speaking_->index;
        end_speech(false, now);
        to_unit(index, ReplyMissed{}, now, out);
    }
    if (speaking_ || now < quiet_until_) return;
    const auto next = next_speaker(now);
    if (!next) return;
    const bool in_turn = places_[*next].unit.seems_absent() && now >= probe_turn_;
    to_unit(*next, WireOffered{}, now, out);
    check(speaking_.has_value(), "who is offered the wire speaks");
    speaking_->in_turn = in_turn;
}

// Probes get a quarter of the wire, and what nobody else wants.
std::optional<std::size_t> OsdpBusSession::next_speaker(Instant now) const {
    std::optional<std::size_t> present;
    std::optional<std::size_t> absent;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const auto& unit = places_[i].unit;
        if (!unit.due() || (due_of(places_[i]) > now && !unit.is_urgent())) continue;
        auto& chosen = unit.seems_absent() ? absent : present;
        if (!chosen || goes_before(places_[i], places_[*chosen])) chosen = i;
    }
    if (present && places_[*present].unit.is_urgent()) return present;
    if (absent && now >= probe_turn_) return absent;
    return present ? present : absent;
}

bool OsdpBusSession::goes_before(const Place& one, const Place& other) const {
    if (one.unit.is_urgent() != other.unit.is_urgent()) return one.unit.is_urgent();
    if (silence_ && !one.unit.seems_absent()) {
        if (one.unit.is_repeating() != other.unit.is_repeating()) return other.unit.is_repeating();
        if (one.unit.last_answer() != other.unit.last_answer())
            return one.unit.last_answer() > other.unit.last_answer();
    }
    return *one.unit.due() < *other.unit.due();
}

// A probe goes when it wants to where that delays nobody's poll by more than the slack, and else in its turn.
Instant OsdpBusSession::due_of(const Place& place) const {
    const auto due = *place.unit.due();
    if (!place.unit.seems_absent()) return due;
    const auto ends = std::max(due, quiet_until_) + probe_length(place.unit);
    const bool delays = std::ranges::any_of(places_, [&](const Place& each) {
        return !each.unit.seems_absent() && each.unit.due() && *each.unit.due() + options_.slack < ends;
    });
    return delays ? std::max(due, probe_turn_) : due;
}

Duration OsdpBusSession::probe_length(const OsdpUnit& unit) const {
    return options_.octet * poll_octets + unit.patience();
}

}  // namespace gatehouse::drivers
