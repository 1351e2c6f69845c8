#include "edge/desk/outbox.hpp"

#include <iterator>
#include <utility>

#include "schemas/base/check.hpp"

namespace gatehouse::edge {

void Outbox::open(Seq head, const Hash& hash) {
    check(waiting_.empty(), "a journal is opened with nothing waiting");
    open_ = true;
    head_ = synced_ = head;
    hash_ = hash;
}

std::shared_ptr<const ledger::Record> Outbox::append(Header header, Body body, Effects then, ByteView extension) {
    check(open_, "records are appended to an open journal");
    header.node = journal_.node;
    header.epoch = journal_.epoch;
    header.seq = next().seq;
    header.prev = hash_;
    auto record =
        std::make_shared<const ledger::Record>(ledger::make_record(std::move(header), std::move(body), extension));
    head_ = record->header.seq;
    hash_ = record->hash;
    waiting_.push_back({record, std::move(then)});
    return record;
}

bool Outbox::also(RecordRef ref, Effect effect) {
    if (ref.journal() != journal_ || ref.seq <= synced_ || ref.seq > head_) return false;
    // Everything between the synced head and the head waits, in order.
    waiting_.at(ref.seq.value - synced_.value - 1).then.push_back(std::move(effect));
    return true;
}

std::vector<Waiting> Outbox::synced(Seq up_to) {
    std::vector<Waiting> out;
    while (!waiting_.empty() && waiting_.front().record->header.seq <= up_to) {
        out.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    if (!out.empty()) synced_ = out.back().record->header.seq;
    return out;
}

std::vector<Waiting> Outbox::failed(Seq head, const Hash& hash) {
    std::vector<Waiting> out(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    head_ = synced_ = head;
    hash_ = hash;
    return out;
}

}  // namespace gatehouse::edge
