#include "drivers/emulator/answer_faults.hpp"

#include <algorithm>
#include <array>

#include "drivers/emulator/emulated_device.hpp"

namespace gatehouse::drivers::emulator {

namespace {
constexpr std::array<std::string_view, 8> words{"none",    "silence",    "deaf", "garbage",
                                                "bad_crc", "half_frame", "late", "repeat"};
}

bool AnswerFaults::set(const boost::json::object& request) {
    const auto* const found = std::ranges::find(words, text_of(request, "kind"));
    if (found == words.end()) return false;
    kind_ = static_cast<Kind>(found - words.begin());
    count_ = kind_ == Kind::none ? 0 : number_of(request, "count", 1);
    ms_ = std::clamp<std::int64_t>(number_of(request, "ms", 500), 0, 60'000);
    return true;
}

bool AnswerFaults::is_deaf_now() {
    if (kind_ != Kind::deaf || count_ <= 0) return false;
    --count_;
    return true;
}

void AnswerFaults::send(Bytes answer, const std::function<void(const Bytes&)>& wire) {
    const auto kind = count_ > 0 ? kind_ : Kind::none;
    if (count_ > 0) --count_;
    switch (kind) {
        case Kind::none: break;
        case Kind::silence:
        case Kind::deaf: return;
        case Kind::garbage: std::ranges::fill(answer, std::uint8_t{0x5a}); break;
        case Kind::bad_crc: answer.back() ^= 0xff; break;
        case Kind::half_frame: answer.resize(answer.size() / 2); break;
        case Kind::late: later_.after(std::chrono::milliseconds(ms_), [answer, wire] { wire(answer); }); return;
        case Kind::repeat: wire(answer); break;
    }
    wire(answer);
}

}  // namespace gatehouse::drivers::emulator
