// Journals as JSON, a record a line, so that an outsider can recompute the chain.
#pragma once

#include <functional>
#include <string_view>

#include "sync/ledger/reader.hpp"

namespace gatehouse::ledger {

struct ExportRange {
    std::optional<NodeId> node;  // every journal held when absent
    std::optional<Epoch> epoch;  // every epoch when absent
    Seq from{1};
    std::optional<Seq> to;  // the head when absent
};

// Until `line` answers that no more is wanted calls it with one JSON object without line break: node, node_name, epoch,
// seq, kind, wall_time, clock, business_date, hash, prev, actor, body, stored (the hashed octets in hexadecimal). PIN
// hashes are redacted in `body` and, because they are part of the hashed octets, `stored` is null for records that hold
// them. Errors: storage_unavailable (the database cannot be read); chain_broken (a record below its journal's head is
// missing; those before it were told).
[[nodiscard]] Result<std::uint64_t> export_journals(LedgerReader& reader, const ExportRange& range,
                                                    const std::function<bool(std::string_view)>& line);

}  // namespace gatehouse::ledger
