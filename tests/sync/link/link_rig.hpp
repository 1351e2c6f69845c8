// Venues, certificates and an io_context with a deadline, for tests of the links on loopback.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sync/link/sync_links.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::sync::testing {

constexpr WallTime long_ago{1'700'000'000'000};
constexpr WallTime today{1'790'000'000'000};
constexpr WallTime much_later{2'700'000'000'000};

struct TestVenue {
    KeyAndCertificate ca = make_ca("test venue", long_ago, much_later);

    [[nodiscard]] VenueTls machine(const std::string& name, WallTime not_after = much_later) const {
        VenueTls tls;
        tls.identity.key = make_tls_key();
        const auto request = make_request(tls.identity.key, name);
        tls.identity.certificate = *issue_tls_certificate(ca, *request, name, long_ago, not_after) + ca.certificate;
        tls.ca = ca.certificate;
        return tls;
    }
};

// Runs until `done`, at most ten seconds. False: time was up.
inline bool run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!done()) {
        if (std::chrono::steady_clock::now() >= end) return false;
        io.restart();
        io.run_one_for(std::chrono::milliseconds{50});
    }
    return true;
}

// One machine's links, and everything that happened to them.
struct TestLinks {
    TestLinks(boost::asio::io_context& io, VenueTls tls) : TestLinks(io, with(std::move(tls))) {}
    TestLinks(boost::asio::io_context& io, LinkOptions options)
        : links(io, std::move(options),
                LinkCallbacks{
                    [this](const LinkOpened& link) { opened.push_back(link); },
                    [this](LinkId link, Bytes frame) { received[link].push_back(std::move(frame)); },
                    [this](LinkId, std::size_t octets) { sent += octets; },
                    [this](LinkId link, const std::string& why) { closed[link] = why; },
                    [this](const std::string&, const std::string& why, std::uint32_t retry_after_s) {
                        failures.push_back(why);
                        retry_after = retry_after_s;
                    },
                }) {}

    static LinkOptions with(VenueTls tls) {
        LinkOptions options;
        options.tls = std::move(tls);
        options.floor = [] { return today; };
        return options;
    }

    std::vector<LinkOpened> opened;
    std::map<LinkId, std::vector<Bytes>> received;
    std::map<LinkId, std::string> closed;
    std::vector<std::string> failures;
    std::uint32_t retry_after = 0;
    std::size_t sent = 0;
    SyncLinks links;
};

}  // namespace gatehouse::sync::testing
