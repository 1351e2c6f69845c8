// Journals made in a test: numbered, linked and signed as a node would, without a node.
#pragma once

#include <string>
#include <vector>

#include "schemas/crypto/crypto.hpp"
#include "schemas/crypto/signed_head.hpp"
#include "schemas/ticket/payload.hpp"
#include "sync/ledger/ledger.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::test {

[[nodiscard]] VenueId test_venue();
[[nodiscard]] SigningKey test_key(NodeId node);             // the same for the same node
[[nodiscard]] ledger::LedgerOptions test_ledger_options();  // Asia/Shanghai, cut-over at midnight
constexpr Date test_date{20'778};                           // 2026-11-21
constexpr WallTime test_noon{1'795'233'600'000};            // 2026-11-21 12:00 at Shanghai

// One writer's chain. Each record is a second after the one before.
class Chain {
public:
    explicit Chain(NodeId node, Epoch epoch = Epoch{1});

    // Appends a record and answers where it is. The header's time, clock and date are taken from `now`.
    RecordRef add(Body body, ByteView extension = {});
    // The epoch's first record, with a certificate of its own key.
    RecordRef open_epoch(Epoch prev_epoch = Epoch{0});
    // A sale of `tickets` tickets for `persons` each, `entries` entries. It says nothing of their codes.
    RecordRef sell(std::uint16_t tickets, std::uint16_t persons = 1, std::uint16_t entries = 1,
                   const std::string& session = {});
    RecordRef admit(const TicketId& ticket, std::uint16_t persons = 1,
                    Confirmation confirmation = Confirmation::by_passage);
    RecordRef pass(RecordRef verdict, PassageOutcome outcome, std::uint16_t persons = 1);
    RecordRef refund(const TicketId& ticket, bool supervisor = false, bool was_admitted = false);

    [[nodiscard]] RecordRef next() const;
    [[nodiscard]] SignedHead head() const;
    [[nodiscard]] const ledger::Record& last() const { return records.back(); }

    std::vector<ledger::Record> records;
    Header now;  // of the next record: change wall, clock, boot, date, actor at will
};

// Appends all of it in one transaction; checks that the ledger took it.
void store(ledger::Ledger& ledger, const std::vector<ledger::Record>& records);

}  // namespace gatehouse::test
