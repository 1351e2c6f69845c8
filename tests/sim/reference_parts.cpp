#include "tests/sim/reference_parts.hpp"

#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::sim {

std::map<RecordRef, Reservation> reservations(const RecordSet& records) {
    std::map<RecordRef, Reservation> all;
    for (const auto& [ref, record] : records)
        if (const auto* verdict = std::get_if<Verdict>(&record.body))
            if (verdict->decision == Decision::admit) all[ref].verdict = verdict;
    for (const auto& [ref, record] : records) {
        const auto* passage = std::get_if<Passage>(&record.body);
        if (passage == nullptr || !all.contains(passage->verdict)) continue;
        Reservation& reserved = all.at(passage->verdict);
        if (passage->outcome == PassageOutcome::turned) {
            reserved.turned += passage->persons;
            reserved.turned_companions += passage->companions;
        } else if (passage->outcome == PassageOutcome::abandoned) {
            reserved.abandoned += passage->persons;
            reserved.abandoned_companions += passage->companions;
        }
    }
    return all;
}

Corrections read_corrections(const RecordSet& records) {
    Corrections all;
    for (const auto& [ref, record] : records)
        if (const auto* corrected = std::get_if<ClockCorrected>(&record.body))
            all.try_emplace({ref.node, corrected->boot}, Correction{corrected->offset_ms, record.boot_began});
    return all;
}

namespace {

// Of every ticket that some record made.
std::map<TicketId, Right> rights(const RecordSet& records) {
    std::map<TicketId, Right> all;
    const auto add = [&](const Bytes& octets) {
        if (const auto payload = decode_payload(octets)) all[payload->id] = {payload->persons, payload->entries};
    };
    for (const auto& [ref, record] : records) {
        if (const auto* sale = std::get_if<Sale>(&record.body))
            for (const auto& ticket : sale->tickets) add(ticket);
        if (const auto* reissue = std::get_if<Reissue>(&record.body)) add(reissue->ticket);
        if (const auto* order = std::get_if<OrderImported>(&record.body))
            all[{ref, 1}] = {order->persons, order->entries};
    }
    return all;
}

// Nothing where the record says it itself, as far as is known.
std::optional<WallTime> corrected_wall(const Header& header, const Corrections& corrections) {
    const auto at = corrections.find({header.node, header.boot});
    if (header.clock != ClockQuality::suspect || at == corrections.end()) return std::nullopt;
    const auto& [offset_ms, began] = at->second;
    if (began) return WallTime{began->value + static_cast<std::int64_t>(header.boot_ns / 1'000'000)};
    return WallTime{header.wall.value + offset_ms};
}

}  // namespace

WallTime effective_wall(const Header& header, const Corrections& corrections) {
    return corrected_wall(header, corrections).value_or(header.wall);
}

Date effective_date(const Header& header, const Corrections& corrections, const VenueCalendar& calendar) {
    const auto wall = corrected_wall(header, corrections);
    return wall ? calendar.business_date(*wall) : header.business_date;
}

Families families(const RecordSet& records, const Corrections& corrections, const VenueCalendar& calendar) {
    Families all{rights(records), {}};
    for (const auto& [ref, record] : records) {
        const auto* reissue = std::get_if<Reissue>(&record.body);
        if (reissue == nullptr || !all.known.contains({ref, 1})) continue;
        const WallTime wall = effective_wall(record.header, corrections);
        all.replaced[{ref, 1}] = {reissue->replaced, calendar.business_date(wall)};
    }
    return all;
}

}  // namespace gatehouse::sim
