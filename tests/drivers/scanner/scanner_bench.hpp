// What tests of scanner machines have in common.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "drivers/scanner/scanner_events.hpp"
#include "tests/drivers/virtual_time.hpp"

namespace gatehouse::drivers::test {

[[nodiscard]] inline Bytes hex(std::string text) {
    std::erase(text, ' ');
    return from_hex(text).value();
}

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
// `look` gets every step's effects.
template <class Session, class Look>
void play_anyhow(Session& session, const Bytes& stream, Look look) {
    Instant now = at_ms(0);
    look(session.step(LinkUp{}, now));
    for (std::size_t at = 0; at < stream.size();) {
        const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 40), stream.size() - at);
        const auto first = stream.begin() + static_cast<Bytes::difference_type>(at);
        look(session.step(BytesRead{{first, first + static_cast<Bytes::difference_type>(length)}}, now));
        at += length;
        switch (*rc::gen::inRange(0, 8)) {
            case 0:
                look(session.step(LinkDown{}, now));
                look(session.step(LinkUp{}, now));
                break;
            case 1:
                look(session.step(VerdictGiven{*rc::gen::element(VerdictSign::welcome, VerdictSign::alarm)}, now));
                break;
            case 2: now += std::chrono::milliseconds(*rc::gen::inRange(0, 5'000)); break;
            default: break;
        }
        look(session.step(Ticked{}, now));
        RC_ASSERT(!session.deadline() || *session.deadline() > now);
    }
}

}  // namespace gatehouse::drivers::test
