#include "sync/ledger/export.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "schemas/calendar/date_text.hpp"
#include "schemas/json/record_json.hpp"

namespace gatehouse::ledger {

namespace {

constexpr std::size_t at_once = 500;
constexpr std::size_t octets_at_once = 4U << 20U;

// `stored` is what the hash is over, so it cannot be redacted; where it holds secrets it is left out.
std::string line_of(const Record& record, const NodeName& name) {
    const auto& header = record.header;
    boost::json::object line{{"node", header.node.value},        {"node_name", name.value},
                             {"epoch", header.epoch.value},      {"seq", header.seq.value},
                             {"kind", to_string(header.kind)},   {"wall_time", format_rfc3339_utc(header.wall)},
                             {"clock", to_string(header.clock)}, {"business_date", format_date(header.business_date)},
                             {"actor", header.actor.value},      {"hash", to_hex(record.hash)},
                             {"prev", to_hex(header.prev)},      {"body", body_json(record.body)}};
    if (record.undecodable) line["body"] = nullptr;
    if (header.kind == Kind::catalogue_published && (record.undecodable || holds_pin_hashes(record.body)))
        line["stored"] = nullptr;
    else
        line["stored"] = to_hex(record.stored);
    return boost::json::serialize(line);
}

// An outsider who recomputes the chain must not take what came before for all of it.
Error missing(LedgerReader& reader, RecordRef at) {
    if (reader.fault() != Fault::none) return fail(ErrorCode::storage_unavailable, "the database cannot be read");
    return fail(ErrorCode::chain_broken, to_string(at) + ": the record is missing");
}

}  // namespace

Result<std::uint64_t> export_journals(LedgerReader& reader, const ExportRange& range,
                                      const std::function<bool(std::string_view)>& line) {
    std::map<NodeId, NodeName> names;
    for (auto& node : reader.nodes()) names[node.node] = std::move(node.name);
    std::uint64_t count = 0;
    for (const auto& journal : reader.journals()) {
        if (range.node && journal.journal.node != *range.node) continue;
        if (range.epoch && journal.journal.epoch != *range.epoch) continue;
        const Seq to = std::min(journal.head, range.to.value_or(journal.head));
        for (Seq from = range.from; from <= to;) {
            auto batch = reader.records(journal.journal, from, to, at_once, octets_at_once);
            if (batch.stored.empty()) return missing(reader, {journal.journal.node, journal.journal.epoch, from});
            for (auto& stored : batch.stored) {
                const auto record = read_record(std::move(stored));
                if (!record) return record.error();
                ++count;
                if (!line(line_of(*record, names[journal.journal.node]))) return count;
            }
            from = Seq{batch.last.value + 1};
        }
    }
    if (reader.fault() != Fault::none) return fail(ErrorCode::storage_unavailable, "the database cannot be read");
    return count;
}

}  // namespace gatehouse::ledger
