#include "drivers/port/gpio_port.hpp"

#include <fcntl.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::chrono::seconds look_every{1};

// All lines in one request: outputs first, then inputs, so that line number i of the request is known.
gpio_v2_line_request request_for(const GpioSettings& settings) {
    gpio_v2_line_request request{};
    const std::uint64_t low = settings.active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0;
    std::uint64_t outputs = 0;
    for (const auto line : settings.outputs) {
        outputs |= std::uint64_t{1} << request.num_lines;
        request.offsets[request.num_lines++] = line;
    }
    for (const auto line : settings.inputs) request.offsets[request.num_lines++] = line;
    std::strncpy(request.consumer, "gatehouse", sizeof request.consumer - 1);
    request.config.flags =
        low | GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
    if (outputs != 0) {
        auto& each = request.config.attrs[request.config.num_attrs++];
        each.attr.id = GPIO_V2_LINE_ATTR_ID_FLAGS;
        each.attr.flags = low | GPIO_V2_LINE_FLAG_OUTPUT;
        each.mask = outputs;
    }
    return request;
}

Result<int> request_lines(int chip, const GpioSettings& settings) {
    if (settings.outputs.size() + settings.inputs.size() > GPIO_V2_LINES_MAX)
        return fail(ErrorCode::config, settings.chip + ": too many lines");
    auto request = request_for(settings);
    if (::ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) != 0)
        return system_error(settings.chip, "its lines cannot be had");
    Descriptor lines(request.fd);
    if (::fcntl(lines.get(), F_SETFL, ::fcntl(lines.get(), F_GETFL) | O_NONBLOCK) != 0)
        return system_error(settings.chip, "its lines cannot be waited for");
    return lines.release();
}

}  // namespace

std::string find_gpio_chip(const std::string& chip) {
    if (chip.starts_with('/')) return chip;
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator("/dev", ignored)) {
        const auto name = file.path().filename().string();
        if (!name.starts_with("gpiochip")) continue;
        if (name == chip) return file.path().string();
        const Descriptor device(::open(file.path().c_str(), O_RDWR | O_CLOEXEC));
        gpiochip_info info{};
        if (device.get() >= 0 && ::ioctl(device.get(), GPIO_GET_CHIPINFO_IOCTL, &info) == 0 && chip == info.label)
            return file.path().string();
    }
    return chip;
}

void GpioPort::begin() {
    const auto opened = open_device_file(find_gpio_chip(settings_.chip));
    if (!opened) return give_up(opened.error());
    Descriptor chip(*opened);
    feed_ = ::isatty(chip.get()) != 0;
    if (feed_) return take_over(chip.release());
    const auto lines = request_lines(chip.get(), settings_);
    if (!lines) return give_up(lines.error());
    take_over(*lines);
}

void GpioPort::begun() {
    if (!feed_) look(true);
}

void GpioPort::abandon() {
    to_device_.clear();
    looks_.cancel();
}

// Nobody is woken when a chip goes away (Linux before 6.5): its lines are read now and then.
void GpioPort::look(bool to_tell) {
    gpio_v2_line_values values{};
    const auto outputs = settings_.outputs.size();
    for (std::size_t i = 0; i < outputs + settings_.inputs.size(); ++i) values.mask |= std::uint64_t{1} << i;
    if (::ioctl(descriptor(), GPIO_V2_LINE_GET_VALUES_IOCTL, &values) != 0)
        return give_up(system_error(settings_.chip, "is gone"));
    Bytes levels;
    for (std::size_t i = 0; i < settings_.inputs.size(); ++i) {
        const auto level = encode(LineLevel{settings_.inputs[i], (values.bits >> (outputs + i) & 1U) != 0});
        levels.insert(levels.end(), level.begin(), level.end());
    }
    const auto alive = opening();
    if (to_tell && !levels.empty()) tell(levels);
    if (alive.expired()) return;
    looks_.expires_after(look_every);
    looks_.async_wait([this, alive](const boost::system::error_code& error) {
        if (!error && !alive.expired()) look(false);
    });
}

void GpioPort::received(ByteView bytes) {
    if (feed_) return tell(bytes);
    Bytes levels;
    for (; bytes.size() >= sizeof(gpio_v2_line_event); bytes = bytes.subspan(sizeof(gpio_v2_line_event))) {
        gpio_v2_line_event event{};
        std::memcpy(&event, bytes.data(), sizeof event);
        const auto level =
            encode(LineLevel{static_cast<std::uint16_t>(event.offset), event.id == GPIO_V2_LINE_EVENT_RISING_EDGE});
        levels.insert(levels.end(), level.begin(), level.end());
    }
    if (!levels.empty()) tell(levels);
}

std::ptrdiff_t GpioPort::put(int device, ByteView bytes) {
    if (feed_) return StreamPort::put(device, bytes);
    for (const auto& level : to_device_.take(bytes)) {
        const auto found = std::ranges::find(settings_.outputs, level.line);
        if (found == settings_.outputs.end()) continue;
        gpio_v2_line_values values{};
        values.mask = std::uint64_t{1} << static_cast<unsigned>(found - settings_.outputs.begin());
        values.bits = level.active ? values.mask : 0;
        if (::ioctl(device, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) != 0) return -1;
    }
    return static_cast<std::ptrdiff_t>(bytes.size());
}

}  // namespace gatehouse::drivers
