// Any octets to an OSDP panel, as an answer to whatever it has asked: in clear and with keys. No frame that is decoded
// differs from what it would be encoded to, nothing opens that was not asked for, and time goes on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/osdp/osdp_bus_session.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::drivers;

void decode(ByteView input) {
    const auto frame = decode_osdp(input);
    if (!frame) return;
    if (!std::ranges::equal(encode_osdp(*frame), input)) std::abort();
    (void)parse_osdp_reply(frame->code, frame->data);
}

// The device's address, a right length and a right check make more of the input go further in.
Bytes mended(Bytes frame, std::uint8_t sequence) {
    if (frame.size() < 8) return frame;
    frame[0] = 0x53;
    frame[1] = 0x85;
    frame[2] = static_cast<std::uint8_t>(frame.size());
    frame[3] = 0;
    frame[4] = static_cast<std::uint8_t>((frame[4] & 8U) | 4U | sequence);
    const auto crc = osdp_crc(ByteView(frame).first(frame.size() - 2));
    frame[frame.size() - 2] = static_cast<std::uint8_t>(crc);
    frame[frame.size() - 1] = static_cast<std::uint8_t>(crc >> 8U);
    return frame;
}

void play(const std::uint8_t* data, std::size_t size, bool secure) {
    OsdpUnitOptions unit;
    unit.address = 5;
    unit.secure = secure;
    if (secure) unit.keys = {osdp_default_key};
    OsdpBusSession bus;
    bus.add_gate(unit, {});
    bus.add_reader(unit, {});
    Instant now{std::chrono::seconds(1)};
    std::uint8_t sequence = 0;
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    const auto tell = [&](const OsdpBusEvent& event) {
        for (const auto& effect : bus.step(event, now)) {
            if (const auto* write = std::get_if<WriteBytes>(&effect)) sequence = write->bytes[5] & 3U;
            const auto* told = std::get_if<OsdpGateTold>(&effect);
            if (told == nullptr) continue;
            const bool ends = std::holds_alternative<ReportOpened>(told->report) ||
                              std::holds_alternative<ReportOpenFailed>(told->report);
            if (ends && ++answered > asked) std::abort();
        }
    };
    tell(LinkUp{});
    for (std::size_t i = 0; i < size;) {
        const std::size_t length = std::min<std::size_t>(1 + data[i] % 64, size - i);
        Bytes octets{data + i, data + i + length};
        tell(BytesRead{data[i] % 4 == 0 ? octets : mended(octets, sequence)});
        if (data[i] % 16 == 1) tell(OsdpAsked{5, OpenRequested{OpenId{++asked}, Direction::entry}});
        if (data[i] % 64 == 2) tell(LinkUp{});
        now += std::chrono::milliseconds(1 + data[i] % 128);
        tell(Ticked{});
        if (const auto due = bus.deadline(); due && *due < now) std::abort();
        i += length;
    }
    tell(LinkDown{});
    if (answered != asked) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    decode({data, size});
    play(data, size, false);
    play(data, size, true);
    return 0;
}
