// What the control socket can ask of every emulated device.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace gatehouse::drivers::emulator {

class EmulatedDevice {
public:
    virtual ~EmulatedDevice() = default;
    [[nodiscard]] virtual const std::string& name() const = 0;
    // One command; the answer, or {"error": …}.
    [[nodiscard]] virtual boost::json::object perform(std::string_view what, const boost::json::object& request) = 0;
};

[[nodiscard]] inline boost::json::object refusal(std::string_view why) { return {{"error", why}}; }

// A value of the request, or `otherwise` when it is absent or of another type.
[[nodiscard]] std::string text_of(const boost::json::object& request, std::string_view key,
                                  std::string_view otherwise = "");
[[nodiscard]] std::int64_t number_of(const boost::json::object& request, std::string_view key, std::int64_t otherwise);
[[nodiscard]] bool flag_of(const boost::json::object& request, std::string_view key, bool otherwise);

}  // namespace gatehouse::drivers::emulator
