// From a device that was just plugged in to a name that it keeps: a udev rule, and what the configuration says.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::drivers {

// As udev describes it. Empty where it says nothing.
struct PluggedDevice {
    std::string subsystem;  // tty, input, hidraw, usbmisc, gpio
    std::string node;       // /dev/ttyACM0
    std::string vendor;     // ID_VENDOR_ID: four hexadecimal digits
    std::string product;    // ID_MODEL_ID
    std::string serial;     // ID_SERIAL_SHORT
    std::string interface;  // ID_USB_INTERFACE_NUM: of several in one device
    std::string path;       // ID_PATH: the socket
    std::string description;
    friend bool operator==(const PluggedDevice&, const PluggedDevice&) = default;
};

// By its serial number where it has one, so that it may move; else by the socket, so that its twin may be beside it.
[[nodiscard]] bool is_bound_by_serial(const PluggedDevice& device);
// /dev/gatehouse/NAME
[[nodiscard]] std::string stable_name(std::string_view name);
// One line without its end. `group` may open it. Empty when udev says neither serial number nor socket. Values that
// could end a string of the rule are left out as if udev had not said them.
[[nodiscard]] std::string udev_rule(const PluggedDevice& device, std::string_view name, std::string_view group);
// The rule file with this name's rule replaced, or added at the end; before it what udev must find out for such a rule.
[[nodiscard]] std::string with_rule(std::string_view file, std::string_view name, std::string_view rule);
// A [[device]] for the configuration, with the likeliest driver.
[[nodiscard]] std::string device_settings(const PluggedDevice& device, std::string_view name);

}  // namespace gatehouse::drivers
