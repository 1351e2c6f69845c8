#include "drivers/port/gpio_port.hpp"

#include <fcntl.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::chrono::seconds look_every{1};

// All lines in one request: outputs first, then inputs, so that line number i of the request is known.
gpio_v2_line_request request_for(const GpioSettings& settings) {
    gpio_v2_line_request request{};
    const auto low = [](bool active_low) -> std::uint64_t { return active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0; };
    std::uint64_t outputs = 0;
    for (const auto line : settings.outputs) {
        outputs |= std::uint64_t{1} << request.num_lines;
        request.offsets[request.num_lines++] = line;
    }
    for (const auto line : settings.inputs) request.offsets[request.num_lines++] = line;
    std::strncpy(request.consumer, "gatehouse", sizeof request.consumer - 1);
    request.config.flags = low(settings.active_low_inputs) | GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING |
                           GPIO_V2_LINE_FLAG_EDGE_FALLING;
    if (outputs != 0) {
        auto& each = request.config.attrs[request.config.num_attrs++];
        each.attr.id = GPIO_V2_LINE_ATTR_ID_FLAGS;
        each.attr.flags = low(settings.active_low) | GPIO_V2_LINE_FLAG_OUTPUT;
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

Result<Bytes> read_levels(int lines, const GpioSettings& settings) {
    gpio_v2_line_values values{};
    const auto outputs = settings.outputs.size();
    for (std::size_t i = 0; i < outputs + settings.inputs.size(); ++i) values.mask |= std::uint64_t{1} << i;
    if (::ioctl(lines, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) != 0) return system_error(settings.chip, "is gone");
    Bytes levels;
    for (std::size_t i = 0; i < settings.inputs.size(); ++i) {
        const auto level = encode(LineLevel{settings.inputs[i], (values.bits >> (outputs + i) & 1U) != 0});
        levels.insert(levels.end(), level.begin(), level.end());
    }
    return levels;
}

Result<OpenedChip> open_chip(const GpioSettings& settings) {
    const auto opened = open_device_file(find_gpio_chip(settings.chip));
    if (!opened) return opened.error();
    Descriptor chip(*opened);
    if (::isatty(chip.get()) != 0) return OpenedChip{chip.release(), true, {}};
    const auto requested = request_lines(chip.get(), settings);
    if (!requested) return requested.error();
    Descriptor lines(*requested);
    auto levels = read_levels(lines.get(), settings);
    if (!levels) return levels.error();
    return OpenedChip{lines.release(), false, std::move(*levels)};
}

}  // namespace

GpioCalls gpio_calls() { return {open_chip, read_levels}; }

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
    found_ = std::make_shared<OpenedChip>();
    open_slowly([found = found_, open = calls_.open, settings = settings_]() -> Result<int> {
        auto opened = open(settings);
        if (!opened) return opened.error();
        *found = std::move(*opened);
        return found->device;
    });
}

void GpioPort::begun() {
    if (found_->feed) return;
    const auto alive = opening();
    if (!found_->levels.empty()) tell(found_->levels);
    if (!alive.expired()) look_later();
}

void GpioPort::abandon() {
    to_device_.clear();
    looks_.cancel();
}

void GpioPort::look_later() {
    looks_.expires_after(look_every);
    looks_.async_wait([this, alive = opening()](const boost::system::error_code& error) {
        if (!error && !alive.expired()) look();
    });
}

// Nobody is woken when a chip goes away (Linux before 6.5): its lines are read now and then.
void GpioPort::look() {
    const auto gone = std::make_shared<std::optional<Error>>();
    slow_calls().ask(
        [gone, read = calls_.read_levels, settings = settings_, lines = descriptor()] {
            if (const auto levels = read(lines, settings); !levels) *gone = levels.error();
        },
        [this, gone, alive = opening()] {
            if (alive.expired()) return;
            if (*gone) return give_up(**gone);
            look_later();
        });
}

void GpioPort::received(ByteView bytes) {
    if (found_->feed) return tell(bytes);
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
    if (found_->feed) return StreamPort::put(device, bytes);
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
