// A desk on a real ledger in memory, with a journal that syncs when the test says so, and a central that speaks
// through records. Used by the tests of the desk.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/desk/desk.hpp"
#include "schemas/crypto/certificate.hpp"
#include "schemas/ticket/ticket_code.hpp"
#include "sync/ledger/reader.hpp"
#include "tests/support/crash_vfs.hpp"
#include "tests/support/result_printing.hpp"

namespace gatehouse::test {

constexpr VenueId rig_venue{7, 7, 7};
constexpr WallTime rig_noon{20'000LL * 86'400'000 + 12 * 3'600'000LL};

[[nodiscard]] Catalogue rig_catalogue();
[[nodiscard]] SigningKey rig_authority();
[[nodiscard]] SigningKey rig_key(std::uint16_t node);
[[nodiscard]] Bytes rig_certificate(std::uint16_t node, const std::string& name);

// One line for the rig's first window.
[[nodiscard]] edge::Sell sale_of(const char* id, const char* product, std::uint32_t quantity,
                                 std::vector<edge::SellTender> tenders);
inline const std::vector<edge::SellTender> much_cash{{TenderKind::cash, Minor{1'000'000}, {}}};

class DeskRig {
public:
    explicit DeskRig(std::uint16_t node = 7);
    DeskRig(std::uint16_t node, Epoch epoch);

    // Feeds one event; records wait in `pending`, everything else is kept in `seen`.
    edge::Effects step(const edge::Event& event);
    edge::Effects sync();              // one group commit of all that waits
    void settle();                     // syncs until nothing waits
    void fail_append();                // what waits is lost
    void restart(bool clean = false);  // the process died: what was not synced is gone

    // Runs a command to its end and gives its answer.
    Result<edge::Reply> ask(const std::string& who, edge::Command command);
    template <class R>
    R must(const std::string& who, edge::Command command) {
        auto reply = ask(who, std::move(command));
        if (!reply) FAIL(std::string{to_string(reply.error().code)} << ": " << reply.error().detail);
        return std::get<R>(*reply);
    }
    ErrorCode refused(const std::string& who, edge::Command command) {
        auto reply = ask(who, std::move(command));
        REQUIRE(!reply);
        return reply.error().code;
    }
    // Central writes a record, and it comes here.
    RecordRef central(Body body);
    RecordRef central(Body body, ByteView extension);
    // Another node does.
    RecordRef other(std::uint16_t node, Body body, ByteView extension = {});
    // A batch of another journal comes here.
    void receive(std::vector<ledger::Record> records);
    void store_foreign();  // the journal thread is done with everything received

    [[nodiscard]] edge::ScanReply scan(const std::string& lane, const std::string& code,
                                       std::optional<std::uint16_t> persons = std::nullopt);
    [[nodiscard]] edge::SaleReply sell(const std::string& product, std::uint32_t quantity = 1);
    void open_shift(const std::string& who = "clerk1");

    // How many effects of a kind were seen since the last call.
    template <class E>
    std::vector<E> take() {
        std::vector<E> out;
        std::erase_if(seen, [&](const edge::Effect& effect) {
            if (const auto* e = std::get_if<E>(&effect)) {
                out.push_back(*e);
                return true;
            }
            return false;
        });
        return out;
    }
    [[nodiscard]] std::vector<ledger::Record> journal();  // the own journal as stored
    template <class B>
    std::vector<B> stored() {
        std::vector<B> out;
        for (const auto& record : journal())
            if (const auto* body = std::get_if<B>(&record.body)) out.push_back(*body);
        return out;
    }

    edge::DeskOptions options;
    CrashDisk disk;
    std::optional<ledger::Ledger> ledger;
    std::optional<ledger::LedgerReader> reader;
    std::optional<edge::Desk> desk;
    std::optional<bool> latch;  // the file beside the journal, as a restart finds it
    Clock clock{Instant{std::chrono::seconds(1000)}, rig_noon, BootId{1}, ClockQuality::synced};
    std::vector<std::shared_ptr<const ledger::Record>> pending;
    edge::Effects seen;
    std::vector<edge::Answer> answers;
    std::uint64_t next_token = 1;
    std::uint64_t next_id = 1;

private:
    void open_ledger();
    void start(bool clean);
    RecordRef receive(JournalId journal, Body body, ByteView extension = {});
    std::vector<std::pair<std::uint64_t, std::shared_ptr<const std::vector<ledger::Record>>>> foreign_;
    std::map<JournalId, std::pair<Seq, Hash>> foreign_heads_;
    std::uint64_t next_batch_ = 1;
};

}  // namespace gatehouse::test
