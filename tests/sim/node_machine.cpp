#include "tests/sim/node_machine.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"
#include "tests/sim/node_process.hpp"

namespace gatehouse::sim {

using std::chrono::microseconds;

NodeMachine::NodeMachine(World& world, Network& network, const Venue& venue, NodeId id, Mutant mutant, Witness& witness)
    : world_(world), network_(network), venue_(venue), mutant_(mutant), witness_(witness), machine_(world, venue, id) {
    if (mutant == Mutant::lying_disk_retry) machine_.disk.forgive_failed_flushes(true);
}

NodeMachine::~NodeMachine() = default;

edge::Desk& NodeMachine::desk() { return process_->desk; }
ledger::LedgerReader& NodeMachine::reader() { return process_->reader; }
edge::Journal& NodeMachine::journal() { return process_->pump.journal(); }
const LinkPump& NodeMachine::links() const { return process_->links; }

void NodeMachine::boot(bool battery) {
    machine_.clock.boot(battery);
    start();
}

edge::DeskOptions NodeMachine::desk_options(JournalId journal) const {
    edge::DeskOptions options;
    options.venue = venue_.id;
    options.venue_name = "Sim";
    options.node_name = plan().name;
    options.journal = journal;
    options.key = plan().key;
    options.authority = venue_.authority_key;
    options.calendar = *VenueCalendar::make(venue_.settings.time_zone, venue_.settings.cutover);
    options.built = WallTime{venue_.opened.value - 86'400'000};
    options.software = "sim";
    options.checks_apart = true;
    options.lanes = plan().lanes;
    options.windows = plan().windows;
    if (mutant_ == Mutant::refuse_all) options.authority = plan().key->public_key();
    if (mutant_ == Mutant::refuse_at_lane && !options.lanes.empty()) options.lanes.back().zone = ZoneId{"stage"};
    return options;
}

edge::JournalEvents NodeMachine::journal_events() {
    edge::JournalEvents events;
    events.own_synced = [this](Seq up_to) { step(edge::RecordsSynced{up_to}); };
    events.own_failed = [this](const Error& error, const edge::OwnHead& head) {
        world_.trace(fmt::format("{} append failed: {}", id().value, error.detail));
        process_->unsynced.clear();
        closing_records(head);
        step(edge::AppendFailed{error.detail, head.seq, head.hash});
    };
    events.foreign_stored = [this](const edge::ForeignResult& result) { batch_stored(result); };
    events.head_signed = [this](const SignedHead& head) {
        process_->signed_head = head;
        grown(head.journal);
    };
    events.storage_changed = [this](const edge::StorageState& state, const edge::OwnHead& head) {
        step(edge::StorageChanged{state.open, state.room_for_sales, head.seq, head.hash});
    };
    events.stopped = [this](const Error&) { end_process(Death::disk_failed); };
    return events;
}

Result<std::unique_ptr<NodeMachine::Process>> NodeMachine::open_process() {
    edge::JournalOptions options;
    options.ledger.database.vfs = machine_.disk.vfs_name();
    options.ledger.database.exclusive = true;
    options.ledger.database.cache_kib = 512;
    if (mutant_ == Mutant::sync_normal) options.ledger.database.synchronous = ledger::Synchronous::normal;
    options.ledger.venue = venue_.settings;
    options.node = id();
    options.files = false;
    options.take_ballast = [this] { return !machine_.disk.is_limited(); };
    options.checkpoint_pages = 60;
    options.forced_checkpoint_pages = 200;
    auto journal = edge::Journal::open("/node", options);
    if (!journal) return journal.error();
    const auto own = journal->own_head();
    const JournalId writing =
        own.journal.epoch == Epoch{0} ? JournalId{id(), Epoch{last_epoch_.value + 1}} : own.journal;
    JournalPumpOptions pump{mutant_, [this] { return machine_.speed.flush_time(); },
                            [this](Seq up_to) { committed(up_to); }, [this] { died_in_commit(); },
                            [this](const Receipt& receipt) {
                                grown(receipt.journal);
                                if (receipt.journal.node == id()) step(edge::ReceiptReceived{receipt.seq});
                            }};
    return std::make_unique<Process>(world_, network_, venue_, machine_, std::move(*journal), std::move(pump),
                                     journal_events(), link_handlers(), desk_options(writing), writing,
                                     [this] { step(edge::Ticked{}); });
}

void NodeMachine::start() {
    if (std::exchange(database_lost_, false)) machine_.disk.put_back({});
    const auto failed_before = machine_.disk.failed_flushes();
    auto opened = open_process();
    if (!opened) {
        if (machine_.disk.dead()) return died_in_commit();
        // The supervisor tries again.
        if (machine_.disk.is_limited() || machine_.disk.failed_flushes() > failed_before)
            return end_process(Death::disk_failed);
        return world_.fail(fmt::format("node {} does not start: {}", id().value, opened.error().detail));
    }
    process_ = std::move(*opened);
    ++incarnation_;
    world_.trace(fmt::format("{} up", id().value));
    witness_.reopened(id(), process_->reader);
    const auto own = journal().own_head();
    process_->witnessed = own.seq;
    process_->signed_head = own.seq == Seq{0} ? std::nullopt : journal().sign_head(*plan().key);
    if (latch_) step(edge::LatchFound{*latch_});
    edge::JournalOpened opened_event{own.seq, own.hash, journal().report().clean, std::nullopt};
    if (own.journal.epoch == Epoch{0}) {
        opened_event.hash = genesis_hash(venue_.id, process_->writing);
        opened_event.opening = EpochOpened{plan().certificate, last_epoch_, Seq{0}, {}, "sim"};
    } else {
        last_epoch_ = own.journal.epoch;
    }
    step(opened_event);
    if (machine_.clock.kernel_synced()) step(edge::TrustedTimeLearned{0});
    for (const auto& lane : plan().lanes)
        if (lane.turnstile) step(edge::TurnstileReported{*lane.turnstile, drivers::ReportOnline{}});
    auto held = held_journals(process_->reader);
    for (auto& journal : held)
        if (journal.id == process_->writing) journal.head = process_->signed_head;
    process_->links.grown(held);
    process_->links.revoked(revocations(process_->reader));
    process_->links.start();
}

void NodeMachine::ask(const edge::Actor& actor, edge::Command command, Answered answered) {
    if (!process_) {
        world_.after(microseconds{300}, [answered] { answered(std::nullopt); });
        return;
    }
    if (mutant_ == Mutant::dedupe_off && incarnation_ > 1)
        std::visit(
            [&](auto& one) {
                if constexpr (requires { ClientId{one.id}; }) one.id.value += "." + std::to_string(incarnation_);
            },
            command);
    const edge::CommandToken token{++tokens_};
    process_->clients.emplace(token, std::move(answered));
    step(edge::CommandReceived{token, actor, std::move(command)});
}

void NodeMachine::tell(const edge::Event& event) {
    if (process_) step(event);
}

void NodeMachine::discipline_clock() {
    machine_.clock.discipline();
    tell(edge::TrustedTimeLearned{0});
}

bool NodeMachine::resync_to(NodeId peer) {
    if (!process_) return false;
    // What the other end has said it holds: every record of it must come out as a duplicate.
    const Seq held = process_->links.copied_to(peer, process_->writing);
    return held > Seq{0} && process_->links.ask_resync(peer, process_->writing, Seq{1}, held);
}

void NodeMachine::step(const edge::Event& event) {
    Process& process = *process_;
    const auto effects = process.desk.step(event, machine_.clock.read());
    for (const auto& effect : effects) {
        if (!process.life.goes_on()) return;
        carry_out(effect);
    }
    process.bell.set(process.desk.deadline());
}

void NodeMachine::carry_out(const edge::Effect& effect) {
    std::visit(
        Match{[&](const edge::AppendRecord& order) { append(order.record); },
              [&](const edge::AppendForeign& order) {
                  auto batch = process_->foreign.find(order.batch);
                  check(batch != process_->foreign.end(), "a batch is appended once, after it was received");
                  process_->pump.store({order.batch, batch->second.records, batch->second.head}, order.live);
              },
              [&](const edge::Answer& order) { answer(order); },
              [&](const edge::CheckPin& order) {
                  world_.after(std::chrono::milliseconds{40}, process_->life.while_it_lasts([this, order] {
                      step(edge::PinChecked{order.token, !order.pin_hash.empty()});
                  }));
              },
              [&](const edge::CheckSignature& order) {
                  const auto signs = [&](const PublicKey& key) { return verify_ticket(key, venue_.id, *order.code); };
                  const edge::SignatureChecked outcome{order.check, std::ranges::any_of(order.keys, signs)};
                  world_.after(microseconds{60}, process_->life.while_it_lasts([this, outcome] { step(outcome); }));
              },
              [&](const edge::OpenBarrier& order) {
                  witness_.barrier_opened(id(), order.turnstile);
                  devices_.open(order.turnstile, order.direction, order.id);
              },
              [&](const edge::HoldOpen& order) {
                  devices_.hold(order.turnstile, order.direction != Direction::exit,
                                order.direction != Direction::entry);
              },
              [&](const edge::ReleaseBarrier& order) { devices_.hold(order.turnstile, false, false); },
              [&](const edge::ShowVerdict& order) {
                  witness_.told(id(), order.reply);
                  devices_.show(order.lane, order.reply);
              },
              [&](const edge::PrintTickets& order) {
                  witness_.printed(id(), order.job);
                  devices_.print(order.printer, order.job, order.papers.size());
              },
              [&](const edge::StoreLatch& order) { latch_ = order.open; },
              [&](const edge::ForgetLatch&) {
                  if (latch_ == false) latch_.reset();
              },
              [&](const edge::PublishRecord&) {}, [&](const edge::PublishLane&) {}, [&](const edge::StandReady&) {},
              [&](const edge::ShowTicket&) {}, [&](const edge::OpenDrawer&) {}, [&](const edge::InstructDevice&) {},
              [&](const edge::StartResync& order) {
                  process_->links.ask_resync(central_node, order.journal, order.from, order.to);
              }},
        effect);
}

// What the journal itself appended when it ran out of room.
void NodeMachine::closing_records(const edge::OwnHead& head) {
    for (Seq next{process_->witnessed.value + 1}; next <= head.seq; ++next.value) {
        auto record = process_->reader.record({id(), head.journal.epoch, next});
        if (!record) return;
        witness_.synced(std::make_shared<const ledger::Record>(std::move(*record)));
        process_->witnessed = next;
    }
}

// From here on it counts: readers see it, and a repeated command is answered from it.
void NodeMachine::committed(Seq up_to) {
    last_epoch_ = process_->writing.epoch;
    auto& waiting = process_->unsynced;
    while (!waiting.empty() && waiting.front()->header.seq <= up_to) {
        witness_.synced(waiting.front());
        process_->witnessed = waiting.front()->header.seq;
        waiting.pop_front();
    }
    if (!std::exchange(dies_before_answer_, false)) return;
    world_.after({}, process_->life.while_it_lasts([this] {
        world_.faults.fired(Fault::killed_before_answer);
        end_process(Death::killed);
    }));
}

void NodeMachine::append(const std::shared_ptr<const ledger::Record>& record) {
    world_.trace(fmt::format("{} {} {}", id().value, to_string(record->header.kind), to_string(record->ref())));
    witness_.appended(record);
    process_->unsynced.push_back(record);
    process_->pump.append(record);
    const auto* verdict = std::get_if<Verdict>(&record->body);
    if (mutant_ != Mutant::open_early || verdict == nullptr || verdict->decision != Decision::admit) return;
    for (const auto& lane : plan().lanes)
        if (lane.name == verdict->lane && lane.turnstile) witness_.barrier_opened(id(), *lane.turnstile);
}

void NodeMachine::answer(const edge::Answer& answer) {
    auto client = process_->clients.extract(answer.token);
    check(!client.empty(), "a command is answered once");
    if (answer.reply) witness_.told(id(), *answer.reply);
    world_.after(microseconds{200}, [answered = std::move(client.mapped()), reply = answer.reply] { answered(reply); });
}

}  // namespace gatehouse::sim
