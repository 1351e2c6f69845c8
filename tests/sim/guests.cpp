#include "tests/sim/guests.hpp"

#include <fmt/core.h>

#include "schemas/base/match.hpp"

namespace gatehouse::sim {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Guests::Guests(World& world, const Venue& venue, CentralMachine& central, std::vector<NodeMachine*> nodes)
    : world_(world), venue_(venue), central_(central), nodes_(std::move(nodes)), chance_(world.chance.fork("guests")) {
    for (NodeMachine* node : nodes_)
        for (const auto& window : node->plan().windows) windows_.push_back({node, window.name, std::nullopt, 0});
}

ClientId Guests::fresh(const char* what) { return ClientId{fmt::format("{}-{}", what, ++ids_)}; }

void Guests::again(Duration shortest, Duration longest, std::function<void()> what) {
    world_.after(chance_.between(shortest, longest), [this, todo = std::move(what)] {
        if (open_) todo();
    });
}

void Guests::start() {
    for (std::size_t i = 0; i < windows_.size(); ++i) again(seconds{1}, seconds{5}, [this, i] { open_shift(i); });
    again(seconds{20}, minutes{2}, [this] { attend(); });
    again(seconds{1}, seconds{8}, [this] { office(); });
    again(seconds{30}, minutes{3}, [this] { race_for_session(); });
    again(minutes{1}, minutes{3}, [this] { refund(); });
    again(minutes{1}, minutes{4}, [this] { reprint(); });
    again(seconds{10}, minutes{3}, [this] { log_in(); });
}

void Guests::insist(NodeMachine& node, const char* who, edge::Command command, Final then, int tries) {
    node.ask({OperatorName{who}}, command, [this, &node, who, command, then, tries](const auto& outcome) {
        const bool unknown = !outcome || (!*outcome && outcome->error().code == ErrorCode::storage_unavailable);
        if (!unknown) {
            if (*outcome) return then(**outcome);
            world_.trace(fmt::format("{} refused: {} {}", node.id().value, to_string(outcome->error().code),
                                     outcome->error().detail));
            return;
        }
        // Some give up: what they asked for may have happened or not, but not twice.
        if (tries > 40 || chance_.happens(0.02)) return;
        world_.faults.fired(Fault::client_retried);
        world_.after(chance_.between(milliseconds{300}, seconds{4}),
                     [this, &node, who, command, then, tries] { insist(node, who, command, then, tries + 1); });
    });
}

void Guests::open_shift(std::size_t window) {
    Window& at = windows_[window];
    if (at.shifts++ == 0) again(seconds{2}, seconds{6}, [this, window] { sell(window); });
    insist(*at.node, "clerk", edge::OpenShift{fresh("shift"), at.name, Minor{20'000}},
           [this, window](const edge::Reply& reply) {
               if (const auto* shift = std::get_if<edge::ShiftReply>(&reply)) windows_[window].shift = shift->shift;
               again(minutes{1}, minutes{6}, [this, window] { close_shift(window); });
           });
}

void Guests::close_shift(std::size_t window) {
    Window& at = windows_[window];
    if (!at.shift) return;
    insist(
        *at.node, "clerk",
        edge::MoveCash{fresh("cash"), *at.shift, chance_.happens(0.5) ? CashDirection::pay_in : CashDirection::pay_out,
                       Minor{static_cast<std::int64_t>(chance_.between(1, 9)) * 100}, "change"},
        [](const edge::Reply&) {});
    insist(*at.node, "clerk",
           edge::CloseShift{fresh("close"), *at.shift, Minor{static_cast<std::int64_t>(chance_.below(100'000))}},
           [this, window](const edge::Reply&) {
               windows_[window].shift.reset();
               open_shift(window);
           });
}

edge::Sell Guests::basket(const Window& window) {
    edge::Sell sell;
    sell.id = fresh("sale");
    sell.window = window.name;
    const auto lines = chance_.between(1, 2);
    for (std::uint64_t i = 0; i < lines; ++i) {
        edge::SellLine line;
        const auto& product = chance_.one_of(venue_.catalogue.products);
        line.product = product.id;
        line.quantity = static_cast<std::uint32_t>(chance_.between(1, 3));
        if (product.persons == 0) line.persons = static_cast<std::uint16_t>(chance_.between(2, 6));
        if (product.validity.kind == ValidityKind::session)
            line.session = venue_.catalogue.sessions[chance_.below(venue_.catalogue.sessions.size())].id;
        if (chance_.happens(0.1)) line.concession = Concession{ConcessionClass{"student"}, "student card"};
        sell.lines.push_back(line);
    }
    // More than anything here costs; change comes back. Sometimes a wallet pays a part.
    if (chance_.happens(0.2))
        sell.tenders.push_back({TenderKind::wechat, Minor{1'000}, chance_.happens(0.7) ? "wx-1" : ""});
    sell.tenders.push_back({TenderKind::cash, Minor{2'000'000}, ""});
    return sell;
}

void Guests::sell(std::size_t window) {
    again(seconds{3}, seconds{36}, [this, window] { sell(window); });
    insist(*windows_[window].node, "clerk", basket(windows_[window]), [this, window](const edge::Reply& reply) {
        if (const auto* sale = std::get_if<edge::SaleReply>(&reply)) sold(window, *sale);
    });
}

void Guests::sold(std::size_t window, const edge::SaleReply& reply) {
    ++bought_;
    sales_.push_back({reply.sale, windows_[window].node, reply.tickets});
    for (const auto& ticket : reply.tickets)
        if (chance_.happens(0.85)) visit(ticket.code, ticket);
}

// Several windows go for what is left of one session at once.
void Guests::race_for_session() {
    again(minutes{2}, minutes{6}, [this] { race_for_session(); });
    const auto& session = chance_.one_of(venue_.catalogue.sessions);
    world_.faults.fired(Fault::last_ticket_race);
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        for (int clerk = 0; clerk < 2; ++clerk) {
            edge::Sell sell;
            sell.id = fresh("race");
            sell.window = windows_[i].name;
            sell.lines.push_back(
                {session.product, static_cast<std::uint32_t>(chance_.between(2, 5)), {}, session.id, {}});
            sell.tenders.push_back({TenderKind::cash, Minor{500'000}, ""});
            insist(*windows_[i].node, "clerk", sell, [this, i](const edge::Reply& reply) {
                if (const auto* sale = std::get_if<edge::SaleReply>(&reply)) sold(i, *sale);
            });
        }
    }
}

void Guests::refund() {
    again(seconds{30}, minutes{3}, [this] { refund(); });
    if (sales_.empty()) return;
    const Bought& sale = chance_.one_of(sales_);
    edge::MakeRefund command{fresh("refund"), sale.sale, {}, {}, "changed their mind"};
    if (chance_.happens(0.5)) command.tickets = {sale.tickets.front().id};
    // Sometimes at another window than where it was bought.
    const Window& at = windows_[chance_.below(windows_.size())];
    command.window = at.name;
    insist(*at.node, chance_.happens(0.5) ? "chief" : "clerk", command, [](const edge::Reply&) {});
}

void Guests::reprint() {
    again(seconds{40}, minutes{4}, [this] { reprint(); });
    if (sales_.empty()) return;
    const Bought& sale = chance_.one_of(sales_);
    const auto& ticket = chance_.one_of(sale.tickets);
    if (chance_.happens(0.7))
        return insist(*sale.seller, "clerk", edge::MakeReprint{fresh("reprint"), ticket.id, {}, "paper jam"},
                      [](const edge::Reply&) {});
    const Window& at = windows_[chance_.below(windows_.size())];
    insist(*at.node, "chief", edge::MakeReissue{fresh("reissue"), ticket.id, at.name, "lost", ticket.code},
           [this](const edge::Reply& reply) {
               if (const auto* reissue = std::get_if<edge::ReissueReply>(&reply))
                   visit(reissue->ticket.code, reissue->ticket);
           });
}

void Guests::visit(const std::string& code, const edge::TicketView& ticket) {
    again(seconds{3}, minutes{4}, [this, code, persons = ticket.persons] {
        if (persons > 1 && chance_.happens(0.4)) {  // in parts
            show(code, static_cast<std::uint16_t>(chance_.between(1, persons)));
            again(seconds{2}, minutes{2}, [this, code] { show(code, std::nullopt); });
        } else {
            show(code, std::nullopt);
        }
        if (chance_.happens(0.15)) {  // a friend has a photograph of it
            world_.faults.fired(Fault::code_cloned);
            const auto copies = chance_.between(1, 3);
            for (std::uint64_t i = 0; i < copies; ++i)
                again(milliseconds{0}, chance_.happens(0.5) ? Duration{milliseconds{60}} : Duration{minutes{2}},
                      [this, code] { show(code, std::nullopt); });
        }
        if (chance_.happens(0.3)) again(seconds{6}, minutes{5}, [this, code] { show(code, std::nullopt); });
    });
}

void Guests::show(const std::string& code, std::optional<std::uint16_t> persons) {
    std::vector<std::pair<NodeMachine*, const edge::LaneOptions*>> lanes;
    for (NodeMachine* node : nodes_)
        for (const auto& lane : node->plan().lanes) lanes.emplace_back(node, &lane);
    const auto& [node, lane] = chance_.one_of(lanes);
    show_at(*node, *lane, code, persons);
}

void Guests::show_at(NodeMachine& node, const edge::LaneOptions& lane, const std::string& code,
                     std::optional<std::uint16_t> persons) {
    ++scanned_;
    if (!persons && chance_.happens(0.75)) {
        // A serial scanner's text is there before its suffix; in between anything may come, also nothing more.
        const auto scanner = lane.scanners.front().device;
        if (!chance_.happens(0.5)) return node.tell(edge::ScanRead{scanner, code});
        node.tell(edge::ScanForeseen{scanner, code});
        again(Duration{}, chance_.happens(0.8) ? Duration{milliseconds{2}} : Duration{seconds{5}},
              [&node, scanner, code] { node.tell(edge::ScanRead{scanner, code}); });
        return;
    }
    edge::Scan scan;
    scan.id = fresh("scan");
    scan.lane = lane.name;
    scan.code = code;
    scan.persons = persons;
    if (!lane.direction && chance_.happens(0.4)) scan.direction = Direction::exit;
    if (chance_.happens(0.2)) scan.companions = 1;
    insist(node, "guard", scan, [](const edge::Reply&) {});
}

void Guests::attend() {
    again(seconds{30}, minutes{4}, [this] { attend(); });
    NodeMachine& node = *nodes_[chance_.below(nodes_.size())];
    if (node.plan().lanes.empty()) return;
    if (chance_.happens(0.15)) {
        insist(node, "chief", edge::SetEmergency{true}, [](const edge::Reply&) {});
        world_.after(seconds{20},
                     [this, &node] { insist(node, "chief", edge::SetEmergency{false}, [](const edge::Reply&) {}); });
        return;
    }
    const auto& lane = node.plan().lanes[chance_.below(node.plan().lanes.size())].name;
    const auto mode = static_cast<LaneMode>(chance_.below(4));
    insist(node, "guard", edge::SetLaneMode{lane, mode, "crowd"}, [](const edge::Reply&) {});
    world_.after(seconds{40}, [this, &node, lane] {
        insist(node, "guard", edge::SetLaneMode{lane, LaneMode::normal, "over"}, [](const edge::Reply&) {});
    });
}

void Guests::log_in() {
    again(minutes{1}, minutes{5}, [this] { log_in(); });
    insist(*nodes_[chance_.below(nodes_.size())], "",
           edge::Login{OperatorName{chance_.happens(0.8) ? "clerk" : "nobody"}}, [](const edge::Reply&) {});
}

// Central's people lease units, import orders, revoke tickets.
void Guests::office() {
    again(seconds{20}, seconds{90}, [this] { office(); });
    const NodeId seller = windows_[chance_.below(windows_.size())].node->id();
    central_.grant(seller, chance_.one_of(venue_.catalogue.sessions).id,
                   static_cast<std::uint32_t>(chance_.between(2, 8)));
    if (!central_.is_running()) return;
    if (chance_.happens(0.5)) {
        OrderImported order;
        order.code = fmt::format("OTA-{}-{}", ids_, orders_.size());
        order.order = fmt::format("order-{}", orders_.size());
        order.channel = "ota";
        order.product = ProductId{"pair"};
        order.persons = 2;
        order.valid_from = Date{0};
        order.valid_to = Date{36'524};
        orders_.push_back(order.code);
        edge::TicketView view;
        view.persons = 2;
        visit(order.code, view);
        central_.write(order);
    }
    if (chance_.happens(0.1) && !sales_.empty())
        central_.write(TicketRevoked{chance_.one_of(chance_.one_of(sales_).tickets).id, "card stolen"});
}

}  // namespace gatehouse::sim
