#include "drivers/port/slow_calls.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <future>

#include "tests/drivers/port/loopback.hpp"

using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

TEST_CASE("a call that waits for its device holds up the calls behind it, and nobody else") {
    boost::asio::io_context io;
    SlowCalls calls(io);
    CHECK_FALSE(calls.has_begun());
    std::promise<void> device;
    std::vector<int> order;
    calls.ask([&, answer = device.get_future().share()] { answer.wait(), order.push_back(1); });
    bool told = false;
    calls.ask([&] { order.push_back(2); }, [&] { told = true; });
    bool other = false;
    boost::asio::post(io, [&] { other = true; });
    REQUIRE(run_until(io, [&] { return other; }));
    CHECK_FALSE(told);
    CHECK_FALSE(io.stopped());  // it has work until the answer
    device.set_value();
    REQUIRE(run_until(io, [&] { return told; }));
    CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE("letting go of a device that is deaf waits for nothing, and what was asked for is done yet") {
    boost::asio::io_context io;
    std::promise<void> device;
    std::promise<void> closed;
    bool told = false;
    {
        SlowCalls calls(io);
        calls.ask([answer = device.get_future().share()] { answer.wait(); }, [&] { told = true; });
        calls.ask([&] { closed.set_value(); });
    }
    device.set_value();
    CHECK(closed.get_future().wait_for(20s) == std::future_status::ready);
    CHECK(io.run_for(50ms) == 0);
    CHECK_FALSE(told);
}
