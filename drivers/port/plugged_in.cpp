#include "drivers/port/plugged_in.hpp"

#include <libudev.h>
#include <poll.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace gatehouse::drivers {

namespace {

constexpr std::array<const char*, 5> subsystems{"tty", "input", "hidraw", "usbmisc", "gpio"};
constexpr std::chrono::milliseconds rest_of_a_plug{1'000};

template <class T, T* (*Unref)(T*)>
struct Unreferencer {
    void operator()(T* object) const { Unref(object); }
};
using Udev = std::unique_ptr<udev, Unreferencer<udev, udev_unref>>;
using Device = std::unique_ptr<udev_device, Unreferencer<udev_device, udev_device_unref>>;
using Enumeration = std::unique_ptr<udev_enumerate, Unreferencer<udev_enumerate, udev_enumerate_unref>>;
using Monitor = std::unique_ptr<udev_monitor, Unreferencer<udev_monitor, udev_monitor_unref>>;

std::string property(udev_device* device, const char* key) {
    const char* value = udev_device_get_property_value(device, key);
    return value == nullptr ? std::string{} : std::string(value);
}

std::string word(const char* value) { return value == nullptr ? std::string{} : std::string(value); }

// Of the device itself, or of the USB device or interface that it is a part of.
std::string property(udev_device* device, const char* key, const char* part) {
    auto found = property(device, key);
    auto* const parent = udev_device_get_parent_with_subsystem_devtype(device, "usb", part);
    return found.empty() && parent != nullptr ? property(parent, key) : found;
}

std::string interface_of(udev_device* device) {
    auto found = property(device, "ID_USB_INTERFACE_NUM");
    auto* const parent = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface");
    if (!found.empty() || parent == nullptr) return found;
    return word(udev_device_get_sysattr_value(parent, "bInterfaceNumber"));
}

// Only what is plugged in: no pty, no virtual console, and of a keyboard only its events.
std::optional<PluggedDevice> described(udev_device* device) {
    PluggedDevice found;
    found.subsystem = word(udev_device_get_subsystem(device));
    found.node = word(udev_device_get_devnode(device));
    const bool events = found.node.starts_with("/dev/input/event");
    if (found.node.empty() || (found.subsystem == "input" && !events)) return std::nullopt;
    if (found.subsystem == "tty" && udev_device_get_parent(device) == nullptr) return std::nullopt;
    found.vendor = property(device, "ID_VENDOR_ID", "usb_device");
    found.product = property(device, "ID_MODEL_ID", "usb_device");
    found.serial = property(device, "ID_SERIAL_SHORT", "usb_device");
    found.interface = interface_of(device);
    found.path = property(device, "ID_PATH", "usb_interface");
    found.description = property(device, "ID_VENDOR", "usb_device") + ' ' + property(device, "ID_MODEL", "usb_device");
    return found;
}

Error no_udev() { return fail(ErrorCode::unavailable, "udev does not answer: no udevd runs here"); }

// What came until `until`, or until a plug's rest has passed.
std::vector<PluggedDevice> collect(udev_monitor* monitor, std::chrono::milliseconds longest) {
    std::vector<PluggedDevice> devices;
    pollfd waiting{udev_monitor_get_fd(monitor), POLLIN, 0};
    auto left = longest;
    while (::poll(&waiting, 1, static_cast<int>(left.count())) > 0) {
        const Device device(udev_monitor_receive_device(monitor));
        if (!device || word(udev_device_get_action(device.get())) != "add") continue;
        if (auto found = described(device.get())) {
            devices.push_back(std::move(*found));
            left = rest_of_a_plug;
        }
    }
    return devices;
}

}  // namespace

Result<std::vector<PluggedDevice>> list_plugged_in() {
    const Udev context(udev_new());
    if (!context) return no_udev();
    const Enumeration all(udev_enumerate_new(context.get()));
    if (!all) return no_udev();
    for (const char* subsystem : subsystems) udev_enumerate_add_match_subsystem(all.get(), subsystem);
    if (udev_enumerate_scan_devices(all.get()) < 0) return no_udev();
    std::vector<PluggedDevice> devices;
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(all.get())) {
        const Device device(udev_device_new_from_syspath(context.get(), udev_list_entry_get_name(entry)));
        if (!device) continue;
        if (auto found = described(device.get())) devices.push_back(std::move(*found));
    }
    return devices;
}

Result<std::vector<PluggedDevice>> wait_for_plug(std::chrono::seconds longest) {
    std::error_code ignored;
    if (!std::filesystem::exists("/run/udev/control", ignored)) return no_udev();
    const Udev context(udev_new());
    if (!context) return no_udev();
    const Monitor monitor(udev_monitor_new_from_netlink(context.get(), "udev"));
    if (!monitor) return no_udev();
    for (const char* subsystem : subsystems)
        udev_monitor_filter_add_match_subsystem_devtype(monitor.get(), subsystem, nullptr);
    if (udev_monitor_enable_receiving(monitor.get()) < 0) return no_udev();
    auto devices = collect(monitor.get(), longest);
    if (devices.empty()) return fail(ErrorCode::unavailable, "nothing was plugged in");
    return devices;
}

}  // namespace gatehouse::drivers
