#include "sync/link/http_exchange.hpp"

#include <utility>

namespace gatehouse::sync {

namespace {

// False when somebody answered before.
bool give(HttpAnswer& answer, HttpResponse response, std::shared_ptr<HttpEventStream::Shared> stream) {
    {
        const std::lock_guard lock{answer.mutex};
        if (std::exchange(answer.given, true)) return false;
        answer.response = std::move(response);
        answer.stream = std::move(stream);
    }
    answer.bell->ring();
    return true;
}

std::string spell(const ServerSentEvent& event) {
    std::string out;
    const auto one_line = [](std::string text) {
        std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
        return text;
    };
    if (!event.id.empty()) out += "id: " + one_line(event.id) + "\n";
    if (!event.event.empty()) out += "event: " + one_line(event.event) + "\n";
    for (std::size_t start = 0;;) {
        const auto end = event.data.find('\n', start);
        out += "data: " + event.data.substr(start, end - start) + "\n";
        if (end == std::string::npos) break;
        start = end + 1;
    }
    return out + "\n";
}

}  // namespace

HttpRespond::Shared::~Shared() { (void)give(*answer, http_response(500, "text/plain", "no answer\n"), nullptr); }

void HttpRespond::operator()(HttpResponse response) const {
    (void)give(*shared_->answer, std::move(response), nullptr);
}

HttpEventStream HttpRespond::stream(HttpFields fields) const {
    auto stream = std::make_shared<HttpEventStream::Shared>(shared_->answer->bell, shared_->stream_events,
                                                            shared_->stream_octets);
    auto response = http_response(200, "text/event-stream; charset=utf-8", {});
    response.fields.push_back({"Cache-Control", "no-store"});
    std::move(fields.begin(), fields.end(), std::back_inserter(response.fields));
    if (!give(*shared_->answer, std::move(response), stream)) stream->open = false;
    return HttpEventStream{std::move(stream)};
}

bool HttpEventStream::send(ServerSentEvent event) const {
    auto text = spell(event);
    bool open = false;
    {
        const std::lock_guard lock{shared_->mutex};
        if (!shared_->open) return false;
        const bool room =
            shared_->queue.size() < shared_->most_events && shared_->octets + text.size() <= shared_->most_octets;
        shared_->open = open = room;
        if (room) {
            shared_->octets += text.size();
            shared_->queue.push_back(std::move(text));
        }
    }
    shared_->bell->ring();
    return open;
}

void HttpEventStream::close() const {
    {
        const std::lock_guard lock{shared_->mutex};
        shared_->open = false;
    }
    shared_->bell->ring();
}

bool HttpEventStream::is_open() const {
    const std::lock_guard lock{shared_->mutex};
    return shared_->open;
}

}  // namespace gatehouse::sync
