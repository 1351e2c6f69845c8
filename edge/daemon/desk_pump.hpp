// The loop of the deciding thread: events go to the desk one at a time, its effects are carried out in order. Decides
// nothing. Everything here runs on the deciding thread's io_context.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "edge/api/published.hpp"
#include "edge/daemon/devices.hpp"
#include "edge/daemon/latch.hpp"
#include "edge/daemon/machine_clock.hpp"
#include "edge/daemon/scan_timing.hpp"
#include "edge/daemon/signature_checks.hpp"
#include "edge/desk/desk.hpp"
#include "edge/journal/journal_thread.hpp"
#include "schemas/crypto/pin.hpp"
#include "sync/ledger/reader.hpp"

namespace gatehouse::edge {

using Answered = std::function<void(Result<Reply>)>;

// What leaves the deciding thread. Called there; each posts to where it belongs. None may be empty.
struct DeskOutlets {
    std::function<void(Published)> publish;
    std::function<void(BoardPart)> board;
    std::function<void(StartResync)> resync;
    std::function<void(std::uint64_t batch, std::optional<ForeignResult>)> foreign_stored;  // nothing: no journal
    std::function<void(SignedHead)> head_signed;
    std::function<void(Error)> storage_stopped;    // the disk failed: end with 74
    std::function<void(Seq head)> closing_synced;  // after StopOrdered: everything decided is on disk, up to `head`
};

class DeskPump {
public:
    DeskPump(boost::asio::io_context& io, DeskOptions options, const Settings& settings, const Pepper& pepper,
             DeskOutlets outlets);
    // On the deciding thread. Commands that wait for their answer get `unavailable`; nothing that this had posted runs.
    ~DeskPump();

    void feed(Event event);
    // A command of a person or program; `pin` with Login only. `answered` is called on the deciding thread, once.
    void command(Actor actor, Command command, std::string pin, Answered answered);

    // The journal was opened; `reader` reads it. Feeds JournalOpened: it may be of another epoch than the options said.
    // The key outlives this.
    void journal_opened(Journal journal, ledger::LedgerReader reader, const SigningKey& key,
                        std::optional<EpochOpened> opening);
    // Verified records of another machine: the desk first, then the journal.
    void foreign_received(std::uint64_t batch, std::shared_ptr<const std::vector<ledger::Record>> records,
                          SignedHead head, bool live);
    void store_receipt(const Receipt& receipt, bool own);
    void note_announced(const SignedHead& head);
    // Somebody's read of the open journal failed; again changes nothing.
    void read_failed(ledger::Fault fault);

    [[nodiscard]] DeskStatus status() const;
    // Until then the thread had better look for events than sleep: a scan is under way.
    [[nodiscard]] Instant ready_until() const { return ready_until_; }
    [[nodiscard]] std::vector<Role> roles_of(const OperatorName& name) const { return desk_->roles_of(name); }

    // Shows every device's counters: what was asked for by somebody who looks.
    void show_devices() { devices_->show_all(); }

    // Closing records are written; closing_synced follows. Then end_journal.
    void stop();
    void end_journal();

private:
    struct Batch {
        std::shared_ptr<const std::vector<ledger::Record>> records;
        SignedHead head;
    };
    struct Asked {
        Answered answered;
        std::string pin;
    };

    void later(std::function<void()> run);
    void drain();
    void look_at_reader();
    void stand_ready();
    [[nodiscard]] DeskOptions timed(DeskOptions options);
    [[nodiscard]] Effects step(const Event& event);
    void carry_out(Effect& effect);
    void change_latch(std::function<Result<void>(const Latch&)> change);
    void instruct(const InstructDevice& effect);
    void check_pin(const CheckPin& effect);
    void check_when_idle();
    void signature_checked(const SignatureChecked& outcome, Instant asked);
    void append_foreign(const AppendForeign& effect);
    void arm_timer();
    [[nodiscard]] JournalEvents journal_events();

    boost::asio::io_context& io_;
    // What is posted may come when this is gone.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
    boost::asio::steady_timer timer_;
    VenueId venue_{};
    JournalId own_;
    boost::asio::thread_pool pin_thread_{1};
    boost::asio::thread_pool latch_thread_{1};  // alone changes the latch's file, in the order of the effects
    MachineClock clock_;
    Latch latch_;
    ScanTiming timing_;
    Instant ready_until_{};
    Pepper pepper_;
    DeskOutlets outlets_;
    ledger::Database nothing_;  // what `reader_` reads until the journal is open
    ledger::LedgerReader reader_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<JournalThread> journal_;
    StorageState storage_;  // as the journal told it last
    std::unique_ptr<Devices> devices_;
    SignatureChecks checks_;
    bool check_posted_ = false;
    std::deque<Event> waiting_;
    bool draining_ = false;
    bool stopping_ = false;
    bool distrusted_ = false;  // the journal was told that a read failed
    std::uint64_t next_token_ = 1;
    std::unordered_map<std::uint64_t, Asked> asked_;
    std::map<std::uint64_t, Batch> batches_;
    std::optional<Instant> armed_for_;
};

}  // namespace gatehouse::edge
