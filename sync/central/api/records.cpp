// What was recorded, one by one: who did what (node 0's journal is central's own), and the evidence of a conflict.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

#include "schemas/calendar/date_text.hpp"
#include "schemas/json/record_json.hpp"
#include "sync/central/api/calls.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

constexpr std::uint64_t most_records = 200;

json::object record_json(const ApiServices& services, const ledger::Record& record) {
    const auto& header = record.header;
    json::object out{{"record", to_string(record.ref())}, {"node", header.node.value},
                     {"kind", to_string(header.kind)},    {"time", time_text(services, header.wall)},
                     {"clock", to_string(header.clock)},  {"business_date", format_date(header.business_date)},
                     {"operator", header.actor.value}};
    out["body"] = record.undecodable ? json::value{} : json::value(body_json(record.body));
    return out;
}

// In a list a catalogue is its version: each of them is as long as everything else of a page.
json::object line_json(const ApiServices& services, const ledger::Record& record) {
    const auto* published = std::get_if<CataloguePublished>(&record.body);
    if (published == nullptr) return record_json(services, record);
    ledger::Record brief = record;
    std::get<CataloguePublished>(brief.body).catalogue = Catalogue{};
    auto out = record_json(services, brief);
    out["body"] = json::object{{"version", published->catalogue.version}};
    return out;
}

// The journal that is asked for: node 0's where none is named, the latest epoch where that is not named.
std::optional<ledger::JournalState> journal_of(const Call& call, ledger::LedgerReader& reader, std::uint64_t epoch) {
    const auto name = call.request.parameter("node").value_or("0");
    NodeId node = central_node;
    if (name != "0") {
        const auto found = node_of(reader, name);
        if (!found) return std::nullopt;
        node = *found;
    }
    if (epoch == 0) return reader.latest_journal(node);
    return reader.journal({node, Epoch{static_cast<std::uint32_t>(epoch)}});
}

sync::HttpResponse records_before(const Call& call, ledger::LedgerReader& reader, const ledger::JournalState& journal,
                                  std::uint64_t before, std::uint64_t count) {
    const std::uint64_t last = std::min<std::uint64_t>(before - 1, journal.head.value);
    const std::uint64_t first = last > count ? last - count + 1 : 1;
    json::array records;
    for (std::uint64_t seq = last; seq >= first; --seq)
        if (const auto record = reader.record({journal.journal.node, journal.journal.epoch, Seq{seq}}))
            records.push_back(line_json(*call.services, *record));
    json::object out{{"epoch", journal.journal.epoch.value}, {"head", journal.head.value}};
    out["next"] = first > 1 ? json::value(first) : json::value{};
    out["records"] = std::move(records);
    return sync::json_response(200, out);
}

}  // namespace

void call_list_records(const Call& call) {
    const auto epoch = number_of(call, "epoch", ledger::largest_epoch, 0);
    const auto before = number_of(call, "before", ledger::largest_seq, ledger::largest_seq);
    const auto count = number_of(call, "count", most_records, most_records);
    if (!epoch || !before || !count)
        return call.refuse(fail(ErrorCode::invalid_body, "epoch, before and count are numbers from 1"));
    answer_read(call, [epoch = *epoch, before = *before, count = *count](const Call& asked, Reading& reading) {
        const auto journal = journal_of(asked, reading.reader, epoch);
        if (!journal) return sync::problem(fail(ErrorCode::not_found, "no such journal is held"));
        return records_before(asked, reading.reader, *journal, before, count);
    });
}

void call_get_record(const Call& call) {
    const auto ref = parse_record_ref(call.parts.at(0));
    if (!ref) return call.refuse(fail(ErrorCode::not_found, "that is no record's id"));
    answer_read(call, [ref = *ref](const Call& asked, Reading& reading) {
        const auto record = reading.reader.record(ref);
        if (!record) return sync::problem(fail(ErrorCode::not_found, "the record is not held"));
        return sync::json_response(200, record_json(*asked.services, *record));
    });
}

}  // namespace gatehouse::central
