// How the node is: status, occupancy, replay on order.
#include <boost/json.hpp>

#include "edge/api/answers.hpp"
#include "edge/api/gates_json.hpp"
#include "edge/api/words_json.hpp"
#include "schemas/crypto/certificate.hpp"

namespace gatehouse::edge {

namespace json = boost::json;

namespace {

using Call = std::shared_ptr<ApiCall>;

std::uint64_t backlog(const Board& board, const DeskStatus& status) {
    const std::uint64_t acked = board.central.acked.value;
    return status.synced.value > acked ? status.synced.value - acked : 0;
}

json::value oldest_age(ApiServices& services, const DeskStatus& status) {
    if (backlog(services.board, status) == 0 || !services.reader) return nullptr;
    const RecordRef next{status.journal.node, status.journal.epoch, Seq{services.board.central.acked.value + 1}};
    const auto record = services.reader->record(next);
    if (!record) return nullptr;
    return std::max(0.0, static_cast<double>(services.outlets.now().value - record->header.wall.value) / 1000.0);
}

// Octets that wait for central; beyond the first records that wait, by their mean size.
std::uint64_t backlog_octets(ApiServices& services, const DeskStatus& status) {
    constexpr std::size_t measured = 500;
    constexpr std::size_t octets_at_most = 1U << 20U;
    const std::uint64_t waiting = backlog(services.board, status);
    if (waiting == 0 || !services.reader) return 0;
    const auto first = services.reader->records(status.journal, Seq{services.board.central.acked.value + 1},
                                                status.synced, measured, octets_at_most);
    if (first.stored.empty()) return 0;
    std::uint64_t octets = 0;
    for (const Bytes& stored : first.stored) octets += stored.size();
    return octets * waiting / first.stored.size();
}

// The last day on which others trust this node's tickets; nothing while the journal is closed.
json::value certified_until(ApiServices& services) {
    if (!services.reader) return nullptr;
    std::optional<WallTime> latest;
    for (const Bytes& certificate : services.reader->certificates(services.facts.node)) {
        const auto read = verify_certificate(services.facts.authority, services.facts.venue, certificate);
        if (read && (!latest || latest->value < read->not_after.value)) latest = read->not_after;
    }
    return latest ? json::value(services.time_text(*latest)) : json::value(nullptr);
}

json::array link_history(const ApiServices& services, const LinkChanges& known) {
    json::array changes;
    for (const LinkChange& change : known)
        changes.push_back(json::object{{"time", services.time_text(change.at)}, {"state", change.up ? "up" : "down"}});
    return changes;
}

json::value time_or_null(const ApiServices& services, const std::optional<WallTime>& time) {
    return time ? json::value(services.time_text(*time)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::value verified_part(const ApiServices& services) {
    const auto& judged = services.judged;
    if (!judged) return nullptr;
    return json::object{{"time", services.time_text(judged->at)},
                        {"records", judged->records ? json::value(*judged->records) : json::value(nullptr)},
                        {"fault", text_or_null(judged->fault)}};
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::object central_part(const ApiServices& services) {
    const CentralView& central = services.board.central;
    return {{"connected", central.connected},
            {"link", central.connected ? json::value("default") : json::value(nullptr)},
            {"url", text_or_null(central.url)},
            {"acked_seq", central.acked.value},
            {"last_contact", time_or_null(services, central.last_contact)},
            {"last_error", text_or_null(central.last_error)}};
}

json::array peers_part(const ApiServices& services, const DeskStatus& status) {
    json::array peers;
    for (const auto& [node, peer] : services.board.peers) {
        const auto changes = services.peer_changes.find(node);
        const std::uint64_t head = status.synced.value;
        peers.push_back(json::object{
            {"node", node.value},
            {"name", peer.name},
            {"connected", peer.connected},
            {"copied_seq", peer.copied.value},
            {"lag", head > peer.copied.value ? head - peer.copied.value : 0},
            {"last_contact", time_or_null(services, peer.last_contact)},
            {"history",
             changes == services.peer_changes.end() ? json::array{} : link_history(services, changes->second)}});
    }
    return peers;
}

json::object counters_part(const drivers::DeviceHealth& health) {
    json::object counters;
    for (std::size_t i = 0; i < drivers::device_counts; ++i)
        if (health.counts[i] != 0)
            counters[drivers::to_string(static_cast<drivers::DeviceCount>(i))] = health.counts[i];
    return counters;
}

json::object answers_part(const drivers::AnswerTimes& times) {
    return {{"count", times.count()}, {"p50_ms", times.at_most_ms(0.5)}, {"p99_ms", times.at_most_ms(0.99)}};
}

json::value recording_part(const ApiServices& services, const std::optional<RecordingView>& recording) {
    if (!recording) return nullptr;
    return json::object{
        {"file", recording->file}, {"since", services.time_text(recording->since)}, {"octets", recording->octets}};
}

json::array devices_part(const ApiServices& services) {
    json::array devices;
    for (const auto& [name, device] : services.board.devices) {
        json::object one{{"name", name.value},
                         {"driver", device.driver},
                         {"family", device.family},
                         {"state", word(device.state)},
                         {"trouble", text_or_null(device.trouble)},
                         {"last_error", text_or_null(device.last_error)},
                         {"last_error_at", device.last_error_at ? json::value(services.time_text(*device.last_error_at))
                                                                : json::value{}},
                         {"last_trouble", text_or_null(device.last_trouble)},
                         {"counters", counters_part(device.health)},
                         {"answers", answers_part(device.health.answers)},
                         {"recording", recording_part(services, device.recording)}};
        const auto lane = services.facts.lane_of.find(name);
        if (lane != services.facts.lane_of.end()) one["lane"] = lane->second.value;
        devices.push_back(std::move(one));
    }
    return devices;
}

json::value status_json(ApiServices& services, const DeskStatus& status) {
    const Board& board = services.board;
    json::array lanes;
    for (const LaneStatus& lane : status.lanes) lanes.push_back(lane_json(lane));
    // One way to central so far: the default route.
    const json::array links{json::object{{"name", "default"},
                                         {"state", board.central.connected ? "up" : "down"},
                                         {"rtt_ms", number_or_null(board.central.rtt_ms)},
                                         {"history", link_history(services, services.link_changes)}}};
    return json::object{
        {"node", services.facts.node.value},
        {"name", services.facts.name.value},
        {"epoch", status.journal.epoch.value},
        {"version", GATEHOUSE_VERSION},
        {"time", services.time_text(services.outlets.now())},
        {"business_date", format_date(status.business_date)},
        {"selling_date", format_date(status.selling_date)},
        {"catalogue_version", status.catalogue_version},
        {"isolated", status.isolated},
        {"emergency", status.emergency},
        {"ready", board.ready.ready},
        {"clock",
         json::object{{"quality", word(status.clock)}, {"offset_ms", number_or_null(board.central.offset_ms)}}},
        {"central", central_part(services)},
        {"links", links},
        {"journal", json::object{{"open", status.journal_open},
                                 {"closed_why", text_or_null(status.closed_why)},
                                 {"head", status.synced.value},
                                 {"acked", board.central.acked.value},
                                 {"backlog", backlog(board, status)},
                                 {"verified", verified_part(services)},
                                 {"backlog_bytes", backlog_octets(services, status)},
                                 {"oldest_unacked_age_s", oldest_age(services, status)}}},
        {"certificate", json::object{{"not_after", certified_until(services)}}},
        {"peers", peers_part(services, status)},
        {"devices", devices_part(services)},
        {"lanes", std::move(lanes)},
        {"incidents_open", 0},
        {"unverified_total_minor", status.unverified_total.value},
        {"disk", json::object{{"free_bytes", board.storage.free_octets},
                              {"reserve_ok", board.storage.room_for_sales && board.storage.ballast_held}}}};
}

void occupancy(Call call) {
    call->services->outlets.desk_status([call](const DeskStatus& status) {
        auto* reader = reader_of(*call);
        if (reader == nullptr) return;
        json::array zones;
        for (const ledger::Occupancy& zone : reader->occupancy(status.business_date))
            zones.push_back(json::object{{"zone", zone.zone.value},
                                         {"inside", zone.inside()},
                                         {"inside_at_least", zone.inside_at_least()},
                                         {"inside_at_most", zone.inside_at_most()},
                                         {"entered", zone.entered},
                                         {"left", zone.left}});
        json::array silent;
        for (const auto& [node, peer] : call->services->board.peers)
            if (!peer.connected) silent.emplace_back(peer.name.empty() ? std::to_string(node.value) : peer.name);
        if (read_failed(*call)) return;
        answer_json(*call, 200,
                    json::object{{"business_date", format_date(status.business_date)},
                                 {"zones", std::move(zones)},
                                 {"silent", std::move(silent)}});
    });
}

json::value job_json(const JobView& job) {
    return json::object{{"id", to_string(job.id)},    {"kind", "resync"},     {"state", job.state},
                        {"from", job.from.value},     {"to", job.to.value},   {"up_to", job.up_to.value},
                        {"total", job.total()},       {"sent", job.sent},     {"accepted", job.accepted},
                        {"duplicate", job.duplicate}, {"parked", job.parked}, {"conflicts", job.conflicts}};
}

struct ResyncBody {
    std::optional<Seq> from;
    std::optional<Seq> to;
    bool dry_run = false;
};

void preview(const Call& call, const ResyncBody& body) {
    call->services->outlets.desk_status([call, body](const DeskStatus& status) {
        const std::uint64_t from = body.from ? body.from->value : 1;
        const std::uint64_t to = std::min(body.to ? body.to->value : status.synced.value, status.synced.value);
        answer_json(*call, 200, json::object{{"from", from}, {"to", to}, {"records", to >= from ? to - from + 1 : 0}});
    });
}

void resync(Call call) {
    const auto body = read_body<ResyncBody>(*call, [](JsonReader& in) {
        ResyncBody read;
        if (in.has("from")) read.from = in.seq("from");
        if (in.has("to")) read.to = in.seq("to");
        read.dry_run = in.boolean_or("dry_run", false);
        if (in.boolean_or("all", false) && (read.from || read.to))
            in.report("all", Why::none, "goes without from and to");
        return read;
    });
    if (!body) return;
    if (body->dry_run) return preview(call, *body);
    ApiServices* services = call->services;
    ask(std::move(call), OrderResync{body->from, body->to}, 202, [services, body](const Reply& reply) {
        const auto& done = std::get<DoneReply>(reply);
        const RecordRef id = done.record.value_or(RecordRef{});
        const auto found = services->board.jobs.find(id);
        if (found != services->board.jobs.end()) return job_json(found->second);
        JobView job;
        job.id = id;
        job.from = body->from.value_or(Seq{1});
        job.to = body->to.value_or(id.seq);
        services->board.put(job);
        return job_json(job);
    });
}

void read_job(Call call) {
    const auto id = path_record(*call, 0);
    if (!id) return;
    const auto found = call->services->board.jobs.find(*id);
    if (found == call->services->board.jobs.end())
        return answer_problem(*call, fail(ErrorCode::not_found, "there is no such job since the last start"));
    answer_json(*call, 200, job_json(found->second));
}

}  // namespace

void add_status_routes(Router& router) {
    router.add("GET", "/api/v1/status", Access::named, [](Call call) {
        call->services->outlets.desk_status(
            [call](const DeskStatus& status) { answer_json(*call, 200, status_json(*call->services, status)); });
    });
    router.add("GET", "/api/v1/occupancy", Access::named, occupancy);
    router.add("POST", "/api/v1/resync", Access::named, resync);
    router.add("GET", "/api/v1/jobs/{}", Access::named, read_job);
}

}  // namespace gatehouse::edge
