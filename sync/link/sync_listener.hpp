// The listening side of SyncLinks: TLS, the upgrade to a link, and enrolment. For this folder's .cpp files only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <memory>

#include "sync/link/link_channel.hpp"
#include "sync/link/sync_links.hpp"

namespace gatehouse::sync {

class SyncListener : public std::enable_shared_from_this<SyncListener> {
public:
    // `opened` takes each new link; `count` tells how many there are. Errors: config, io.
    [[nodiscard]] static Result<std::shared_ptr<SyncListener>> start(boost::asio::io_context& io, LinkOptions links,
                                                                     ListenOptions options,
                                                                     std::function<void(VenueSocket)> opened,
                                                                     std::function<std::size_t()> count);
    [[nodiscard]] std::string address() const { return address_; }
    void stop();

private:
    using Request = boost::beast::http::request<boost::beast::http::string_body>;
    using Response = boost::beast::http::response<boost::beast::http::string_body>;

    SyncListener(boost::asio::io_context& io, LinkOptions links, ListenOptions options,
                 std::function<void(VenueSocket)> opened, std::function<std::size_t()> count);
    Result<void> bind();
    static boost::asio::awaitable<void> accept_all(std::shared_ptr<SyncListener> self);
    static boost::asio::awaitable<void> greet(std::shared_ptr<SyncListener> self, VenueStream stream);
    static boost::asio::awaitable<void> answer(std::shared_ptr<SyncListener> self, VenueStream stream, Request request);
    static boost::asio::awaitable<void> upgrade(std::shared_ptr<SyncListener> self, VenueStream stream,
                                                Request request);
    static boost::asio::awaitable<Response> enrolment(std::shared_ptr<SyncListener> self, Request request,
                                                      std::string peer);

    boost::asio::io_context& io_;
    LinkOptions links_;
    ListenOptions options_;
    std::function<void(VenueSocket)> opened_;
    std::function<std::size_t()> count_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::string address_;
    std::size_t handshakes_ = 0;
    bool stopped_ = false;
};

}  // namespace gatehouse::sync
