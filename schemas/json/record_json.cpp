#include "schemas/json/record_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "schemas/calendar/calendar.hpp"
#include "schemas/json/catalogue_json.hpp"
#include "schemas/records/words.hpp"

namespace gatehouse {

namespace {

namespace json = boost::json;

template <class E>
    requires requires(E value) { gatehouse::word(value); }
json::value of(E value) {
    return json::value(word(value));
}
json::value of(Reason v) { return json::value(to_string(v)); }
json::value of(Note v) { return json::value(to_string(v)); }

json::value of(const std::string& text) { return json::value(text); }
json::value of(bool flag) { return json::value(flag); }
json::value of(const RecordRef& ref) { return json::value(to_string(ref)); }
json::value of(const TicketId& id) { return json::value(to_string(id)); }
json::value of(WallTime time) { return json::value(format_rfc3339_utc(time)); }
json::value of(Date date) { return json::value(format_date(date)); }
json::value of(const Bytes& octets) { return json::value(to_hex(octets)); }
template <std::size_t N>
json::value of(const std::array<std::uint8_t, N>& octets) {
    return json::value(to_hex(octets));
}
template <std::integral T>
json::value of(T number) {
    return json::value(number);
}
template <class Tag, class Rep>
json::value of(const Strong<Tag, Rep>& value) {
    return of(value.value);
}
json::value of(const Concession& v) {
    return json::object{{"concession_class", of(v.concession_class)}, {"document", of(v.document)}};
}
template <class T>
json::value of(const std::optional<T>& value) {
    return value ? of(*value) : json::value(nullptr);
}
json::value of(const SaleLine& v) {
    return json::object{{"product", of(v.product)},       {"quantity", of(v.quantity)},
                        {"persons", of(v.persons)},       {"session", of(v.session)},
                        {"concession", of(v.concession)}, {"unit_price_minor", of(v.unit_price)}};
}
json::value of(const Tender& v) {
    return json::object{
        {"kind", of(v.kind)}, {"state", of(v.state)}, {"amount_minor", of(v.amount)}, {"reference", of(v.reference)}};
}
json::value of(const RefundedTicket& v) {
    return json::object{{"ticket", of(v.ticket)}, {"amount_minor", of(v.amount)}, {"was_admitted", of(v.was_admitted)}};
}
template <class T>
json::value of(const std::vector<T>& values) {
    json::array out;
    for (const auto& value : values) out.push_back(of(value));
    return out;
}

json::object object_of(const EpochOpened& b) {
    return {{"certificate", of(b.certificate)},
            {"prev_epoch", of(b.prev_epoch)},
            {"prev_head", of(b.prev_head)},
            {"prev_hash", of(b.prev_hash)},
            {"software", of(b.software)}};
}

json::object object_of(const Sale& b) {
    return {{"id", of(b.id)},
            {"request", of(b.request)},
            {"window", of(b.window)},
            {"shift", of(b.shift)},
            {"catalogue_version", of(b.catalogue_version)},
            {"lines", of(b.lines)},
            {"tenders", of(b.tenders)},
            {"total_minor", of(b.total)},
            {"change_minor", of(b.change)},
            {"tickets", of(b.tickets)},
            {"printer", of(b.printer)}};
}

json::object object_of(const Refund& b) {
    return {{"id", of(b.id)},           {"request", of(b.request)},
            {"sale", of(b.sale)},       {"window", of(b.window)},
            {"shift", of(b.shift)},     {"tickets", of(b.tickets)},
            {"tenders", of(b.tenders)}, {"total_minor", of(b.total)},
            {"reason", of(b.reason)},   {"by_supervisor", of(b.by_supervisor)}};
}

json::object object_of(const Verdict& b) {
    return {{"id", of(b.id)},
            {"lane", of(b.lane)},
            {"gate", of(b.gate)},
            {"zone", of(b.zone)},
            {"direction", of(b.direction)},
            {"mode", of(b.mode)},
            {"decision", of(b.decision)},
            {"reason", of(b.reason)},
            {"notes", of(b.notes)},
            {"ticket", of(b.ticket)},
            {"product", of(b.product)},
            {"code", of(b.code)},
            {"persons", of(b.persons)},
            {"companions", of(b.companions)},
            {"reentry", of(b.reentry)},
            {"confirmation", of(b.confirmation)},
            {"repeats", of(b.repeats)}};
}

json::object object_of(const LaneCounted& b) {
    return {{"lane", of(b.lane)},   {"gate", of(b.gate)},       {"zone", of(b.zone)},    {"direction", of(b.direction)},
            {"cause", of(b.cause)}, {"persons", of(b.persons)}, {"reason", of(b.reason)}};
}

json::object object_of(const OrderImported& b) {
    return {{"code", of(b.code)},
            {"order", of(b.order)},
            {"channel", of(b.channel)},
            {"product", of(b.product)},
            {"persons", of(b.persons)},
            {"entries", of(b.entries)},
            {"valid_from", of(b.valid_from)},
            {"valid_to", of(b.valid_to)}};
}

template <class B>
json::object range(const B& b) {
    return {{"epoch", of(b.epoch)}, {"from", of(b.from)}, {"to", of(b.to)}};
}

json::object object_of(const UnknownBody&) { return {}; }
json::object object_of(const NodeStarted& b) { return {{"software", of(b.software)}, {"clean", of(b.clean)}}; }
json::object object_of(const ClockCorrected& b) { return {{"boot", of(b.boot)}, {"offset_ms", of(b.offset_ms)}}; }
json::object object_of(const ConfigApplied& b) { return {{"digest", of(b.digest)}}; }
json::object object_of(const DeviceChanged& b) {
    return {{"device", of(b.device)}, {"state", of(b.state)}, {"reason", of(b.reason)}};
}
json::object object_of(const StorageClosed& b) { return {{"reason", of(b.reason)}}; }
json::object object_of(const LoginAttempted& b) { return {{"operator", of(b.operator_name)}}; }
json::object object_of(const LoginSucceeded& b) { return {{"operator", of(b.operator_name)}}; }
json::object object_of(const ResyncOrdered& b) { return range(b); }
json::object object_of(const ShiftOpened& b) {
    return {{"id", of(b.id)}, {"window", of(b.window)}, {"opening_float_minor", of(b.opening_float)}};
}
json::object object_of(const CashMoved& b) {
    return {{"id", of(b.id)},
            {"shift", of(b.shift)},
            {"direction", of(b.direction)},
            {"amount_minor", of(b.amount)},
            {"reason", of(b.reason)}};
}
json::object object_of(const ShiftClosed& b) {
    return {
        {"id", of(b.id)}, {"shift", of(b.shift)}, {"counted_minor", of(b.counted)}, {"expected_minor", of(b.expected)}};
}
json::object object_of(const Reprint& b) {
    return {{"id", of(b.id)},
            {"ticket", of(b.ticket)},
            {"copy", of(b.copy)},
            {"reason", of(b.reason)},
            {"printer", of(b.printer)}};
}
json::object object_of(const Reissue& b) {
    return {{"id", of(b.id)},
            {"replaced", of(b.replaced)},
            {"ticket", of(b.ticket)},
            {"reason", of(b.reason)},
            {"printer", of(b.printer)}};
}
json::object object_of(const PrintResolved& b) {
    return {{"job", of(b.job)}, {"outcome", of(b.outcome)}, {"reason", of(b.reason)}};
}
json::object object_of(const LeaseReceived& b) {
    return {{"grant", of(b.grant)}, {"session", of(b.session)}, {"units", of(b.units)}};
}
json::object object_of(const Passage& b) {
    return {{"verdict", of(b.verdict)},
            {"outcome", of(b.outcome)},
            {"evidence", of(b.evidence)},
            {"persons", of(b.persons)},
            {"companions", of(b.companions)}};
}
json::object object_of(const ScanJoined& b) { return {{"id", of(b.id)}, {"verdict", of(b.verdict)}}; }
json::object object_of(const LetThroughOrdered& b) { return {{"id", of(b.id)}, {"counted", of(b.counted)}}; }
json::object object_of(const LaneModeSet& b) {
    return {{"lane", of(b.lane)}, {"mode", of(b.mode)}, {"reason", of(b.reason)}};
}
json::object object_of(const EmergencySet& b) { return {{"open", of(b.open)}, {"cause", of(b.cause)}}; }
json::object object_of(const CataloguePublished& b) {
    return {{"catalogue", catalogue_json(b.catalogue, VenueCalendar::utc())}};
}
json::object object_of(const NodeEnrolled& b) {
    return {{"node", of(b.node)}, {"name", of(b.name)}, {"certificate", of(b.certificate)}};
}
json::object object_of(const NodeRevoked& b) {
    return {{"node", of(b.node)}, {"epoch", of(b.epoch)}, {"last", of(b.last)}, {"reason", of(b.reason)}};
}
json::object object_of(const TicketRevoked& b) { return {{"ticket", of(b.ticket)}, {"reason", of(b.reason)}}; }
json::object object_of(const LeaseGranted& b) {
    return {{"node", of(b.node)}, {"session", of(b.session)}, {"units", of(b.units)}};
}
json::object object_of(const DeviceOrdered& b) { return {{"device", of(b.device)}, {"order", of(b.order)}}; }
json::object object_of(const LeaseOrdered& b) { return {{"id", of(b.id)}, {"grant", of(b.grant)}}; }
json::object object_of(const ConflictResolved& b) {
    return {{"conflict", of(b.conflict)}, {"outcome", of(b.outcome)}, {"note", of(b.note)}};
}
json::object object_of(const TenderSettled& b) {
    return {{"sale", of(b.sale)}, {"line", of(b.line)}, {"state", of(b.state)}, {"reference", of(b.reference)}};
}
json::object object_of(const EnrolmentTokenIssued& b) {
    return {{"name", of(b.name)}, {"token_digest", of(b.token_digest)}, {"expires", of(b.expires)}};
}
json::object object_of(const CentralLogin& b) {
    return {{"operator", of(b.operator_name)}, {"succeeded", of(b.succeeded)}};
}
json::object object_of(const ResyncRequested& b) {
    auto object = range(b);
    object["node"] = of(b.node);
    return object;
}

}  // namespace

std::string_view to_string(ClockQuality quality) {
    switch (quality) {
        case ClockQuality::synced: return "synced";
        case ClockQuality::holdover: return "holdover";
        case ClockQuality::suspect: return "suspect";
    }
    return "";
}

bool holds_pin_hashes(const Body& body) {
    const auto* published = std::get_if<CataloguePublished>(&body);
    return published != nullptr &&
           std::ranges::any_of(published->catalogue.operators, [](const Operator& o) { return !o.pin_hash.empty(); });
}

boost::json::object body_json(const Body& body) {
    return std::visit([](const auto& b) { return object_of(b); }, body);
}

}  // namespace gatehouse
