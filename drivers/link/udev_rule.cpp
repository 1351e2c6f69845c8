#include "drivers/link/udev_rule.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace gatehouse::drivers {

namespace {

// A device chooses its own serial number: what could leave the quotes of a rule, or match more than itself, is not
// used.
bool is_plain(std::string_view value) {
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.' || c == ':';
    });
}

std::string matched(std::string_view key, std::string_view value) {
    return is_plain(value) ? ", ENV{" + std::string(key) + "}==\"" + std::string(value) + '"' : std::string{};
}

// udev's own rules find out about serial ports and keyboards; of HID devices and printers they only know the parents.
// Lines of their own, since udev imports after it has compared.
constexpr std::string_view imports =
    "SUBSYSTEM==\"hidraw|usbmisc\", SUBSYSTEMS==\"usb\", IMPORT{builtin}=\"usb_id\"\n"
    "SUBSYSTEM==\"hidraw|usbmisc\", IMPORT{builtin}=\"path_id\"\n";

bool wants_imports(std::string_view rule) {
    return rule.starts_with("SUBSYSTEM==\"hidraw\"") || rule.starts_with("SUBSYSTEM==\"usbmisc\"");
}

std::string link_of(std::string_view name) { return "SYMLINK+=\"gatehouse/" + std::string(name) + '"'; }

// The driver, and the setting that says where it is.
std::pair<std::string_view, std::string_view> likely(std::string_view subsystem) {
    if (subsystem == "input") return {"hid-keyboard", "path"};
    if (subsystem == "hidraw") return {"hid-pos", "path"};
    if (subsystem == "usbmisc") return {"escpos", "path"};
    return {"line", "port"};
}

}  // namespace

bool is_bound_by_serial(const PluggedDevice& device) {
    return is_plain(device.serial) && is_plain(device.vendor) && is_plain(device.product);
}

std::string stable_name(std::string_view name) { return "/dev/gatehouse/" + std::string(name); }

std::string udev_rule(const PluggedDevice& device, std::string_view name, std::string_view group) {
    std::string rule = "SUBSYSTEM==\"" + device.subsystem + '"';
    if (device.subsystem == "input") rule += ", KERNEL==\"event*\"";
    if (is_bound_by_serial(device)) {
        rule += matched("ID_VENDOR_ID", device.vendor) + matched("ID_MODEL_ID", device.product) +
                matched("ID_SERIAL_SHORT", device.serial);
    } else if (is_plain(device.path)) {
        rule += matched("ID_PATH", device.path);
    } else {
        return {};
    }
    rule += matched("ID_USB_INTERFACE_NUM", device.interface);
    return rule + ", " + link_of(name) + ", GROUP=\"" + std::string(group) + "\", MODE=\"0660\"";
}

std::string with_rule(std::string_view file, std::string_view name, std::string_view rule) {
    const bool known = file.find(imports) != std::string_view::npos;
    std::string kept{wants_imports(rule) && !known ? imports : ""};
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        const auto line = file.substr(0, end);
        file.remove_prefix(std::min(end + 1, file.size()));
        if (line.find(link_of(name)) == std::string_view::npos) kept += std::string(line) + '\n';
    }
    return kept + std::string(rule) + '\n';
}

std::string device_settings(const PluggedDevice& device, std::string_view name) {
    const auto [driver, where] = likely(device.subsystem);
    return "[[device]]\nname = \"" + std::string(name) + "\"\ndriver = \"" + std::string(driver) + "\"\n" +
           std::string(where) + " = \"" + stable_name(name) + "\"\n";
}

}  // namespace gatehouse::drivers
