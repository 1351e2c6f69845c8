#include "tests/sim/stranger.hpp"

#include "schemas/base/check.hpp"

namespace gatehouse::sim {

using std::chrono::seconds;

namespace {

LinkPumpHandlers deaf() {
    LinkPumpHandlers handlers;
    handlers.load = [](sync::LinkId, const sync::LoadBatch&) {};
    handlers.store = [](sync::LinkId, const sync::StoreBatch&) {};
    handlers.store_receipt = [](const Receipt&) {};
    handlers.copied = [](NodeId, JournalId, Seq) {};
    handlers.fork = [](const SignedHead&) {};
    handlers.own_head = [](JournalId) {};
    handlers.peers_changed = [](const std::vector<NodeId>&) {};
    handlers.resync = [](const sync::ReportResync&) {};
    return handlers;
}

}  // namespace

Stranger::Stranger(World& world, Network& network, const Venue& venue, Witness& witness)
    : world_(world),
      venue_(venue),
      plan_(venue.plan(venue.stranger())),
      witness_(witness),
      chance_(world.chance.fork("stranger")),
      clock_(world),
      links_(world, network, life_, clock_, venue, {plan_.id, Epoch{1}}, {NodeId{0}, NodeId{2}}, [this] {
          auto handlers = deaf();
          handlers.load = [this](sync::LinkId link, const sync::LoadBatch& wanted) {
              world_.after(std::chrono::microseconds{50}, [this, link, wanted] { links_.answer(link, load(wanted)); });
          };
          return handlers;
      }()) {
    clock_.boot(true);
}

void Stranger::start() {
    write(Kind::epoch_opened, encode_body(EpochOpened{plan_.certificate, Epoch{0}, Seq{0}, {}, "9.9"}), {});
    links_.start();
    tell_head();
    world_.after(seconds{5}, [this] { write_something(); });
}

void Stranger::write(Kind kind, Bytes body, Bytes extension) {
    Header header;
    header.kind = kind;
    header.node = plan_.id;
    header.epoch = Epoch{1};
    header.seq = Seq{stored_.size() + 1};
    header.prev = hashes_.empty() ? genesis_hash(venue_.id, {plan_.id, Epoch{1}}) : hashes_.back();
    header.wall = world_.true_wall();
    header.business_date = Date{20'574};
    stored_.push_back(encode_record(header, body, extension));
    hashes_.push_back(record_hash(stored_.back()));
    auto record = ledger::read_record(stored_.back());
    check(record.has_value(), "the stranger's records have good headers");
    witness_.synced(std::make_shared<const ledger::Record>(std::move(*record)));
}

void Stranger::write_something() {
    if (!writing_) return;
    if (chance_.happens(0.5)) {
        world_.faults.fired(Fault::unknown_record);
        write(static_cast<Kind>(60'000 + chance_.below(5)), Bytes(chance_.between(0, 40), 0x5a),
              chance_.happens(0.5) ? Bytes{1, 2, 3} : Bytes{});
    } else {
        world_.faults.fired(Fault::poison_record);
        constexpr std::array kinds{Kind::sale, Kind::verdict, Kind::passage, Kind::refund, Kind::lease_received};
        write(kinds[chance_.below(kinds.size())], Bytes(chance_.between(0, 30), 0xff), {});
    }
    tell_head();
    world_.after(chance_.between(seconds{5}, seconds{60}), [this] { write_something(); });
}

void Stranger::tell_head() {
    sync::HeldJournal held;
    held.id = {plan_.id, Epoch{1}};
    held.seq = Seq{stored_.size()};
    held.hash = hashes_.back();
    held.head = sign_head(*plan_.key, venue_.id, held.id, held.seq, held.hash);
    held.certificate = plan_.certificate;
    links_.grown({held});
}

sync::BatchLoaded Stranger::load(const sync::LoadBatch& wanted) const {
    sync::BatchLoaded loaded{wanted.generation, wanted.journal, wanted.from, {}, {}};
    for (std::uint64_t i = wanted.from.value - 1; i < stored_.size() && loaded.records.size() < wanted.records; ++i)
        loaded.records.push_back(stored_[i]);
    const Seq last{wanted.from.value - 1 + loaded.records.size()};
    if (!loaded.records.empty())
        loaded.head = sign_head(*plan_.key, venue_.id, wanted.journal, last, hashes_[last.value - 1]);
    return loaded;
}

}  // namespace gatehouse::sim
