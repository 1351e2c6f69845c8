#include "drivers/scanner/id_card_session.hpp"

#include <utility>

#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::size_t digest_octets = 16;

}  // namespace

std::string id_card_digest(const MacKey& key, std::string_view number) {
    const auto digest = hmac(key, view_of(number));
    return "ID:" + to_hex(ByteView(digest).first(digest_octets));
}

ScannerEffects IdCardSession::step(const ScannerEvent& event, Instant now) {
    ScannerEffects out;
    std::visit(Match{
                   [&](const LinkUp&) {
                       reader_.clear();
                       unanswered_ = 0;
                       answers_ = true;
                       ask(Phase::finding, now, out);
                   },
                   [&](const LinkDown&) {
                       if (phase_ == Phase::reading) out.emplace_back(ReportDropped{DropReason::incomplete});
                       reader_.clear();
                       phase_ = Phase::closed;
                       due_.reset();
                   },
                   [&](const BytesRead& read) {
                       for (auto& answer : reader_.take(read.bytes)) {
                           take(answer, now, out);
                           wipe(answer.data);
                       }
                   },
                   [&](const Ticked&) { on_time(now, out); },
                   [&](const VerdictGiven&) {},
               },
               event);
    return out;
}

void IdCardSession::ask(Phase phase, Instant now, ScannerEffects& out) {
    phase_ = phase;
    due_ = now + (phase == Phase::reading ? options_.reading : options_.answer);
    const auto command = phase == Phase::reading     ? IdCardCommand::read
                         : phase == Phase::selecting ? IdCardCommand::select
                                                     : IdCardCommand::find;
    out.emplace_back(WriteBytes{encode_id_card(command)});
}

void IdCardSession::take(IdCardAnswer& answer, Instant now, ScannerEffects& out) {
    unanswered_ = 0;
    if (!std::exchange(answers_, true)) out.emplace_back(ReportAnswering{true});
    switch (phase_) {
        case Phase::closed:
        case Phase::resting: return;  // too late: nobody waits for it
        case Phase::finding:
            if (answer.status == id_card_found) return ask(Phase::selecting, now, out);
            return rest(options_.poll, now);
        case Phase::selecting:
            if (answer.status == id_card_done) return ask(Phase::reading, now, out);
            return rest(options_.poll, now);
        case Phase::reading: return took(answer, now, out);
    }
}

void IdCardSession::took(IdCardAnswer& answer, Instant now, ScannerEffects& out) {
    rest(options_.rest, now);
    auto number = answer.status == id_card_done ? id_card_number(answer.data) : std::nullopt;
    if (!number) {
        out.emplace_back(ReportDropped{DropReason::unreadable});
        return;
    }
    repeats_.report({id_card_digest(options_.key, *number), {}}, now, out);
    wipe(*number);
}

void IdCardSession::rest(Duration pause, Instant now) {
    phase_ = Phase::resting;
    due_ = now + pause;
}

void IdCardSession::on_time(Instant now, ScannerEffects& out) {
    if (!due_ || *due_ > now) return;
    if (phase_ == Phase::resting) return ask(Phase::finding, now, out);
    if (phase_ == Phase::reading) out.emplace_back(ReportDropped{DropReason::incomplete});
    reader_.clear();
    if (++unanswered_ == options_.silent && std::exchange(answers_, false)) out.emplace_back(ReportAnswering{false});
    rest(options_.poll, now);
}

}  // namespace gatehouse::drivers
