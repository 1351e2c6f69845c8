#include "drivers/port/input_port.hpp"

#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "drivers/link/feed_codec.hpp"
#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

// Without the grab, what is scanned is typed into whatever console or window has the focus, shortcuts included.
Result<void> grab(int device, const std::string& path) {
    if (::ioctl(device, EVIOCGRAB, 1) == 0) return {};
    if (errno == EBUSY) return fail(ErrorCode::unavailable, path + ": is in use by another process");
    return system_error(path, "is not a keyboard");
}

// The keys' own state: what waits of it in the queue is thrown away with that.
bool has_caps_lock(int device) {
    unsigned char locks = 0;
    return ::ioctl(device, EVIOCGLED(sizeof(locks)), &locks) >= 0 && (locks >> LED_CAPSL & 1U) != 0;
}

// What begin() gives to open_slowly(): the descriptor goes to the port, the rest is for what comes after.
std::function<Result<int>()> into(const std::shared_ptr<OpenedInput>& found, const OpenInput& open,
                                  const std::string& path) {
    return [found, open, path]() -> Result<int> {
        const auto opened = open(path);
        if (!opened) return opened.error();
        *found = *opened;
        return found->device;
    };
}

}  // namespace

Result<OpenedInput> open_keyboard(const std::string& path) {
    const auto opened = open_device_file(path);
    if (!opened) return opened.error();
    Descriptor device(*opened);
    if (::isatty(device.get()) != 0) return OpenedInput{device.release(), true, false};
    if (const auto grabbed = grab(device.get(), path); !grabbed) return grabbed.error();
    const bool caps = has_caps_lock(device.get());
    return OpenedInput{device.release(), false, caps};
}

Result<OpenedInput> open_hid(const std::string& path) {
    const auto opened = open_device_file(path);
    if (!opened) return opened.error();
    return OpenedInput{*opened, ::isatty(*opened) != 0, false};
}

void KeyboardPort::begin() {
    found_ = std::make_shared<OpenedInput>();
    open_slowly(into(found_, open_, settings_.path));
}

void KeyboardPort::begun() {
    if (found_->caps) tell(encode(KeyEvent{EV_LED, LED_CAPSL, 1}));
}

void KeyboardPort::received(ByteView bytes) {
    if (found_->feed) return tell(bytes);
    Bytes stream;
    for (; bytes.size() >= sizeof(input_event); bytes = bytes.subspan(sizeof(input_event))) {
        input_event event{};
        std::memcpy(&event, bytes.data(), sizeof event);
        const auto encoded = encode(KeyEvent{event.type, event.code, event.value});
        stream.insert(stream.end(), encoded.begin(), encoded.end());
    }
    if (!stream.empty()) tell(stream);
}

void HidPort::begin() {
    found_ = std::make_shared<OpenedInput>();
    open_slowly(into(found_, open_, settings_.path));
}

void HidPort::received(ByteView bytes) {
    if (found_->feed)
        tell(bytes);
    else
        tell(encode_report(bytes));
}

}  // namespace gatehouse::drivers
