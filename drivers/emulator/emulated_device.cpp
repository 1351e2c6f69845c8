#include "drivers/emulator/emulated_device.hpp"

#include <boost/json/value.hpp>

namespace gatehouse::drivers::emulator {

std::string text_of(const boost::json::object& request, std::string_view key, std::string_view otherwise) {
    const auto* value = request.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string(otherwise);
}

std::int64_t number_of(const boost::json::object& request, std::string_view key, std::int64_t otherwise) {
    const auto* value = request.if_contains(key);
    if (value == nullptr || !value->is_number()) return otherwise;
    boost::system::error_code inexact;
    const auto number = value->to_number<std::int64_t>(inexact);
    return inexact ? otherwise : number;
}

bool flag_of(const boost::json::object& request, std::string_view key, bool otherwise) {
    const auto* value = request.if_contains(key);
    return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

}  // namespace gatehouse::drivers::emulator
