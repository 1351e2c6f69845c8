// Server-sent events out of a stream of text (WHATWG HTML, "server-sent events").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/result.hpp"
#include "sync/link/http_server.hpp"

namespace gatehouse::sync {

class EventReader {
public:
    static constexpr std::size_t largest_event = 1U << 20U;

    // The events that `part` completes. Errors: too_large.
    [[nodiscard]] Result<std::vector<ServerSentEvent>> take(std::string_view part);

private:
    std::string line_;
    ServerSentEvent event_;
    bool has_data_ = false;
};

}  // namespace gatehouse::sync
