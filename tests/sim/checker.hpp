// Judges a run from outside: what was told against what is kept, after every event, and everything at the end.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "tests/sim/reference.hpp"
#include "tests/sim/venue.hpp"
#include "tests/sim/witness.hpp"
#include "tests/sim/world.hpp"

namespace gatehouse::sim {

class Checker final : public Witness {
public:
    Checker(World& world, const Venue& venue) : world_(world), venue_(venue) {}

    // Two machines that hear each other for longer than this have made up for what they missed.
    static constexpr Duration settled_within = std::chrono::seconds{8};
    // From then on each knows what is durable at the other after so long: admissions, refunds, reissues, revocations.
    // A frame takes 3 ms at most here, a flush 4 ms.
    static constexpr Duration visible_within = std::chrono::milliseconds{250};
    // Told after every event: do they hear each other now, without trouble? `tampered`: somebody alters frames.
    void hearing(NodeId a, NodeId b, bool well, bool tampered);
    // Likewise: does `self` take itself for connected to `other`?
    void connected(NodeId self, NodeId other, bool is);

    // Likewise: does it run, on a disk that is neither slow nor full?
    void in_order(NodeId node, bool is);
    // Likewise: is this turnstile there?
    void barrier(NodeId node, const DeviceName& turnstile, bool works);

    void appended(const std::shared_ptr<const ledger::Record>& record) override;
    void synced(const std::shared_ptr<const ledger::Record>& record) override;
    void told(NodeId node, const edge::Reply& reply) override;
    void barrier_opened(NodeId node, const DeviceName& turnstile) override;
    void printed(NodeId node, const RecordRef& job) override;
    void receipted(const Receipt& receipt) override;
    void reopened(NodeId machine, ledger::LedgerReader& reader) override;
    void database_lost(NodeId node) override;
    void resynced(NodeId machine, const sync::ReportResync& report) override;
    void fork_seen(NodeId machine, JournalId journal) override;

    // Now: what this machine's tables say follows from the records that it holds.
    void compare_tables(NodeId machine, ledger::LedgerReader& reader);
    // At the end: this machine holds exactly what all nodes wrote, and its projections follow from it.
    void settle(NodeId machine, ledger::LedgerReader& reader);
    [[nodiscard]] Seq head_of(JournalId journal) const;
    [[nodiscard]] std::vector<JournalId> journals() const;
    // Of an epoch whose database its owner has lost.
    [[nodiscard]] bool is_former(JournalId journal) const { return former_.contains(journal); }
    [[nodiscard]] const RecordSet& records() const { return records_; }
    [[nodiscard]] std::size_t doubles() const { return doubles_.size(); }
    // How often a machine's tables were compared with the reference.
    [[nodiscard]] std::uint64_t comparisons() const { return comparisons_; }
    [[nodiscard]] std::uint64_t admissions() const { return admissions_; }
    // Refusals of tickets that somebody bought, each of which had its ground.
    [[nodiscard]] std::uint64_t refusals() const { return refusals_; }

private:
    struct Act {
        RecordRef ref;
        Instant at;
        std::uint32_t persons = 0;
        std::uint32_t released = 0;
    };
    struct Ticket {
        std::uint32_t right = 0;
        std::optional<TicketPayload> payload;
        std::optional<Act> order;  // that imported it
        std::map<RecordRef, Act> uses;
        std::map<RecordRef, Act> refunds;
        std::map<RecordRef, Act> reissues;
        std::map<RecordRef, Act> revocations;
    };
    struct Contact {
        bool is = false;
        Instant since;
    };
    using History = std::vector<Hash>;
    using CodeDigest = decltype(Verdict::code);
    struct Mode {
        RecordRef ref;
        LaneMode mode{};
        Instant since;  // durable
        std::optional<Instant> told;
    };
    struct Barrier {
        bool works = false;
        Instant since;
    };

    void take(const ledger::Record& record);
    void check_client(const Header& header, const Body& body);
    void check_copy(NodeId machine, ledger::LedgerReader& reader);
    void check_kept(NodeId node, ledger::LedgerReader& reader);
    void note(const Header& header, const Sale& sale);
    void note(const Header& header, const Refund& refund);
    void note(const Header& header, const Reissue& reissue);
    void note(const Header& header, const TicketRevoked& revoked);
    void note(const Header& header, const Verdict& verdict);
    void note(const Header& header, const Passage& passage);
    void note(const Header& header, const LeaseGranted& grant);
    void note(const Header& header, const LeaseReceived& lease);
    void note(const Header& header, const OrderImported& order);
    void note(const Header& header, const ShiftClosed& closed);
    void note(const Header& header, const CashMoved& moved);
    void note(const Header& header, const ShiftOpened& shift);
    void note(const Header& header, const LaneModeSet& set);
    void note(const Header& header, const EmergencySet& set);
    void note(const Header&, const auto&) {}
    TicketId add_ticket(const Bytes& octets);
    // Fails when `header` should have known one of `acts` and was written all the same.
    void check_unseen(const std::map<RecordRef, Act>& acts, const Header& header, const char* what,
                      const TicketId& ticket);
    // Persons that `node`, deciding at `when`, must have known to be admitted.
    [[nodiscard]] std::uint32_t held_within_sight(const Ticket& ticket, NodeId node, Instant when) const;
    void check_isolation(const Header& header, const Verdict& verdict);
    // Nobody who holds a good ticket is turned away: every reason has its ground.
    void check_refusal(const Header& header, const Verdict& verdict);
    [[nodiscard]] bool has_ground(const Header& header, const Verdict& verdict, const Ticket& ticket) const;
    [[nodiscard]] bool had_met_central(NodeId node, Instant when) const;
    [[nodiscard]] bool lane_is_closed(const Header& header, const Verdict& verdict,
                                      const std::optional<DeviceName>& turnstile) const;
    void mode_told(const RecordRef& ref);
    [[nodiscard]] bool is_used_up(const Ticket& ticket) const;
    [[nodiscard]] bool is_out_of_time(const Header& header, Reason reason, const TicketPayload& payload) const;
    void check_unrecorded(NodeId node, const edge::ScanReply& reply);
    // What guests are handed.
    void know_code(std::string_view code, const TicketId& ticket);
    // For so long that its desk was told.
    [[nodiscard]] bool has_been(bool connected, NodeId self, NodeId other, Instant when) const;
    [[nodiscard]] bool is_synced(const RecordRef& ref) const;
    // Must `node`, deciding at `when`, have known what happened at `act`?
    [[nodiscard]] bool was_visible(const Act& act, NodeId node, Instant when) const;
    [[nodiscard]] Instant decided(const RecordRef& ref) const;
    // Have these two heard each other without trouble since long enough?
    [[nodiscard]] static bool settled(const std::map<std::pair<NodeId, NodeId>, Instant>& since, NodeId a, NodeId b,
                                      Instant when);
    // Did `node` once know it, lose it with its database, and may not have it back yet?
    [[nodiscard]] bool may_miss(const RecordRef& ref, Instant at, NodeId node, Instant when) const;

    World& world_;
    const Venue& venue_;
    std::map<JournalId, History> histories_;
    RecordSet records_;
    std::map<std::string, RecordRef> clients_;
    std::map<RecordRef, Instant> decided_;
    std::map<std::pair<NodeId, NodeId>, Instant> well_since_;
    std::map<std::pair<NodeId, NodeId>, Instant> untampered_since_;
    std::map<std::pair<NodeId, NodeId>, Contact> contacts_;
    std::map<NodeId, Instant> introduced_;  // since then they have met central, and know who else is enrolled
    std::map<NodeId, Contact> in_order_;
    std::map<NodeId, Instant> unrecorded_;  // first refusal for want of storage since then
    std::map<CodeDigest, TicketId> codes_;
    std::map<std::pair<NodeId, LaneName>, Mode> modes_;
    std::map<NodeId, bool> emergencies_;
    std::map<std::pair<NodeId, DeviceName>, Barrier> barriers_;
    std::map<TicketId, Ticket> tickets_;
    std::map<RecordRef, TicketId> verdicts_;
    std::map<std::pair<NodeId, DeviceName>, std::int64_t> may_open_;
    std::map<SessionId, std::uint64_t> granted_;
    std::map<std::pair<NodeId, SessionId>, std::int64_t> units_;
    std::set<RecordRef> grants_received_;
    std::map<RecordRef, std::int64_t> cash_;
    std::map<RecordRef, int> prints_;
    std::map<JournalId, std::pair<Seq, Hash>> receipts_;
    std::set<TicketId> doubles_;
    std::set<JournalId> former_;
    std::map<NodeId, Instant> lost_at_;
    std::uint64_t comparisons_ = 0;
    std::uint64_t admissions_ = 0;
    std::uint64_t refusals_ = 0;
};

}  // namespace gatehouse::sim
