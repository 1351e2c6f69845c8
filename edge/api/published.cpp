#include "edge/api/published.hpp"

#include <boost/json.hpp>

#include "edge/api/gates_json.hpp"
#include "edge/api/sales_json.hpp"
#include "edge/api/words_json.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

struct Shown {
    std::string kind;
    json::object body;
};

std::string_view signal_word(Signal signal) {
    switch (signal) {
        case Signal::welcome: return "welcome";
        case Signal::attention: return "attention";
        case Signal::refused: return "refused";
        case Signal::busy: return "busy";
        case Signal::alarm: return "alarm";
    }
    return "alarm";
}

std::optional<Shown> shown(const ledger::Record& record) {
    return std::visit(
        Match{[](const Sale& sale) {
                  return std::optional<Shown>{{"sale",
                                               {{"window", sale.window.value},
                                                {"total_minor", sale.total.value},
                                                {"tickets", sale.tickets.size()}}}};
              },
              [](const Refund& refund) {
                  return std::optional<Shown>{{"sale",
                                               {{"refund_of", to_string(refund.sale)},
                                                {"total_minor", refund.total.value},
                                                {"tickets", refund.tickets.size()}}}};
              },
              [](const Passage& passage) {
                  return std::optional<Shown>{{"passage",
                                               {{"verdict", to_string(passage.verdict)},
                                                {"outcome", word(passage.outcome)},
                                                {"evidence", word(passage.evidence)},
                                                {"persons", passage.persons},
                                                {"companions", passage.companions}}}};
              },
              [](const PrintResolved& print) {
                  return std::optional<Shown>{
                      {"print",
                       {{"job", to_string(print.job)}, {"outcome", word(print.outcome)}, {"reason", print.reason}}}};
              },
              [](const LaneCounted& counted) {
                  return std::optional<Shown>{{"passage",
                                               {{"lane", counted.lane.value},
                                                {"cause", word(counted.cause)},
                                                {"direction", word(counted.direction)},
                                                {"persons", counted.persons}}}};
              },
              [](const auto&) { return std::optional<Shown>{}; }},
        record.body);
}

void note(LinkChanges& changes, WallTime at, bool up) {
    changes.push_back({at, up});
    if (changes.size() > ApiServices::most_link_changes) changes.pop_front();
}

void count_money(ApiServices& services, const ledger::Record& record) {
    const auto* closed = std::get_if<ShiftClosed>(&record.body);
    if (closed == nullptr || !services.reader) return;
    if (const auto shift = services.reader->shift(closed->shift)) services.metrics.count_money(*shift);
}

}  // namespace

void publish(ApiServices& services, const Published& published) {
    std::visit(Match{[&](const PublishRecord& event) {
                         services.metrics.count(*event.record);
                         count_money(services, *event.record);
                         auto found = shown(*event.record);
                         if (!found) return;
                         found->body["record"] = to_string(event.record->ref());
                         found->body["time"] = services.time_text(event.record->header.wall);
                         services.events.publish(std::move(found->kind), json::serialize(found->body));
                     },
                     [&](const PublishLane& lane) {
                         json::object body{{"lane", lane.lane.value},
                                           {"mode", word(lane.mode)},
                                           {"state", word(lane.phase)},
                                           {"emergency", lane.emergency}};
                         if (!lane.trouble.empty()) body["trouble"] = lane.trouble;
                         services.events.publish("lane", json::serialize(body));
                     },
                     [&](const ShowVerdict& show) {
                         json::object body = verdict_json(services, show.reply).as_object();
                         body["lane"] = show.lane.value;
                         body["signal"] = signal_word(show.signal);
                         body["time"] = services.time_text(services.outlets.now());
                         services.events.publish("scan", json::serialize(body));
                     },
                     [&](const ShowTicket& show) {
                         json::object body = ticket_look_json(services, show.reply);
                         body["window"] = show.window.value;
                         if (!show.text.empty()) body["text"] = show.text;
                         body["time"] = services.time_text(services.outlets.now());
                         services.events.publish("scan", json::serialize(body));
                     }},
               published);
}

void publish(ApiServices& services, const BoardPart& part) {
    std::visit(
        Match{[&](const CentralView& view) {
                  if (view.connected == services.board.central.connected) return;
                  note(services.link_changes, services.outlets.now(), view.connected);
                  services.events.publish(
                      "link", json::serialize(json::object{
                                  {"name", "default"}, {"state", view.connected ? "up" : "down"}, {"url", view.url}}));
              },
              [&](const PeerViews& views) {
                  for (const auto& [node, view] : views) {
                      const auto known = services.board.peers.find(node);
                      const bool heard = known != services.board.peers.end() && known->second.connected;
                      if (heard != view.connected)
                          note(services.peer_changes[node], services.outlets.now(), view.connected);
                      if (known != services.board.peers.end() && heard == view.connected) continue;
                      services.events.publish(
                          "peer", json::serialize(json::object{
                                      {"node", node.value}, {"name", view.name}, {"connected", view.connected}}));
                  }
              },
              [&](const DeviceView& view) {
                  const auto known = services.board.devices.find(view.name);
                  if (known != services.board.devices.end() && known->second.state == view.state &&
                      known->second.trouble == view.trouble &&
                      known->second.recording.has_value() == view.recording.has_value())
                      return;
                  services.events.publish("device",
                                          json::serialize(json::object{{"name", view.name.value},
                                                                       {"state", word(view.state)},
                                                                       {"trouble", view.trouble},
                                                                       {"last_error", view.last_error},
                                                                       {"recording", view.recording.has_value()}}));
              },
              [&](const JobView& job) {
                  services.events.publish("job", json::serialize(json::object{{"id", to_string(job.id)},
                                                                              {"state", job.state},
                                                                              {"from", job.from.value},
                                                                              {"to", job.to.value},
                                                                              {"up_to", job.up_to.value},
                                                                              {"sent", job.sent},
                                                                              {"total", job.total()}}));
              },
              [](const auto&) {}},
        part);
}

}  // namespace gatehouse::edge
