#include "sync/central/api/report_shapes.hpp"

namespace gatehouse::central {

std::string_view to_word(TenderKind kind) {
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

std::string_view to_word(TenderState state) {
    switch (state) {
        case TenderState::confirmed: return "confirmed";
        case TenderState::unverified: return "unverified";
        case TenderState::failed: return "failed";
    }
    return "unknown";
}

std::string_view to_word(Direction direction) {
    switch (direction) {
        case Direction::entry: return "entry";
        case Direction::exit: return "exit";
    }
    return "unknown";
}

std::string_view to_word(CountCause cause) {
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

}  // namespace gatehouse::central
