#include "schemas/records/words.hpp"

namespace gatehouse {

std::string_view word(CashDirection direction) {
    switch (direction) {
        case CashDirection::pay_in: return "pay_in";
        case CashDirection::pay_out: return "pay_out";
    }
    return "unknown";
}

std::string_view word(TenderKind kind) {
    switch (kind) {
        case TenderKind::cash: return "cash";
        case TenderKind::card: return "card";
        case TenderKind::wechat: return "wechat";
        case TenderKind::alipay: return "alipay";
        case TenderKind::agency: return "agency";
        case TenderKind::voucher: return "voucher";
        case TenderKind::free: return "free";
    }
    return "unknown";
}

std::string_view word(TenderState state) {
    switch (state) {
        case TenderState::confirmed: return "confirmed";
        case TenderState::unverified: return "unverified";
        case TenderState::failed: return "failed";
    }
    return "unknown";
}

std::string_view word(PrintOutcome outcome) {
    switch (outcome) {
        case PrintOutcome::printed: return "printed";
        case PrintOutcome::not_printed: return "not_printed";
        case PrintOutcome::ask: return "ask";
    }
    return "unknown";
}

std::string_view word(DeviceState state) {
    switch (state) {
        case DeviceState::online: return "online";
        case DeviceState::offline: return "offline";
        case DeviceState::fault: return "fault";
    }
    return "unknown";
}

std::string_view word(DeviceOrder order) {
    switch (order) {
        case DeviceOrder::test: return "test";
        case DeviceOrder::record: return "record";
        case DeviceOrder::stop_recording: return "stop_recording";
    }
    return "unknown";
}

std::string_view word(Decision decision) {
    switch (decision) {
        case Decision::admit: return "admit";
        case Decision::refuse: return "refuse";
    }
    return "unknown";
}

std::string_view word(Direction direction) {
    switch (direction) {
        case Direction::entry: return "entry";
        case Direction::exit: return "exit";
    }
    return "unknown";
}

std::string_view word(LaneMode mode) {
    switch (mode) {
        case LaneMode::normal: return "normal";
        case LaneMode::green: return "green";
        case LaneMode::free: return "free";
        case LaneMode::closed: return "closed";
    }
    return "unknown";
}

std::string_view word(Confirmation confirmation) {
    switch (confirmation) {
        case Confirmation::by_passage: return "by_passage";
        case Confirmation::at_once: return "at_once";
    }
    return "unknown";
}

std::string_view word(PassageOutcome outcome) {
    switch (outcome) {
        case PassageOutcome::turned: return "turned";
        case PassageOutcome::abandoned: return "abandoned";
        case PassageOutcome::unknown: return "unknown";
    }
    return "unknown";
}

std::string_view word(Evidence evidence) {
    switch (evidence) {
        case Evidence::device: return "device";
        case Evidence::timeout: return "timeout";
        case Evidence::attendant: return "attendant";
        case Evidence::recovery: return "recovery";
    }
    return "unknown";
}

std::string_view word(CountCause cause) {
    switch (cause) {
        case CountCause::free_mode: return "free_mode";
        case CountCause::green_mode: return "green_mode";
        case CountCause::emergency: return "emergency";
        case CountCause::tailgate: return "tailgate";
        case CountCause::wrong_way: return "wrong_way";
        case CountCause::intrusion: return "intrusion";
        case CountCause::let_through: return "let_through";
    }
    return "unknown";
}

}  // namespace gatehouse
