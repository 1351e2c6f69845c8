// What tests of scanner machines have in common.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "drivers/scanner/scanner_events.hpp"
#include "tests/drivers/hex.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

[[nodiscard]] inline std::vector<std::string> texts(const ScannerEffects& effects) {
    std::vector<std::string> found;
    for (const auto& effect : effects)
        if (const auto* scan = std::get_if<ReportScan>(&effect)) found.push_back(scan->text);
    return found;
}

// Octets written, joined.
[[nodiscard]] inline Bytes written(const ScannerEffects& effects) {
    Bytes all;
    for (const auto& effect : effects)
        if (const auto* write = std::get_if<WriteBytes>(&effect))
            all.insert(all.end(), write->bytes.begin(), write->bytes.end());
    return all;
}

// Plays `stream` in any pieces, with pauses, ticks and losses in between; ends with whatever deadlines are left.
// `look` gets every step's effects and its time.
template <class Session, class Look>
void play_anyhow(Session& session, const Bytes& stream, Look look) {
    Instant now = at_ms(0);
    look(session.step(LinkUp{}, now), now);
    for (std::size_t at = 0; at < stream.size();) {
        const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 40), stream.size() - at);
        const auto first = stream.begin() + static_cast<Bytes::difference_type>(at);
        look(session.step(BytesRead{{first, first + static_cast<Bytes::difference_type>(length)}}, now), now);
        at += length;
        switch (*rc::gen::inRange(0, 8)) {
            case 0:
                look(session.step(LinkDown{}, now), now);
                look(session.step(LinkUp{}, now), now);
                break;
            case 1:
                look(session.step(VerdictGiven{*rc::gen::element(VerdictSign::welcome, VerdictSign::alarm)}, now), now);
                break;
            case 2: now += std::chrono::milliseconds(*rc::gen::inRange(0, 5'000)); break;
            default: break;
        }
        look(session.step(Ticked{}, now), now);
        RC_ASSERT(!session.deadline() || *session.deadline() > now);
    }
}

[[nodiscard]] inline std::size_t scans_and_drops(const ScannerEffects& effects) {
    return static_cast<std::size_t>(std::ranges::count_if(effects, [](const ScannerEffect& effect) {
        return std::holds_alternative<ReportScan>(effect) || std::holds_alternative<ReportDropped>(effect);
    }));
}

// Plays what a device sends for each of its codes, nothing lost and nothing added: cut anywhere, with a device's own
// short pauses in a code and a guest's between two. Gives the scans and drops that came of it.
template <class Session>
[[nodiscard]] std::size_t play_whole(Session& session, const std::vector<Bytes>& codes) {
    Bytes stream;
    std::vector<std::size_t> ends;
    for (const auto& code : codes) {
        stream.insert(stream.end(), code.begin(), code.end());
        ends.push_back(stream.size());
    }
    Instant now = at_ms(0);
    std::size_t ended = 0;
    const auto tell = [&](const ScannerEvent& event) { ended += scans_and_drops(session.step(event, now)); };
    tell(LinkUp{});
    for (std::size_t at = 0; at < stream.size();) {
        const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 60), stream.size() - at);
        const auto first = stream.begin() + static_cast<Bytes::difference_type>(at);
        tell(BytesRead{{first, first + static_cast<Bytes::difference_type>(length)}});
        at += length;
        const bool is_whole = std::ranges::find(ends, at) != ends.end();
        now += std::chrono::milliseconds(*rc::gen::inRange(0, is_whole ? 5'000 : 20));
        tell(Ticked{});
    }
    for (int tick = 0; tick < 5; ++tick) {
        now += std::chrono::seconds(5);
        tell(Ticked{});
    }
    return ended;
}

// Between none and a dozen codes of upper-case letters, often the same one again.
[[nodiscard]] inline std::vector<std::string> some_codes(std::size_t longest) {
    std::vector<std::string> codes;
    const auto count = *rc::gen::inRange(0, 12);
    for (int i = 0; i < count; ++i) {
        if (!codes.empty() && *rc::gen::inRange(0, 3) == 0)
            codes.push_back(codes.back());
        else
            codes.emplace_back(*rc::gen::inRange<std::size_t>(1, longest + 1), *rc::gen::inRange('A', 'Z'));
    }
    return codes;
}

}  // namespace gatehouse::drivers::test
