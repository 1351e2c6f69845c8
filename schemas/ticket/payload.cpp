#include "schemas/ticket/payload.hpp"

#include <algorithm>
#include <limits>

#include "schemas/base/octets.hpp"
#include "schemas/ticket/packed_name.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t most_zones = 8;
constexpr std::int64_t minute = 60'000;
constexpr std::uint64_t last_day = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t last_minute = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t most16 = std::numeric_limits<std::uint16_t>::max();

// On paper: never renumber.
constexpr std::uint8_t flag_reentry = 1;
constexpr std::uint8_t flag_check_id = 2;
constexpr std::uint8_t flag_concession = 4;
constexpr std::uint8_t flag_session = 8;
constexpr std::uint8_t all_flags = 15;

bool is_day(Date date) { return date.value >= 0 && date.value <= static_cast<std::int32_t>(last_day); }

bool is_minute(WallTime time) {
    return time.value >= 0 && time.value % minute == 0 && time.value / minute <= static_cast<std::int64_t>(last_minute);
}

bool ascend(const std::vector<ZoneId>& zones) {
    return std::ranges::adjacent_find(zones, std::ranges::greater_equal{}) == zones.end();
}

// The rules that hold for every payload, written or read; the name of the field that breaks them, or nothing.
const char* broken_field(const TicketPayload& payload) {
    const RecordRef& sold = payload.id.sold;
    if (sold.node.value == 0 || sold.epoch.value == 0 || sold.seq.value == 0 || payload.id.ordinal == 0) return "id";
    if (!is_name(payload.product.value)) return "product";
    if (payload.persons == 0) return "persons";
    if (payload.entries == 0) return "entries";
    if (!is_day(payload.valid_from)) return "valid_from";
    if (!is_day(payload.valid_to) || payload.valid_to < payload.valid_from) return "valid_to";
    if (payload.session) {
        if (!is_name(payload.session->id.value)) return "session";
        if (!is_minute(payload.session->starts)) return "session starts";
        if (!is_minute(payload.session->ends) || payload.session->ends < payload.session->starts) return "session ends";
    }
    const bool named = std::ranges::all_of(payload.zones, [](const ZoneId& zone) { return is_name(zone.value); });
    if (payload.zones.empty() || payload.zones.size() > most_zones || !named || !ascend(payload.zones)) return "zones";
    return nullptr;
}

std::uint8_t flags_of(const TicketPayload& payload) {
    unsigned flags = 0;
    if (payload.reentry) flags |= flag_reentry;
    if (payload.check_id) flags |= flag_check_id;
    if (payload.concession) flags |= flag_concession;
    if (payload.session) flags |= flag_session;
    return static_cast<std::uint8_t>(flags);
}

WallTime read_minutes(std::uint64_t minutes) { return WallTime{static_cast<std::int64_t>(minutes) * minute}; }

TicketSession read_session(OctetReader& in) {
    TicketSession session;
    session.id = SessionId{read_packed_name(in)};
    const std::uint64_t starts = in.number<std::uint32_t>();
    session.starts = read_minutes(starts);
    session.ends = read_minutes(starts + in.varint(last_minute - starts));
    return session;
}

}  // namespace

Result<Bytes> encode_payload(const TicketPayload& payload) {
    if (const char* field = broken_field(payload))
        return fail(ErrorCode::invalid_body, std::string{"ticket: "} + field);
    const RecordRef& sold = payload.id.sold;
    OctetWriter out;
    out.number(version).number(flags_of(payload));
    out.varint(sold.node.value).varint(sold.epoch.value).varint(sold.seq.value).varint(payload.id.ordinal);
    write_packed_name(out, payload.product.value);
    out.varint(payload.persons).varint(payload.entries).number(payload.companions);
    out.number(static_cast<std::uint16_t>(payload.valid_from.value));
    out.varint(static_cast<std::uint64_t>(payload.valid_to.value - payload.valid_from.value));
    if (payload.session) {
        write_packed_name(out, payload.session->id.value);
        out.number(static_cast<std::uint32_t>(payload.session->starts.value / minute));
        out.varint(static_cast<std::uint64_t>((payload.session->ends.value - payload.session->starts.value) / minute));
    }
    out.number(static_cast<std::uint8_t>(payload.zones.size()));
    for (const auto& zone : payload.zones) write_packed_name(out, zone.value);
    if (out.bytes().size() > largest_payload)
        return fail(ErrorCode::too_large, "ticket: " + std::to_string(out.bytes().size()) +
                                              " octets do not fit a code of " + std::to_string(largest_payload));
    return out.take();
}

Result<TicketPayload> decode_payload(ByteView octets) {
    if (octets.size() > largest_payload) return fail(ErrorCode::too_large, "ticket: more octets than a code holds");
    OctetReader in{octets};
    if (in.number<std::uint8_t>() != version) return fail(ErrorCode::invalid_body, "ticket: unknown version");
    const auto flags = in.number<std::uint8_t>();
    TicketPayload payload;
    payload.id.sold.node = NodeId{static_cast<std::uint16_t>(in.varint(most16))};
    payload.id.sold.epoch = Epoch{static_cast<std::uint32_t>(in.varint(std::numeric_limits<std::uint32_t>::max()))};
    payload.id.sold.seq = Seq{in.varint(std::numeric_limits<std::uint64_t>::max())};
    payload.id.ordinal = static_cast<std::uint16_t>(in.varint(most16));
    payload.product = ProductId{read_packed_name(in)};
    payload.persons = static_cast<std::uint16_t>(in.varint(most16));
    payload.entries = static_cast<std::uint16_t>(in.varint(most16));
    payload.companions = in.number<std::uint8_t>();
    const std::uint64_t from = in.number<std::uint16_t>();
    payload.valid_from = Date{static_cast<std::int32_t>(from)};
    payload.valid_to = Date{static_cast<std::int32_t>(from + in.varint(last_day - from))};
    if ((flags & flag_session) != 0) payload.session = read_session(in);
    const std::size_t zones = in.number<std::uint8_t>();
    if (zones > most_zones) return fail(ErrorCode::invalid_body, "ticket: too many zones");
    for (std::size_t i = 0; i < zones && in.ok(); ++i) payload.zones.push_back(ZoneId{read_packed_name(in)});
    if (!in.ok()) return fail(ErrorCode::truncated, "ticket: ends too early, or a number is not in its shortest form");
    if (!in.at_end()) return fail(ErrorCode::invalid_body, "ticket: octets are left over");
    if (flags > all_flags) return fail(ErrorCode::invalid_body, "ticket: unknown flag");
    payload.reentry = (flags & flag_reentry) != 0;
    payload.check_id = (flags & flag_check_id) != 0;
    payload.concession = (flags & flag_concession) != 0;
    if (const char* field = broken_field(payload))
        return fail(ErrorCode::invalid_body, std::string{"ticket: "} + field);
    return payload;
}

}  // namespace gatehouse
