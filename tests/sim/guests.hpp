// People: clerks at windows who sell, refund and reprint, and repeat what was not answered; guests who show their codes
// at gates, come back, copy a code for a friend; attendants and central's office.
#pragma once

#include <map>
#include <vector>

#include "tests/sim/central_machine.hpp"
#include "tests/sim/devices.hpp"
#include "tests/sim/node_machine.hpp"

namespace gatehouse::sim {

class Guests {
public:
    Guests(World& world, const Venue& venue, CentralMachine& central, std::vector<NodeMachine*> nodes);

    // Begins; everything follows from the queue until `stop`.
    void start();
    void stop() { open_ = false; }

    [[nodiscard]] std::uint64_t bought() const { return bought_; }
    [[nodiscard]] std::uint64_t scanned() const { return scanned_; }

private:
    struct Window {
        NodeMachine* node = nullptr;
        WindowName name;
        std::optional<RecordRef> shift;
        std::uint64_t shifts = 0;
    };
    struct Bought {
        RecordRef sale;
        NodeMachine* seller = nullptr;
        std::vector<edge::TicketView> tickets;
    };
    using Final = std::function<void(const edge::Reply&)>;

    // Asks until there is an answer: with the same id, whatever happens in between.
    void insist(NodeMachine& node, const char* who, edge::Command command, Final then, int tries = 0);
    [[nodiscard]] ClientId fresh(const char* what);
    void again(Duration shortest, Duration longest, std::function<void()> what);

    void open_shift(std::size_t window);
    void sell(std::size_t window);
    void sold(std::size_t window, const edge::SaleReply& reply);
    void close_shift(std::size_t window);
    [[nodiscard]] edge::Sell basket(const Window& window);
    void race_for_session();
    void refund();
    void reprint();
    void visit(const std::string& code, const edge::TicketView& ticket);
    void show(const std::string& code, std::optional<std::uint16_t> persons);
    void show_at(NodeMachine& node, const edge::LaneOptions& lane, const std::string& code,
                 std::optional<std::uint16_t> persons);
    void attend();
    void log_in();
    void office();

    World& world_;
    const Venue& venue_;
    CentralMachine& central_;
    std::vector<NodeMachine*> nodes_;
    Chance chance_;
    std::vector<Window> windows_;
    std::vector<Bought> sales_;
    std::vector<std::string> orders_;
    bool open_ = true;
    std::uint64_t ids_ = 0;
    std::uint64_t bought_ = 0;
    std::uint64_t scanned_ = 0;
};

}  // namespace gatehouse::sim
