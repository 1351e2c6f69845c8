// What happened at the emulated devices, in order, for tests to read.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/emulator/stamp.hpp"

namespace gatehouse::drivers::emulator {

struct DeviceEvent {
    std::uint64_t n = 0;  // from 1
    Stamp ns = 0;
    std::string device;
    std::string what;
    boost::json::object more;
};

class EventLog {
public:
    using Listener = std::function<void(const DeviceEvent&)>;

    void add(Stamp ns, std::string_view device, std::string_view what, boost::json::object more = {});
    // Called for each further event until the handle is gone.
    [[nodiscard]] std::shared_ptr<void> listen(Listener listener);
    [[nodiscard]] const std::deque<DeviceEvent>& events() const { return events_; }

private:
    static constexpr std::size_t longest = 200'000;
    std::uint64_t next_ = 1;
    std::deque<DeviceEvent> events_;
    std::list<std::weak_ptr<Listener>> listeners_;
};

[[nodiscard]] boost::json::object to_json(const DeviceEvent& event);

}  // namespace gatehouse::drivers::emulator
