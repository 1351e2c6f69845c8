// Any bytes to each scanner machine, cut anywhere, with pauses, losses and verdicts: codes stay bounded, time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/scanner/gm65_session.hpp"
#include "drivers/scanner/hid_pos_session.hpp"
#include "drivers/scanner/id_card_session.hpp"
#include "drivers/scanner/keyboard_session.hpp"
#include "drivers/scanner/pcsc_session.hpp"
#include "drivers/scanner/ssi_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

void look(const ScannerEffects& effects) {
    for (const auto& effect : effects)
        if (const auto* scan = std::get_if<ReportScan>(&effect))
            if (scan->text.empty() || scan->text.size() > 2'048) std::abort();
}

template <class Session>
void play(Session session, ByteView stream) {
    Instant now{};
    look(session.step(LinkUp{}, now));
    while (!stream.empty()) {
        const auto first = stream[0];
        const std::size_t length = std::min<std::size_t>(1 + first % 64, stream.size());
        look(session.step(BytesRead{{stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length)}}, now));
        if (first % 8 == 0) now += std::chrono::milliseconds(first * 20);
        if (first % 16 == 1) look(session.step(VerdictGiven{static_cast<VerdictSign>(first / 64)}, now));
        if (first % 32 == 2) {
            look(session.step(LinkDown{}, now));
            look(session.step(LinkUp{}, now));
        }
        look(session.step(Ticked{}, now));
        if (const auto due = session.deadline(); due && *due <= now) std::abort();
        stream = stream.subspan(length);
    }
    look(session.step(LinkDown{}, now));
    if (session.deadline()) std::abort();
}

}  // namespace

// The first octet says which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto stream = ByteView(data, size).subspan(1);
    Gm65Options gm65;
    gm65.mode = Gm65Mode::continuous;
    switch (data[0] % 6) {
        case 0: play(SsiSession{}, stream); break;
        case 1: play(Gm65Session{gm65}, stream); break;
        case 2: play(KeyboardSession{}, stream); break;
        case 3: play(HidPosSession{}, stream); break;
        case 4: play(PcscSession{}, stream); break;
        default: play(IdCardSession{}, stream); break;
    }
    return 0;
}
