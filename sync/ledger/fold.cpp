#include "sync/ledger/fold.hpp"

#include "schemas/base/match.hpp"
#include "schemas/crypto/certificate.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::ledger {

std::shared_ptr<const Catalogue> CatalogueCache::find(Database& database, std::uint64_t version) {
    if (const auto held = held_.find(version); held != held_.end()) return held->second;
    std::shared_ptr<const Catalogue> found;
    // Central never gives a version twice; should it, the first by record holds everywhere.
    auto row = ask(database, "SELECT ref FROM catalogue WHERE version = ? ORDER BY ref LIMIT 1", version);
    if (ledger::next(row)) {
        if (auto record = load_record(database, ref_at(row, 0)))
            if (auto* published = std::get_if<CataloguePublished>(&record->body))
                found = std::make_shared<const Catalogue>(std::move(published->catalogue));
    }
    if (held_.size() >= 8) held_.clear();
    return held_[version] = found;
}

Fold::Fold(Database& to, const VenueCalendar& venue_calendar, CatalogueCache& cache, const Header& record_header)
    : database(to),
      calendar(venue_calendar),
      catalogues(cache),
      header(record_header),
      ref(record_header.ref()),
      wall(record_header.wall),
      business_date(record_header.business_date),
      priced_date(record_header.business_date) {}

bool Fold::next(Statement& rows) {
    if (stopped()) return false;
    const auto stepped = rows.step();
    note(stepped);
    return stepped && *stepped;
}

void Fold::note(const Result<bool>& stepped) {
    if (stepped) return;
    // A constraint that a record runs into is that record's trouble; everything else is the disk's.
    if (stepped.error().code == ErrorCode::internal)
        park("contradicts what is held: " + stepped.error().detail);
    else
        error_ = stepped.error();
}

void Fold::park(std::string why) {
    if (!stopped()) parked_ = std::move(why);
}

void Fold::require(bool holds, const char* what) {
    if (!holds) park(what);
}

void note_client(Fold& fold, const ClientId& id) {
    if (id.value.empty()) return;
    fold.put("INSERT INTO client VALUES (?, ?)", id, fold.ref);
}

void note_control(Fold& fold, Kind kind) { fold.put("INSERT INTO control VALUES (?, ?)", kind, fold.ref); }

namespace {

void fold_epoch(Fold& fold, const EpochOpened& body) {
    const auto certificate = parse_certificate(body.certificate);
    fold.require(certificate.has_value(), "the certificate in it cannot be read");
    if (fold.stopped()) return;
    fold.require(certificate->node == fold.ref.node, "the certificate in it is another node's");
    fold_certificate(fold, fold.ref.node, certificate->name, body.certificate, false);
}

void fold_enrolled(Fold& fold, const NodeEnrolled& body) {
    note_control(fold, Kind::node_enrolled);
    fold_certificate(fold, body.node, body.name, body.certificate, true);
}

void fold_grant(Fold& fold, const LeaseGranted& body) {
    note_control(fold, Kind::lease_granted);
    judge_leases(fold, body.session, body.node);  // which may have said before that it has it
}

}  // namespace

void fold_body(Fold& fold, const Body& body) {
    fold.require(fold.ref.node != central_node || fold.header.kind >= Kind::catalogue_published ||
                     fold.header.kind <= Kind::storage_closed,
                 "central does not sell or admit");
    fold.require(fold.ref.node == central_node || fold.header.kind < Kind::catalogue_published ||
                     std::holds_alternative<UnknownBody>(body),
                 "only central may say this");
    date_record(fold);
    std::visit(Match{[](const UnknownBody&) {},
                     [&](const EpochOpened& b) { fold_epoch(fold, b); },
                     [](const NodeStarted&) {},
                     [&](const ClockCorrected& b) { fold_correction(fold, b); },
                     [&](const ConfigApplied&) { note_control(fold, Kind::config_applied); },
                     [&](const DeviceChanged& b) { fold_device(fold, b); },
                     [](const StorageClosed&) {},
                     [&](const LoginAttempted& b) { fold_login(fold, b.operator_name, false); },
                     [&](const LoginSucceeded& b) { fold_login(fold, b.operator_name, true); },
                     [](const ResyncOrdered&) {},
                     [](const DeviceOrdered&) {},
                     [&](const ShiftOpened& b) { fold_shift_opened(fold, b); },
                     [&](const CashMoved& b) { fold_cash_moved(fold, b); },
                     [&](const ShiftClosed& b) { fold_shift_closed(fold, b); },
                     [&](const Sale& b) { fold_sale(fold, b); },
                     [&](const Refund& b) { fold_refund(fold, b); },
                     [&](const Reprint& b) { fold_reprint(fold, b); },
                     [&](const Reissue& b) { fold_reissue(fold, b); },
                     [&](const PrintResolved& b) { fold_print_resolved(fold, b); },
                     [&](const LeaseReceived& b) { fold_lease_received(fold, b); },
                     [&](const Verdict& b) { fold_verdict(fold, b); },
                     [&](const Passage& b) { fold_passage(fold, b); },
                     [&](const LaneModeSet& b) { fold_lane_mode(fold, b); },
                     [&](const EmergencySet& b) { fold_emergency(fold, b); },
                     [&](const LaneCounted& b) { fold_lane_counted(fold, b); },
                     [&](const LetThroughOrdered& b) { fold_let_through_ordered(fold, b); },
                     [&](const CataloguePublished& b) { fold_catalogue(fold, b); },
                     [&](const NodeEnrolled& b) { fold_enrolled(fold, b); },
                     [&](const NodeRevoked& b) { fold_node_revoked(fold, b); },
                     [&](const TicketRevoked& b) { fold_ticket_revoked(fold, b); },
                     [&](const LeaseGranted& b) { fold_grant(fold, b); },
                     [&](const LeaseOrdered& b) { fold_lease_ordered(fold, b); },
                     [&](const OrderImported& b) { fold_order(fold, b); },
                     [&](const ConflictResolved& b) { fold_resolution(fold, b); },
                     [&](const EnrolmentTokenIssued&) { note_control(fold, Kind::enrolment_token_issued); },
                     [&](const CentralLogin& b) { fold_login(fold, b.operator_name, b.succeeded); },
                     [&](const ResyncRequested&) { note_control(fold, Kind::resync_requested); },
                     [&](const ScanJoined& b) { fold_scan_joined(fold, b); },
                     [&](const TenderSettled& b) { fold_tender_settled(fold, b); }},
               body);
}

std::optional<Record> load_record(Database& database, RecordRef ref) {
    if (!has_key(ref)) return std::nullopt;
    auto row = ask(database, "SELECT stored FROM journal WHERE ref = ?", ref);
    if (!next(row)) return std::nullopt;
    const auto stored = row.blob(0);
    auto record = read_record(Bytes{stored.begin(), stored.end()});
    if (!record) return std::nullopt;
    return std::move(*record);
}

std::optional<TicketRight> right_of(Database& database, const TicketId& ticket) {
    if (ticket.ordinal == 0 || !has_key(ticket.sold)) return std::nullopt;
    auto parked = ask(database, "SELECT 1 FROM parked WHERE ref = ?", ticket.sold);
    if (next(parked)) return std::nullopt;
    const auto record = load_record(database, ticket.sold);
    if (!record) return std::nullopt;
    if (const auto* order = std::get_if<OrderImported>(&record->body)) {
        if (ticket.ordinal != 1) return std::nullopt;
        return TicketRight{order->product, order->persons, order->entries, Minor{}};
    }
    const auto* sale = std::get_if<Sale>(&record->body);
    const auto* reissue = std::get_if<Reissue>(&record->body);
    if (sale == nullptr && (reissue == nullptr || ticket.ordinal != 1)) return std::nullopt;
    if (sale != nullptr && ticket.ordinal > sale->tickets.size()) return std::nullopt;
    const auto payload = decode_payload(sale != nullptr ? sale->tickets[ticket.ordinal - 1U] : reissue->ticket);
    if (!payload) return std::nullopt;
    TicketRight right{payload->product, payload->persons, payload->entries, Minor{}};
    std::uint64_t first = 1;
    if (sale != nullptr)
        for (const auto& line : sale->lines) {
            if (ticket.ordinal >= first && ticket.ordinal < first + line.quantity) right.price = line.unit_price;
            first += line.quantity;
        }
    return right;
}

}  // namespace gatehouse::ledger
