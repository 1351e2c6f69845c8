#include "sync/link/event_reader.hpp"

#include <utility>

namespace gatehouse::sync {

Result<std::vector<ServerSentEvent>> EventReader::take(std::string_view part) {
    std::vector<ServerSentEvent> events;
    for (const char c : part) {
        if (c == '\r') continue;
        if (c != '\n') {
            line_.push_back(c);
            if (line_.size() + event_.data.size() > largest_event)
                return fail(ErrorCode::too_large, "an event passes 1 MiB");
            continue;
        }
        const std::string line = std::exchange(line_, {});
        if (line.empty()) {
            if (std::exchange(has_data_, false)) events.push_back(event_);
            event_ = ServerSentEvent{event_.id, {}, {}};
            continue;
        }
        const auto colon = line.find(':');
        const auto field = line.substr(0, colon);
        auto value = colon == std::string::npos ? std::string{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.erase(0, 1);
        if (field == "id") event_.id = value;
        if (field == "event") event_.event = value;
        if (field == "data") event_.data += (std::exchange(has_data_, true) ? "\n" : "") + value;
    }
    return events;
}

}  // namespace gatehouse::sync
