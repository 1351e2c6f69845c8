#include "sync/ledger/reader_inner.hpp"

namespace gatehouse::ledger {

LoginFacts LedgerReader::login(NodeId node, const OperatorName& name) {
    auto& database = *inner_->database;
    const auto range = keys_of(node);
    LoginFacts facts;
    std::int64_t success = range.first;
    {
        auto row =
            ask(database, "SELECT max(ref) FROM login WHERE operator = ? AND succeeded = 1 AND ref BETWEEN ? AND ?",
                name, range.first, range.last);
        if (next(row) && !row.is_null(0)) success = row.number(0);
    }
    auto rows = ask(database,
                    "SELECT wall, boot, boot_ns FROM login WHERE operator = ? AND succeeded = 0 AND ref > ? AND "
                    "ref <= ? ORDER BY ref",
                    name, success, range.last);
    while (next(rows)) {
        ++facts.failures;
        facts.last_attempt = WallTime{rows.number(0)};
        facts.last_boot = octets_at<16>(rows, 1);
        facts.last_boot_ns = static_cast<std::uint64_t>(rows.number(2));
    }
    return facts;
}

std::optional<Catalogue> LedgerReader::catalogue() {
    auto& database = *inner_->database;
    auto row = ask(database, "SELECT ref FROM catalogue ORDER BY version DESC, ref LIMIT 1");
    if (!next(row)) return std::nullopt;
    auto body = load_body<CataloguePublished>(database, ref_at(row, 0));
    if (!body) return std::nullopt;
    return std::move(body->catalogue);
}

std::uint64_t LedgerReader::catalogue_version() {
    auto row = ask(*inner_->database, "SELECT max(version) FROM catalogue");
    return next(row) ? static_cast<std::uint64_t>(row.number(0)) : 0;
}

std::uint64_t LedgerReader::catalogue_version_at(const RecordRef& position) {
    if (!has_key(position)) return 0;
    auto row = ask(*inner_->database, "SELECT max(version) FROM catalogue WHERE ref BETWEEN ? AND ?",
                   keys_of(central_node).first, position);
    return next(row) ? static_cast<std::uint64_t>(row.number(0)) : 0;
}

std::map<NodeId, NodeCatalogue> LedgerReader::node_catalogues() {
    std::map<NodeId, NodeCatalogue> found;
    auto rows = ask(*inner_->database, "SELECT node, version, wall FROM node_catalogue");
    while (next(rows))
        found[NodeId{as<std::uint16_t>(rows.number(0))}] = {static_cast<std::uint64_t>(rows.number(1)),
                                                            WallTime{rows.number(2)}};
    return found;
}

std::vector<NodeFacts> LedgerReader::nodes() {
    std::map<NodeId, NodeFacts> latest;
    // Central's word comes after a node's own, a later one after an earlier one.
    auto rows = ask(*inner_->database, "SELECT node, name, octets, ref FROM certificate ORDER BY node, enrolled, ref");
    while (next(rows)) {
        const NodeId node{as<std::uint16_t>(rows.number(0))};
        const auto octets = rows.blob(2);
        latest[node] = {node, NodeName{text_at(rows, 1)}, Bytes{octets.begin(), octets.end()}, ref_at(rows, 3)};
    }
    std::vector<NodeFacts> found;
    for (auto& [node, facts] : latest) found.push_back(std::move(facts));
    return found;
}

std::vector<Bytes> LedgerReader::certificates(NodeId node) {
    std::vector<Bytes> found;
    auto rows = ask(*inner_->database, "SELECT DISTINCT octets FROM certificate WHERE node = ?", node);
    while (next(rows)) {
        const auto octets = rows.blob(0);
        found.emplace_back(octets.begin(), octets.end());
    }
    return found;
}

std::vector<Revocation> LedgerReader::revocations() {
    auto& database = *inner_->database;
    std::vector<Revocation> found;
    auto rows = ask(database, "SELECT ref FROM control WHERE kind = ? ORDER BY ref", Kind::node_revoked);
    while (next(rows)) {
        const auto record = load_record(database, ref_at(rows, 0));
        if (!record) continue;
        if (const auto* body = std::get_if<NodeRevoked>(&record->body))
            found.push_back({record->ref(), *body, record->header.wall});
    }
    return found;
}

std::vector<std::pair<RecordRef, EnrolmentTokenIssued>> LedgerReader::enrolment_tokens() {
    auto& database = *inner_->database;
    std::vector<std::pair<RecordRef, EnrolmentTokenIssued>> found;
    auto rows = ask(database, "SELECT ref FROM control WHERE kind = ? ORDER BY ref", Kind::enrolment_token_issued);
    while (next(rows))
        if (auto body = load_body<EnrolmentTokenIssued>(database, ref_at(rows, 0)))
            found.emplace_back(ref_at(rows, 0), std::move(*body));
    return found;
}

std::vector<std::pair<RecordRef, ResyncRequested>> LedgerReader::resync_requests(NodeId node) {
    auto& database = *inner_->database;
    std::vector<std::pair<RecordRef, ResyncRequested>> found;
    auto rows = ask(database, "SELECT ref FROM control WHERE kind = ? ORDER BY ref", Kind::resync_requested);
    while (next(rows))
        if (auto body = load_body<ResyncRequested>(database, ref_at(rows, 0)); body && body->node == node)
            found.emplace_back(ref_at(rows, 0), *body);
    return found;
}

std::map<DeviceName, DeviceChanged> LedgerReader::devices(NodeId node) {
    std::map<DeviceName, DeviceChanged> found;
    auto rows = ask(*inner_->database, "SELECT device, state, reason FROM device WHERE node = ?", node);
    while (next(rows)) {
        const DeviceName name{text_at(rows, 0)};
        found[name] = {name, as<DeviceState>(rows.number(1)), text_at(rows, 2)};
    }
    return found;
}

std::optional<Hash> LedgerReader::config_applied(NodeId node) {
    auto& database = *inner_->database;
    const auto keys = keys_of(node);
    auto row = ask(database, "SELECT max(ref) FROM control WHERE kind = ? AND ref BETWEEN ? AND ?",
                   Kind::config_applied, keys.first, keys.last);
    if (!next(row) || row.is_null(0)) return std::nullopt;
    const auto body = load_body<ConfigApplied>(database, ref_at(row, 0));
    return body ? std::optional{body->digest} : std::nullopt;
}

std::optional<LedgerReader::SuspectRecord> LedgerReader::uncorrected(NodeId node, const BootId& boot) {
    auto row =
        ask(*inner_->database,
            "SELECT wall, boot_ms FROM suspect s WHERE node = ? AND boot = ? AND boot_ms IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM clock_correction c WHERE c.node = s.node AND c.boot = s.boot) ORDER BY ref LIMIT 1",
            node, boot);
    if (!next(row)) return std::nullopt;
    return SuspectRecord{WallTime{row.number(0)}, std::chrono::milliseconds{row.number(1)}};
}

std::optional<WallTime> LedgerReader::trusted_wall(NodeId node) {
    auto row = ask(*inner_->database, "SELECT max(trusted) FROM stream WHERE id BETWEEN ? AND ?",
                   journal_key({node, Epoch{0}}), journal_key({node, Epoch{largest_epoch}}));
    if (!next(row) || row.is_null(0) || row.number(0) == 0) return std::nullopt;
    return WallTime{row.number(0)};
}

}  // namespace gatehouse::ledger
