#include "edge/api/words_json.hpp"

namespace gatehouse::edge {

std::string_view word(LanePhase phase) {
    switch (phase) {
        case LanePhase::idle: return "idle";
        case LanePhase::recording: return "recording";
        case LanePhase::opening: return "opening";
        case LanePhase::open: return "open";
        case LanePhase::faulted: return "faulted";
    }
    return "unknown";
}

std::string_view word(ClockQuality quality) {
    switch (quality) {
        case ClockQuality::synced: return "synced";
        case ClockQuality::holdover: return "holdover";
        case ClockQuality::suspect: return "suspect";
    }
    return "unknown";
}

TenderKind read_tender_kind(JsonReader& in, std::string_view key) {
    return in.choice<TenderKind>(key, {{"cash", TenderKind::cash},
                                       {"card", TenderKind::card},
                                       {"wechat", TenderKind::wechat},
                                       {"alipay", TenderKind::alipay},
                                       {"agency", TenderKind::agency},
                                       {"voucher", TenderKind::voucher},
                                       {"free", TenderKind::free}});
}

LaneMode read_lane_mode(JsonReader& in, std::string_view key) {
    return in.choice<LaneMode>(key, {{"normal", LaneMode::normal},
                                     {"green", LaneMode::green},
                                     {"free", LaneMode::free},
                                     {"closed", LaneMode::closed}});
}

Direction read_direction(JsonReader& in, std::string_view key) {
    return in.choice<Direction>(key, {{"entry", Direction::entry}, {"exit", Direction::exit}});
}

}  // namespace gatehouse::edge
