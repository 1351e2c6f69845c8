// What a device did since the start of the run: counters, and how long it took to answer. A value.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// `opened` and `lost` are of the link; `faults` of everything else that the device or its driver complained about.
enum class DeviceCount : std::uint8_t {
    opened,
    lost,
    faults,
    scans,
    dropped,
    repeated,
    opens,
    passages,
    prints,
    alarms,
    drawer  // of a printer: how often it was opened
};
constexpr std::size_t device_counts = 11;
[[nodiscard]] std::string_view to_string(DeviceCount count);

// How many answers took at most so long; the last bucket has no limit.
class AnswerTimes {
public:
    static constexpr std::array<std::int64_t, 12> limits_ms{1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000};

    void add(Duration took);
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::int64_t sum_us() const { return sum_us_; }
    // Answers that took at most limits_ms[bucket], not cumulated; bucket limits_ms.size(): longer ones.
    [[nodiscard]] const std::array<std::uint64_t, limits_ms.size() + 1>& buckets() const { return buckets_; }
    // The limit of the bucket in which the answer of this rank is, in milliseconds; 0 without answers. Beyond the last
    // limit: that limit. `share` is from 0 to 1.
    [[nodiscard]] std::int64_t at_most_ms(double share) const;

private:
    std::array<std::uint64_t, limits_ms.size() + 1> buckets_{};
    std::uint64_t count_ = 0;
    std::int64_t sum_us_ = 0;
};

struct DeviceHealth {
    std::array<std::uint64_t, device_counts> counts{};
    AnswerTimes answers;  // scanner: until the verdict; turnstile: until the open is confirmed; printer: until printed

    void count(DeviceCount what) { ++counts[static_cast<std::size_t>(what)]; }
    [[nodiscard]] std::uint64_t counted(DeviceCount what) const { return counts[static_cast<std::size_t>(what)]; }
};

}  // namespace gatehouse::drivers
