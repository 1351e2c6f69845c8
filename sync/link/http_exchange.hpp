// The state that one request's answer, or one event stream, is handed over in: between the handler's thread and the
// connection's. For this folder's .cpp files only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>

#include "sync/link/http_server.hpp"

namespace gatehouse::sync {

// Something to wait for on the io_context's thread, and to wake from any thread.
class Bell : public std::enable_shared_from_this<Bell> {
public:
    explicit Bell(boost::asio::io_context& io) : timer(io, boost::asio::steady_timer::time_point::max()) {}
    void ring() {
        boost::asio::post(timer.get_executor(), [self = shared_from_this()] { self->timer.cancel(); });
    }
    boost::asio::steady_timer timer;
};

struct HttpEventStream::Shared {
    Shared(std::shared_ptr<Bell> b, std::size_t events, std::size_t size)
        : bell(std::move(b)), most_events(events), most_octets(size) {}

    const std::shared_ptr<Bell> bell;
    const std::size_t most_events;
    const std::size_t most_octets;

    std::mutex mutex;  // guards what follows
    std::deque<std::string> queue;
    std::size_t octets = 0;
    bool open = true;
};

// What the connection waits on; HttpRespond::Shared points to it and answers 500 when the last handle goes.
struct HttpAnswer {
    explicit HttpAnswer(std::shared_ptr<Bell> b) : bell(std::move(b)) {}
    const std::shared_ptr<Bell> bell;

    std::mutex mutex;  // guards what follows
    bool given = false;
    HttpResponse response;
    std::shared_ptr<HttpEventStream::Shared> stream;
};

struct HttpRespond::Shared {
    Shared(std::shared_ptr<HttpAnswer> a, std::size_t events, std::size_t octets)
        : answer(std::move(a)), stream_events(events), stream_octets(octets) {}
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    ~Shared();
    const std::shared_ptr<HttpAnswer> answer;
    const std::size_t stream_events;
    const std::size_t stream_octets;
};

}  // namespace gatehouse::sync
