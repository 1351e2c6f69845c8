#include "sync/ledger/projection_tables.hpp"

#include "schemas/crypto/crypto.hpp"
#include "sync/ledger/row_access.hpp"

namespace gatehouse::ledger {

std::span<const ProjectionTable> projection_tables() {
    static constexpr ProjectionTable tables[] = {
        {"parked", "SELECT * FROM parked ORDER BY ref"},
        {"client", "SELECT * FROM client ORDER BY id, ref"},
        {"control", "SELECT * FROM control ORDER BY kind, ref"},
        {"catalogue", "SELECT * FROM catalogue ORDER BY version, ref"},
        {"product_room", "SELECT * FROM product_room ORDER BY product"},
        {"session", "SELECT * FROM session ORDER BY id"},
        {"certificate", "SELECT * FROM certificate ORDER BY node, ref"},
        {"node_revocation", "SELECT * FROM node_revocation ORDER BY node, epoch, ref"},
        {"clock_correction", "SELECT * FROM clock_correction ORDER BY node, boot, ref"},
        {"suspect", "SELECT * FROM suspect ORDER BY node, boot, ref"},
        {"login", "SELECT * FROM login ORDER BY operator, ref"},
        {"device", "SELECT * FROM device ORDER BY node, device"},
        {"lane_mode", "SELECT * FROM lane_mode ORDER BY node, lane"},
        {"emergency", "SELECT * FROM emergency ORDER BY node"},
        {"shift", "SELECT * FROM shift ORDER BY ref"},
        {"shift_close", "SELECT * FROM shift_close ORDER BY shift, ref"},
        {"cash_move", "SELECT * FROM cash_move ORDER BY shift, ref"},
        {"sale", "SELECT * FROM sale ORDER BY ref"},
        {"sale_line", "SELECT * FROM sale_line ORDER BY sale, line"},
        {"tender", "SELECT * FROM tender ORDER BY ref, line"},
        {"tender_settled", "SELECT * FROM tender_settled ORDER BY sale, line, ref"},
        {"refund", "SELECT * FROM refund ORDER BY ref"},
        {"ticket_mark", "SELECT * FROM ticket_mark ORDER BY sold, ordinal, kind, ref"},
        {"print_job", "SELECT * FROM print_job ORDER BY ref"},
        {"print_resolved", "SELECT * FROM print_resolved ORDER BY job, ref"},
        {"imported_order", "SELECT * FROM imported_order ORDER BY code, ref"},
        {"lease_received", "SELECT * FROM lease_received ORDER BY grant_ref, ref"},
        {"session_units", "SELECT * FROM session_units ORDER BY session, node"},
        {"verdict", "SELECT * FROM verdict ORDER BY ref"},
        {"passage", "SELECT * FROM passage ORDER BY verdict, ref"},
        {"lane_day", "SELECT * FROM lane_day ORDER BY node, business_date, lane"},
        {"redemption", "SELECT verdict, sum(persons) FROM redemption GROUP BY verdict ORDER BY verdict", true},
        {"lane_count", "SELECT * FROM lane_count ORDER BY ref"},
        {"conflict", "SELECT * FROM conflict ORDER BY id"},
        {"conflict_evidence", "SELECT * FROM conflict_evidence ORDER BY id, ref"},
        {"conflict_resolution", "SELECT * FROM conflict_resolution ORDER BY id, ref"},
    };
    return tables;
}

Result<Hash> state_hash(Database& database) {
    Hasher hasher;
    for (const auto& table : projection_tables()) {
        hasher.add(view_of(table.name));
        auto rows = database.prepare(table.rows);
        while (true) {
            const auto there = rows.step();
            if (!there) return there.error();
            if (!*there) break;
            for (int column = 0; column < rows.columns(); ++column) {
                // Every column has one type, so its text or octets tell values apart.
                const auto value = rows.blob(column);
                const std::uint8_t frame[] = {static_cast<std::uint8_t>(rows.is_null(column) ? 1 : 0),
                                              static_cast<std::uint8_t>(value.size()),
                                              static_cast<std::uint8_t>(value.size() >> 8U)};
                hasher.add(frame);
                hasher.add(value);
            }
        }
    }
    return hasher.finish();
}

}  // namespace gatehouse::ledger
