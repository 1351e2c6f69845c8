#include "drivers/link/device_health.hpp"

#include <algorithm>
#include <cmath>

namespace gatehouse::drivers {

std::string_view to_string(DeviceCount count) {
    switch (count) {
        case DeviceCount::opened: return "opened";
        case DeviceCount::lost: return "lost";
        case DeviceCount::faults: return "faults";
        case DeviceCount::scans: return "scans";
        case DeviceCount::dropped: return "dropped";
        case DeviceCount::repeated: return "repeated";
        case DeviceCount::opens: return "opens";
        case DeviceCount::passages: return "passages";
        case DeviceCount::prints: return "prints";
        case DeviceCount::alarms: return "alarms";
        case DeviceCount::drawer: return "drawer";
    }
    return "faults";
}

void AnswerTimes::add(Duration took) {
    const auto fits = [took](std::int64_t limit) { return took <= std::chrono::milliseconds(limit); };
    const auto* const bucket = std::ranges::find_if(limits_ms, fits);
    ++buckets_[static_cast<std::size_t>(bucket - limits_ms.begin())];
    ++count_;
    sum_us_ += std::chrono::duration_cast<std::chrono::microseconds>(took).count();
}

std::int64_t AnswerTimes::at_most_ms(double share) const {
    if (count_ == 0) return 0;
    const auto rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < limits_ms.size(); ++i) {
        seen += buckets_[i];
        if (seen >= rank) return limits_ms[i];
    }
    return limits_ms.back();
}

}  // namespace gatehouse::drivers
