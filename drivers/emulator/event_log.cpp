#include "drivers/emulator/event_log.hpp"

namespace gatehouse::drivers::emulator {

void EventLog::add(Stamp ns, std::string_view device, std::string_view what, boost::json::object more) {
    events_.push_back({next_++, ns, std::string(device), std::string(what), std::move(more)});
    if (events_.size() > longest) events_.pop_front();
    const DeviceEvent event = events_.back();
    for (auto at = listeners_.begin(); at != listeners_.end();) {
        if (const auto listener = at->lock()) {
            (*listener)(event);
            ++at;
        } else {
            at = listeners_.erase(at);
        }
    }
}

std::shared_ptr<void> EventLog::listen(Listener listener) {
    auto handle = std::make_shared<Listener>(std::move(listener));
    listeners_.push_back(handle);
    return handle;
}

boost::json::object to_json(const DeviceEvent& event) {
    boost::json::object object = event.more;
    object["n"] = event.n;
    object["ns"] = event.ns;
    object["device"] = event.device;
    object["event"] = event.what;
    return object;
}

}  // namespace gatehouse::drivers::emulator
