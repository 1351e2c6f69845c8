#include "drivers/scanner/pcsc_session.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t longest_number = 10;  // octets: ISO/IEC 14443 has 4, 7 and 10
constexpr std::uint8_t random_number = 0x08;

// Get Data: the card's number (PC/SC part 3, 3.2.2.1.3).
Bytes ask_for_number() { return {0xFF, 0xCA, 0x00, 0x00, 0x00}; }

std::optional<ByteView> number_in(ByteView answer) {
    if (answer.size() < 3 || answer[answer.size() - 2] != 0x90 || answer.back() != 0x00) return std::nullopt;
    const auto number = answer.first(answer.size() - 2);
    if (number.size() > longest_number || (number.size() == 4 && number[0] == random_number)) return std::nullopt;
    return number;
}

std::string upper_hex(ByteView bytes) {
    auto text = to_hex(bytes);
    for (auto& c : text)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

ScannerEffects PcscSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       feed_.clear();
                       abandon(DropReason::incomplete, out);
                   },
                   [&](const LinkDown&) {
                       feed_.clear();
                       abandon(DropReason::incomplete, out);
                   },
                   [&](const BytesRead& read) {
                       for (const auto& message : feed_.take(read.bytes)) take(message, now, out);
                   },
                   [&](const Ticked&) {
                       if (answer_due_ && *answer_due_ <= now) abandon(DropReason::unreadable, out);
                   },
                   [&](const VerdictGiven&) {},
               },
               event);
    return out;
}

void PcscSession::take(const CardMessage& message, Instant now, ScannerEffects& out) {
    switch (message.tag) {
        case CardTag::arrived:
            abandon(DropReason::incomplete, out);
            answer_due_ = now + options_.answer;
            out.emplace_back(WriteBytes{encode(CardMessage{CardTag::transmit, ask_for_number()})});
            return;
        case CardTag::answered:
            if (!answer_due_) return;
            if (const auto number = number_in(message.data)) {
                answer_due_.reset();
                repeats_.report({upper_hex(*number), {}}, now, out);
            } else {
                abandon(DropReason::unreadable, out);
            }
            return;
        case CardTag::left: return abandon(DropReason::incomplete, out);
        case CardTag::transmit: return;
    }
}

void PcscSession::abandon(DropReason reason, ScannerEffects& out) {
    if (std::exchange(answer_due_, std::nullopt)) out.emplace_back(ReportDropped{reason});
}

}  // namespace gatehouse::drivers
