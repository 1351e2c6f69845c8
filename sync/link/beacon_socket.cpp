#include "sync/link/beacon_socket.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <optional>
#include <set>

#include "sync/link/log.hpp"

namespace gatehouse::sync {

namespace asio = boost::asio;
using asio::ip::address_v4;
using asio::ip::udp;
using boost::system::error_code;

namespace {

std::set<address_v4> multicast_addresses() {
    std::set<address_v4> found;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return found;
    for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
        constexpr unsigned wanted = IFF_UP | IFF_RUNNING | IFF_MULTICAST;
        if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
        if ((one->ifa_flags & wanted) != wanted || (one->ifa_flags & IFF_LOOPBACK) != 0) continue;
        const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
        found.insert(address_v4{ntohl(address->sin_addr.s_addr)});
    }
    ::freeifaddrs(all);
    return found;
}

}  // namespace

class BeaconSocket::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& io, BeaconNetwork network, std::function<void(ByteView, const std::string&)> told)
        : heard(std::move(told)),
          group(asio::ip::make_address_v4(network.group), network.port),
          receiver(io),
          sender(io) {
        error_code a_name;
        const auto address = asio::ip::make_address(network.host, a_name);
        if (!a_name && address.is_v4() && !address.is_unspecified()) only = address.to_v4();
    }

    void join() {
        if (!receiver.is_open() && !open()) return;
        const auto addresses = only ? std::set{*only} : multicast_addresses();
        // One that is gone left the group with its interface.
        std::erase_if(joined, [&](const auto& one) { return !addresses.contains(one); });
        for (const auto& address : addresses) {
            if (joined.contains(address)) continue;
            error_code refused;
            receiver.set_option(asio::ip::multicast::join_group{group.address().to_v4(), address}, refused);
            // It was there before, under another address of the interface or while we did not look.
            if (!refused || refused == asio::error::address_in_use) joined.insert(address);
            if (refused) log::debug("beacons at {}: {}", address.to_string(), refused.message());
        }
    }
    void send(ByteView datagram) {
        if (stopped) return;
        join();
        for (const auto& address : joined) {
            error_code failed;
            sender.close(failed);
            sender.open(udp::v4(), failed);
            if (!failed) sender.set_option(asio::ip::multicast::outbound_interface{address}, failed);
            if (!failed) sender.set_option(asio::ip::multicast::hops{1}, failed);
            if (!failed) sender.non_blocking(true, failed);
            if (!failed) sender.send_to(asio::buffer(datagram.data(), datagram.size()), group, 0, failed);
            if (failed) log::debug("beacon at {}: {}", address.to_string(), failed.message());
        }
    }
    void stop() {
        stopped = true;
        error_code ignored;
        receiver.close(ignored);
        sender.close(ignored);
    }

private:
    bool open() {
        error_code failed;
        receiver.open(udp::v4(), failed);
        // Several nodes on one machine hear the same.
        if (!failed) receiver.set_option(udp::socket::reuse_address{true}, failed);
        if (!failed) receiver.bind(group, failed);
        if (failed) {
            log::debug("beacons: {}", failed.message());
            receiver.close(failed);
            return false;
        }
        // ip(7): only where this socket joined; by default wherever any process of the machine did.
        const int nobody_elses = 0;
        static_cast<void>(
            ::setsockopt(receiver.native_handle(), IPPROTO_IP, IP_MULTICAST_ALL, &nobody_elses, sizeof nobody_elses));
        joined.clear();
        receive();
        return true;
    }
    void receive() {
        receiver.async_receive_from(
            asio::buffer(octets), from, [self = shared_from_this()](const error_code& failed, std::size_t size) {
                if (self->stopped) return;
                if (!failed) self->heard(ByteView{self->octets}.first(size), self->from.address().to_string());
                if (self->stopped) return;
                if (!failed) return self->receive();
                error_code ignored;
                self->receiver.close(ignored);  // opened again by the next `send`
            });
    }

    std::function<void(ByteView, const std::string&)> heard;
    udp::endpoint group;
    std::optional<address_v4> only;
    udp::socket receiver;
    udp::socket sender;
    std::set<address_v4> joined;
    std::array<std::uint8_t, 512> octets{};  // longer ones are cut, and then no beacons
    udp::endpoint from;
    bool stopped = false;
};

BeaconSocket::BeaconSocket(asio::io_context& io, BeaconNetwork network,
                           std::function<void(ByteView, const std::string&)> heard)
    : impl_(std::make_shared<Impl>(io, std::move(network), std::move(heard))) {}
BeaconSocket::~BeaconSocket() { stop(); }
void BeaconSocket::send(ByteView datagram) { impl_->send(datagram); }
void BeaconSocket::stop() { impl_->stop(); }

}  // namespace gatehouse::sync
