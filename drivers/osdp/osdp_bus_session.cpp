#include "drivers/osdp/osdp_bus_session.hpp"

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::uint32_t sign_tag = 0;  // a gate counts from 1; nobody waits for a sign's answer

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

OsdpBusEffects OsdpBusSession::step(const OsdpBusEvent& event, Instant now) {
    OsdpBusEffects out;
    const auto tell_all = [&](const OsdpUnitEvent& what) {
        reader_.clear();
        speaking_.reset();
        quiet_until_ = now;
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
    advance(now, out);
    return out;
}

std::optional<Instant> OsdpBusSession::deadline() const {
    std::optional<Instant> due;
    const auto no_later_than = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& place : places_)
        if (const auto its = place.gate ? place.gate->deadline() : std::nullopt) no_later_than(*its);
    if (!up_) return due;
    if (speaking_) {
        no_later_than(speaking_->until);
        return due;
    }
    for (const auto& place : places_) {
        if (place.unit.is_urgent()) no_later_than(quiet_until_);
        if (const auto its = place.unit.due()) no_later_than(std::max(*its, quiet_until_));
    }
    return due;
}

// A reply in pieces keeps the wire until it pauses; a device that never ends, until a longest frame could have come.
void OsdpBusSession::read(ByteView bytes, Instant now, OsdpBusEffects& out) {
    if (!up_) return;
    if (!speaking_) {
        quiet_until_ = std::max(quiet_until_, now + options_.idle);
        return;
    }
    reader_.append(bytes);
    speaking_->until = std::min(now + options_.pause, speaking_->at_latest);
    while (const auto frame = reader_.next()) {
        const auto index = speaking_->index;
        to_unit(index, ReplyHeard{*frame}, now, out);
        if (!places_[index].unit.due()) continue;  // it still waits: that was not its answer
        speaking_.reset();
        reader_.clear();
        quiet_until_ = now + options_.idle;
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
                         [&](const CommandAnswered& answer) { to_gate(index, answer, now, out); },
                         [&](const CommandUnanswered& answer) { to_gate(index, answer, now, out); },
                         [&](const auto& state) {
                             to_gate(index, state, now, out);
                             auto& reader = places_[index].reader;
                             if (!reader) return;
                             reader->forget_keys();
                             out.emplace_back(OsdpReaderTold{places_[index].unit.address(), state});
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
}

void OsdpBusSession::transmit(std::size_t index, const Transmit& transmit, Instant now, OsdpBusEffects& out) {
    Bytes bytes;
    bytes.reserve(transmit.frame.size() + 1);
    if (options_.mark) bytes.push_back(osdp_mark);
    bytes.insert(bytes.end(), transmit.frame.begin(), transmit.frame.end());
    const auto begins = now + options_.octet * static_cast<std::int64_t>(bytes.size()) + transmit.answer;
    const auto ends = begins + options_.octet * 256 + options_.pause;
    speaking_ = Speaking{index, begins, ends};
    reader_.clear();
    out.emplace_back(WriteBytes{std::move(bytes)});
}

void OsdpBusSession::advance(Instant now, OsdpBusEffects& out) {
    if (!up_) return;
    if (speaking_ && now >= speaking_->until) {
        const auto index = speaking_->index;
        speaking_.reset();
        reader_.clear();
        quiet_until_ = now;
        to_unit(index, ReplyMissed{}, now, out);
    }
    if (speaking_ || now < quiet_until_) return;
    if (const auto next = next_speaker(now)) to_unit(*next, WireOffered{}, now, out);
}

std::optional<std::size_t> OsdpBusSession::next_speaker(Instant now) const {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const auto due = places_[i].unit.due();
        const bool urgent = places_[i].unit.is_urgent();
        if (!due || (!urgent && *due > now)) continue;
        if (!next) {
            next = i;
            continue;
        }
        const bool chosen_urgent = places_[*next].unit.is_urgent();
        if (urgent != chosen_urgent ? urgent : *due < *places_[*next].unit.due()) next = i;
    }
    return next;
}

}  // namespace gatehouse::drivers
