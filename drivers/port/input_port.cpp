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

}  // namespace

void KeyboardPort::begin() {
    const auto opened = open_device_file(settings_.path);
    if (!opened) return give_up(opened.error());
    Descriptor device(*opened);
    feed_ = ::isatty(device.get()) != 0;
    if (!feed_)
        if (const auto grabbed = grab(device.get(), settings_.path); !grabbed) return give_up(grabbed.error());
    take_over(device.release());
}

void KeyboardPort::begun() {
    unsigned char locks = 0;
    if (feed_ || ::ioctl(descriptor(), EVIOCGLED(sizeof(locks)), &locks) < 0) return;
    if ((locks >> LED_CAPSL & 1U) != 0) tell(encode(KeyEvent{EV_LED, LED_CAPSL, 1}));
}

void KeyboardPort::received(ByteView bytes) {
    if (feed_) return tell(bytes);
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
    const auto opened = open_device_file(settings_.path);
    if (!opened) return give_up(opened.error());
    feed_ = ::isatty(*opened) != 0;
    take_over(*opened);
}

void HidPort::received(ByteView bytes) {
    if (feed_)
        tell(bytes);
    else
        tell(encode_report(bytes));
}

}  // namespace gatehouse::drivers
