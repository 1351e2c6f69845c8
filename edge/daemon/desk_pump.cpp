#include "edge/daemon/desk_pump.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <thread>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/log.hpp"
#include "sync/link/thread_urgency.hpp"

namespace gatehouse::edge {

namespace {

// What the desk's reader reads before there is a journal: an empty database in memory.
ledger::Database no_database() {
    auto database = ledger::Database::open(":memory:", {});
    check(database.has_value(), "a database in memory opens");
    return std::move(*database);
}

}  // namespace

DeskPump::DeskPump(boost::asio::io_context& io, DeskOptions options, const Settings& settings, const Pepper& pepper,
                   DeskOutlets outlets)
    : io_(io),
      timer_(io),
      venue_(options.venue),
      own_(options.journal),
      latch_(settings.data_dir),
      pepper_(pepper),
      outlets_(std::move(outlets)),
      nothing_(no_database()),
      reader_(nothing_),
      desk_(std::make_unique<Desk>(timed(std::move(options)), reader_)),
      checks_(
          venue_, [this](std::function<void()> run) { later(std::move(run)); },
          [this](const SignatureChecked& outcome, Instant asked) { signature_checked(outcome, asked); }) {
    const auto latch = latch_.found();
    const bool latched = latch.value_or(false);
    Devices::Handler handler;
    handler.reported = [this](Event event) { feed(std::move(event)); };
    handler.shown = [this](DeviceView view) { outlets_.board(std::move(view)); };
    devices_ = std::make_unique<Devices>(io, settings, pepper_, latched, std::move(handler));
    if (latched) log::warning("the emergency latch is set: every lane is held open until an operator closes it");
    if (latch) feed(LatchFound{*latch});
    feed(Ticked{});
}

DeskOptions DeskPump::timed(DeskOptions options) {
    options.passed = [this](ScanStage stage) { timing_.passed(stage, boot_now()); };
    return options;
}

DeskPump::~DeskPump() {
    end_journal();
    for (auto& [token, asked] : asked_)
        asked.answered(fail(ErrorCode::unavailable, "the node is starting or stopping"));
}

// On the deciding thread, behind what waits there; from any thread.
void DeskPump::later(std::function<void()> run) {
    boost::asio::post(io_, [alive = std::weak_ptr{alive_}, run = std::move(run)] {
        if (!alive.expired()) run();
    });
}

void DeskPump::feed(Event event) {
    waiting_.push_back(std::move(event));
    drain();
}

void DeskPump::drain() {
    if (draining_) return;
    draining_ = true;
    while (!waiting_.empty()) {
        const Event event = std::move(waiting_.front());
        waiting_.pop_front();
        Effects effects = step(event);
        for (Effect& effect : effects) carry_out(effect);
        look_at_reader();
    }
    draining_ = false;
    arm_timer();
    if (stopping_) {
        const DeskStatus now = status();
        if (now.synced == now.head) {
            stopping_ = false;
            outlets_.closing_synced(now.head);
        }
    }
}

// A failed read stays with its connection: the desk answers storage_unavailable from then on. A restart mends what can
// be mended.
void DeskPump::look_at_reader() { read_failed(reader_.fault()); }

void DeskPump::read_failed(ledger::Fault fault) {
    if (fault == ledger::Fault::none || distrusted_ || !journal_) return;
    distrusted_ = true;
    journal_->distrust("a read failed: " + std::string{ledger::to_string(fault)});
}

Effects DeskPump::step(const Event& event) {
    const auto* scan = std::get_if<ScanRead>(&event);
    const bool foreseen = std::holds_alternative<ScanForeseen>(event);
    const bool checked = std::holds_alternative<SignatureChecked>(event);
    if (scan == nullptr && !foreseen && !checked) return desk_->step(event, clock_.read());
    const Clock now = clock_.read();
    timing_.entered(foreseen, scan != nullptr ? scan->read_at : Instant{}, now.now);
    Effects effects = desk_->step(event, now);
    timing_.left(boot_now());
    if (scan != nullptr) stand_ready();
    return effects;
}

DeskStatus DeskPump::status() const {
    auto status = desk_->status(clock_.read());
    status.stages = timing_.times();
    return status;
}

void DeskPump::stand_ready() {
    static const bool alone = std::thread::hardware_concurrency() < 2;  // asks the system each time
    if (alone) return;
    constexpr auto moment = std::chrono::milliseconds{2};
    ready_until_ = boot_now() + moment;
    if (journal_) journal_->stand_ready();
}

void DeskPump::arm_timer() {
    const auto deadline = desk_->deadline();
    if (deadline == armed_for_) return;
    armed_for_ = deadline;
    timer_.cancel();
    if (!deadline) return;
    const auto left = std::max(Duration::zero(), *deadline - boot_now());
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(left));
    timer_.async_wait([this, alive = std::weak_ptr{alive_}](const boost::system::error_code& cancelled) {
        if (cancelled || alive.expired()) return;
        armed_for_.reset();
        feed(Ticked{});
    });
}

void DeskPump::carry_out(Effect& effect) {
    std::visit(Match{[&](AppendRecord& append) {
                         if (journal_) journal_->append(std::move(append.record));
                     },
                     [&](AppendForeign& append) { append_foreign(append); },
                     [&](Answer& answer) {
                         auto asked = asked_.extract(answer.token.value);
                         if (!asked.empty()) asked.mapped().answered(std::move(answer.reply));
                     },
                     [&](CheckPin& check) { check_pin(check); },
                     [&](CheckSignature& check) {
                         checks_.add(std::move(check), boot_now());
                         check_when_idle();
                     },
                     [&](OpenBarrier& open) {
                         const Instant from = boot_now();
                         devices_->open(open);
                         timing_.wrote(from, boot_now());
                         ready_until_ = {};
                     },
                     [&](const InstructDevice& order) { instruct(order); }, [&](const StandReady&) { stand_ready(); },
                     [&](HoldOpen& hold) { devices_->hold_open(hold); },
                     [&](ReleaseBarrier& release) { devices_->release(release); },
                     [&](ShowVerdict& show) {
                         devices_->show(show);
                         outlets_.publish(std::move(show));
                     },
                     [&](ShowTicket& show) { outlets_.publish(std::move(show)); },
                     [&](PrintTickets& print) { devices_->print(print); },
                     [&](const OpenDrawer& open) { devices_->open_drawer(open); },
                     [&](StoreLatch& store) {
                         log::warning("emergency {}", store.open ? "open: all lanes" : "ended");
                         outlets_.board(EmergencyView{store.open, ""});
                         change_latch([open = store.open](const Latch& latch) { return latch.store(open); });
                     },
                     [&](const ForgetLatch&) { change_latch(&Latch::forget); },
                     [&](PublishRecord& publish) { outlets_.publish(std::move(publish)); },
                     [&](PublishLane& publish) { outlets_.publish(std::move(publish)); },
                     [&](StartResync& start) { outlets_.resync(std::move(start)); }},
               effect);
}

// Not on the deciding thread: a disk that stalls must not keep a lane shut that is still to be opened.
void DeskPump::change_latch(std::function<Result<void>(const Latch&)> change) {
    boost::asio::post(latch_thread_, [this, change = std::move(change)] {
        if (const auto changed = change(latch_); !changed)
            log::error("the emergency latch could not be changed: {}", changed.error().detail);
    });
}

void DeskPump::command(Actor actor, Command command, std::string pin, Answered answered) {
    const std::uint64_t token = next_token_++;
    asked_[token] = {std::move(answered), std::move(pin)};
    feed(CommandReceived{CommandToken{token}, std::move(actor), std::move(command)});
}

void DeskPump::instruct(const InstructDevice& effect) {
    devices_->obey(effect, [this, token = effect.token](Result<DeviceReply> said) {
        auto asked = asked_.extract(token.value);
        if (asked.empty()) return;
        asked.mapped().answered(said ? Result<Reply>{Reply{std::move(*said)}} : Result<Reply>{said.error()});
    });
}

void DeskPump::check_pin(const CheckPin& effect) {
    const auto asked = asked_.find(effect.token.value);
    if (asked == asked_.end()) return;
    boost::asio::post(pin_thread_, [this, token = effect.token, hash = effect.pin_hash,
                                    pin = std::exchange(asked->second.pin, {})]() mutable {
        const bool matched = verify_pin(pepper_, pin, hash);
        std::fill(pin.begin(), pin.end(), '\0');
        later([this, token, matched] { feed(PinChecked{token, matched}); });
    });
}

// Behind whatever is ready by now.
void DeskPump::check_when_idle() {
    if (std::exchange(check_posted_, true)) return;
    later([this] {
        check_posted_ = false;
        const auto done = checks_.check_one();
        if (!done) return;
        check_when_idle();
        signature_checked(done->first, done->second);
    });
}

void DeskPump::signature_checked(const SignatureChecked& outcome, Instant asked) {
    timing_.checked(boot_now() - asked);
    feed(outcome);
}

void DeskPump::append_foreign(const AppendForeign& effect) {
    auto batch = batches_.extract(effect.batch);
    if (batch.empty()) return;
    if (!journal_) {
        outlets_.foreign_stored(effect.batch, std::nullopt);
        later([this, token = effect.batch] { feed(ForeignRecordsStored{token}); });
        return;
    }
    journal_->store(ForeignBatch{effect.batch, std::move(batch.mapped().records), batch.mapped().head}, effect.live);
}

void DeskPump::foreign_received(std::uint64_t batch, std::shared_ptr<const std::vector<ledger::Record>> records,
                                SignedHead head, bool live) {
    batches_[batch] = {records, head};
    feed(ForeignRecordsReceived{batch, std::move(records), live});
}

void DeskPump::store_receipt(const Receipt& receipt, bool own) {
    if (journal_) journal_->store(receipt);
    if (own) feed(ReceiptReceived{receipt.seq});
}

void DeskPump::note_announced(const SignedHead& head) {
    if (journal_) journal_->note_announced(head);
}

JournalEvents DeskPump::journal_events() {
    JournalEvents events;
    events.committed = [this](const CommitTiming& timing) { timing_.committed(timing, boot_now()); };
    events.own_synced = [this](Seq up_to) { feed(RecordsSynced{up_to}); };
    events.own_failed = [this](const Error& error, const OwnHead& head) {
        log::error("nothing can be recorded: {}", error.detail);
        feed(AppendFailed{error.detail, head.seq, head.hash});
    };
    events.foreign_stored = [this](const ForeignResult& result) {
        feed(ForeignRecordsStored{result.token});
        outlets_.foreign_stored(result.token, result);
    };
    events.head_signed = [this](const SignedHead& head) { outlets_.head_signed(head); };
    events.storage_changed = [this](const StorageState& state, const OwnHead& head) {
        const auto was = std::exchange(storage_, state);
        outlets_.board(state);
        if (was.open == state.open && was.room_for_sales == state.room_for_sales) return;
        if (was.room_for_sales && !state.room_for_sales)
            log::warning("the disk is nearly full: no more sales until room is made");
        if (!was.room_for_sales && state.room_for_sales) log::info("the disk has room again");
        feed(StorageChanged{state.open, state.room_for_sales, head.seq, head.hash});
    };
    events.thread_began = [] { describe_thread("journal", Urgency::live); };
    events.stopped = [this](const Error& error) { outlets_.storage_stopped(error); };
    return events;
}

void DeskPump::journal_opened(Journal journal, ledger::LedgerReader reader, const SigningKey& key,
                              std::optional<EpochOpened> opening) {
    const OwnHead head = journal.own_head();
    const bool clean = journal.report().clean;
    own_.epoch = head.epoch();
    storage_ = journal.storage();
    reader_ = std::move(reader);
    journal_ = std::make_unique<JournalThread>(
        std::move(journal), key, [this](std::function<void()> run) { later(std::move(run)); }, journal_events());
    outlets_.board(storage_);
    const Hash hash = head.seq.value == 0 ? genesis_hash(venue_, own_) : head.hash;
    feed(JournalOpened{head.seq, hash, clean, std::move(opening), own_.epoch});
    if (!storage_.room_for_sales) feed(StorageChanged{storage_.open, storage_.room_for_sales, head.seq, hash});
}

void DeskPump::stop() {
    stopping_ = true;
    feed(StopOrdered{});
}

void DeskPump::end_journal() {
    devices_.reset();
    if (journal_) journal_->stop();
    journal_.reset();
    pin_thread_.join();
    latch_thread_.join();  // with all that it was told
}

}  // namespace gatehouse::edge
