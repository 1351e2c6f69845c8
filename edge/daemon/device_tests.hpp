// The tests of devices that are under way: each is answered by what its device says, or at its deadline.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "drivers/printer/printer_events.hpp"
#include "edge/desk/commands.hpp"
#include "edge/desk/events.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::edge {

// All on the thread of the io_context. What waits when this goes is not answered any more.
class DeviceTests {
public:
    using Answered = std::function<void(Result<TestOutcome>)>;
    static constexpr std::chrono::seconds print_within{10};
    static constexpr std::chrono::seconds look_within{3};

    explicit DeviceTests(boost::asio::io_context& io) : timer_(io) {}

    // Answered by ended(). At the deadline the paper is taken back, which tells ended() when nothing of it was sent;
    // where it does not, nobody knows.
    void wait_for_paper(drivers::PrintJobId id, std::function<void()> take_back, Answered answered);
    // What became of a paper; false when it is none of a test.
    [[nodiscard]] bool ended(drivers::PrintJobId id, const PrintReport& report);
    // Answered as soon as the turnstile has answered anything that came after now; at once when it cannot be asked:
    // `last_answer` is nothing then. Error: unavailable, when it is silent until the deadline.
    void wait_for_look(const DeviceName& name, std::function<std::optional<Instant>()> last_answer, Answered answered);

private:
    struct Paper {
        Instant until;
        std::function<void()> take_back;
        Answered answered;
    };
    struct Look {
        DeviceName name;
        Instant asked;
        std::function<std::optional<Instant>()> last_answer;
        Answered answered;
    };

    void look_again();
    void look(Instant now);
    void give_up_papers(Instant now);

    boost::asio::steady_timer timer_;
    bool armed_ = false;
    std::map<drivers::PrintJobId, Paper> papers_;
    std::vector<Look> looks_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace gatehouse::edge
