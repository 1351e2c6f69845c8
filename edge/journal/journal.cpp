#include "edge/journal/journal.hpp"

#include <algorithm>
#include <utility>

#include "edge/journal/journal_inner.hpp"
#include "schemas/base/check.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::edge {

namespace {

// Records between two of the own journal's heads that are kept.
constexpr std::uint64_t own_head_spacing = 64;

// Own records are made here: the ledger has to take them.
void check_stored(const ledger::Appended& appended) {
    check(appended.kind == ledger::AppendKind::stored, "an own record continues the own journal");
}

Result<ForeignResult> append_batch(ledger::Ledger& ledger, const ForeignBatch& batch) {
    ForeignResult result;
    result.token = batch.token;
    for (const auto& record : *batch.records) {
        result.journal = record.ref().journal();
        const auto appended = ledger.append(record);
        if (!appended) return appended.error();
        if (appended->kind == ledger::AppendKind::stored) ++result.stored;
        if (appended->kind == ledger::AppendKind::duplicate) ++result.duplicate;
        if (appended->parked) ++result.parked;
        result.gap = result.gap || appended->kind == ledger::AppendKind::gap;
        result.forked = result.forked || appended->kind == ledger::AppendKind::forked ||
                        appended->kind == ledger::AppendKind::refused;
        if (result.gap || result.forked) break;
    }
    if (batch.head) {
        result.journal = batch.head->journal;
        if (!result.gap && !result.forked)
            if (const auto stored = ledger.store_head(*batch.head); !stored) return stored.error();
    }
    const auto head = ledger.head(result.journal);
    if (!head) return head.error();
    result.up_to = head->seq;
    return result;
}

Result<ForeignResult> untaken(const ForeignBatch& batch) {
    ForeignResult result;
    result.token = batch.token;
    if (!batch.records->empty()) result.journal = batch.records->front().ref().journal();
    result.gap = true;  // the link is hung up, and it is asked for again
    return result;
}

Result<void> append_words(ledger::Ledger& ledger, const Work& work) {
    for (const auto& receipt : work.receipts)
        if (const auto stored = ledger.store_receipt(receipt); !stored) return stored.error();
    for (const auto& head : work.announced)
        if (const auto noted = ledger.note_announced(head); !noted) return noted.error();
    return {};
}

}  // namespace

Journal::Journal(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

// Whether `records` go on where the own journal ends, or open the next epoch; `end` becomes their end.
bool Journal::Inner::continues(const std::vector<std::shared_ptr<const ledger::Record>>& records, OwnHead& end) const {
    for (const auto& record : records) {
        const auto& header = record->header;
        if (header.kind == Kind::epoch_opened && header.seq.value == 1 && header.node == options.node &&
            header.epoch > end.journal.epoch) {
            end.journal = header.ref().journal();
            end.seq = Seq{0};
            end.hash = genesis_hash(options.ledger.venue.id, end.journal);
            end.next_epoch = Epoch{std::max(end.next_epoch.value, header.epoch.value + 1)};
        }
        if (header.ref().journal() != end.journal || header.seq.value != end.seq.value + 1 || header.prev != end.hash)
            return false;
        end.seq = header.seq;
        end.hash = record->hash;
    }
    return true;
}

// Of what this node wrote itself, only epochs before the one that is begun are taken from others: at the next start a
// piece of one would be taken for the journal to go on with.
bool Journal::Inner::is_past(const ForeignBatch& batch, Epoch begun) const {
    return std::ranges::all_of(*batch.records, [&](const ledger::Record& record) {
        return record.header.node != options.node || record.header.epoch < begun;
    });
}

// Everything of `work` in an open transaction.
Result<Done> Journal::Inner::write(const Work& work) {
    if (auto begun = ledger.begin(); !begun) return begun.error();
    for (const auto& record : work.own) {
        const auto appended = ledger.append(*record);
        if (!appended) return appended.error();
        check_stored(*appended);
    }
    Done done;
    const Epoch begun = work.own.empty() ? own.journal.epoch : work.own.back()->header.epoch;
    for (const auto& batch : work.foreign) {
        auto result = is_past(batch, begun) ? append_batch(ledger, batch) : untaken(batch);
        if (!result) return result.error();
        done.foreign.push_back(std::move(*result));
    }
    if (auto words = append_words(ledger, owed); !words) return words.error();
    if (auto words = append_words(ledger, work); !words) return words.error();
    // A page less to flush with most scans: what is not kept can be signed again.
    const bool keep_head = signed_head && signed_head->seq.value >= head_kept.value + own_head_spacing;
    if (keep_head)
        if (auto stored = ledger.store_head(*signed_head); !stored) return stored.error();
    if (checkpointed)
        if (auto marked = ledger.set_verified(checkpointed->journal, checkpointed->seq); !marked) return marked.error();
    if (auto committed = ledger.commit(); !committed) return committed.error();
    if (keep_head) head_kept = signed_head->seq;
    signed_head.reset();
    checkpointed.reset();
    owed = {};
    return done;
}

// The newest of each journal's says all that the others say.
void Journal::Inner::owe_words(const Work& work) {
    const auto owe = [](auto& kept, const auto& words) {
        for (const auto& word : words) {
            const auto same = std::ranges::find(kept, word.journal, [](const auto& k) { return k.journal; });
            if (same == kept.end())
                kept.push_back(word);
            else if (same->seq < word.seq)
                *same = word;
        }
    };
    owe(owed.receipts, work.receipts);
    owe(owed.announced, work.announced);
}

Result<Done> Journal::commit(const Work& work) {
    auto& inner = *inner_;
    if (inner.stopped) return fail(ErrorCode::io, "the journal stopped on a disk failure");
    if (!work.foreign.empty() && !inner.takes_foreign()) {
        // The reserve and the ballast are for what is begun here. Others keep theirs, and are asked again.
        const Work rest{work.own, {}, work.receipts, work.announced};
        auto done = rest.empty() ? Result<Done>{Done{inner.own.seq, {}}} : commit(rest);
        if (!done) return done;
        for (const auto& batch : work.foreign) {
            auto& result = done->foreign.emplace_back();
            result.token = batch.token;
            result.failed = fail(ErrorCode::storage_unavailable, "the disk's reserve would be touched");
        }
        return done;
    }
    OwnHead end = inner.own;
    if (!inner.continues(work.own, end))
        return fail(ErrorCode::chain_broken, "the records do not continue the journal");
    if (inner.options.files && end.journal.epoch != inner.own.journal.epoch)
        if (auto noted = inner.files.note_epoch(end.journal.epoch); !noted) {
            inner.stop();
            return noted.error();
        }
    auto done = inner.write(work);
    // One record's projection has taken the transaction with it: this time it is parked alone.
    if (!done && inner.ledger.fault() == ledger::Fault::none) done = inner.write(work);
    if (done) {
        if (end.journal != inner.own.journal) inner.head_kept = Seq{0};
        inner.own = end;
        inner.closed = false;
        done->own_up_to = end.seq;
        return done;
    }
    if (inner.ledger.fault() != ledger::Fault::space) {
        inner.stop();
        return fail(ErrorCode::io, "the disk failed: " + done.error().detail);
    }
    inner.make_room(work.own.empty() ? nullptr : &work.own.front()->header);
    inner.owe_words(work);
    return fail(ErrorCode::storage_unavailable, "the disk is full");
}

bool Journal::owes_words() const { return !inner_->owed.empty(); }

void Journal::Inner::stop() {
    if (stopped) return;
    stopped = true;
    if (options.files) files.failure().note();
}

// The ballast is given up, the log is emptied into the database, and the closing record says so; once, until there is
// room again. Where no own record met the end, the first that does has it said.
void Journal::Inner::make_room(const Header* like) {
    ledger.database().space_made();
    tight = true;
    if (options.files) {
        std::error_code ignored;
        std::filesystem::remove(files.ballast(), ignored);
    }
    if (options.give_up_ballast) options.give_up_ballast();
    static_cast<void>(ledger.database().checkpoint(true));
    if (ledger.fault() == ledger::Fault::space) ledger.database().space_made();
    if (ledger.fault() != ledger::Fault::none) return stop();
    if (closing_tried || like == nullptr || own.seq.value == 0) return;
    closing_tried = true;
    Header header = *like;
    header.node = own.journal.node;
    header.epoch = own.journal.epoch;
    header.seq = Seq{own.seq.value + 1};
    header.prev = own.hash;
    header.actor = {};
    Work closing;
    closing.own.push_back(
        std::make_shared<const ledger::Record>(ledger::make_record(std::move(header), StorageClosed{"space"})));
    if (write(closing)) {
        own.seq = closing.own.front()->header.seq;
        own.hash = closing.own.front()->hash;
        return;
    }
    if (ledger.fault() != ledger::Fault::space) return stop();
    ledger.database().space_made();
    closed = true;
}

void Journal::checkpoint(bool idle) {
    auto& inner = *inner_;
    auto& database = inner.ledger.database();
    const auto limit = idle ? inner.options.checkpoint_pages : inner.options.forced_checkpoint_pages;
    if (inner.stopped || database.log_pages() < limit) return;
    const auto moved = database.checkpoint(false);
    if (moved && moved->moved_pages == moved->log_pages) inner.checkpointed = inner.own;
    if (moved) return;
    if (database.fault() == ledger::Fault::space)
        inner.make_room(nullptr);
    else
        inner.stop();
}

// As long as it may become before a checkpoint is forced.
bool Journal::lay_out_log() {
    auto& inner = *inner_;
    if (!inner.options.files || inner.stopped || inner.tight || inner.log_ready) return true;
    constexpr std::uint64_t frame = 24 + 4096;  // of one page: https://sqlite.org/fileformat2.html#the_write_ahead_log
    constexpr std::uint64_t piece = 1U << 20U;
    const auto length = frame * inner.options.forced_checkpoint_pages;
    if (inner.log_held) return inner.log_ready = inner.log_held->hold_more(piece);
    const auto done = lay_out(inner.files.log(), length, piece);
    if (!done && done.error().code == ErrorCode::io) inner.stop();
    if (done && *done) inner.log_held.emplace(inner.files.log(), length);
    return inner.log_ready = !done;  // without room for it, it grows as it must
}

std::optional<SignedHead> Journal::sign_head(const SigningKey& key) {
    auto& inner = *inner_;
    if (inner.stopped || inner.own.seq.value == 0) return std::nullopt;
    if (inner.last_signed == std::pair{inner.own.journal, inner.own.seq}) return std::nullopt;
    inner.last_signed = {inner.own.journal, inner.own.seq};
    inner.signed_head =
        gatehouse::sign_head(key, inner.options.ledger.venue.id, inner.own.journal, inner.own.seq, inner.own.hash);
    return inner.signed_head;
}

StorageState Journal::storage() {
    auto& inner = *inner_;
    const bool files = inner.options.files;
    const auto wanted = inner.options.reserve_octets;
    StorageState state;
    if (files) state.free_octets = inner.room();
    if (inner.tight && !inner.stopped && inner.retake_ballast(state.free_octets))
        inner.tight = inner.closed = inner.closing_tried = false;
    // Without room for the ballast there may be enough for outcomes: what waits to be recorded shows whether it is.
    if (files && state.free_octets >= wanted) inner.closed = false;
    state.open = !inner.stopped && !inner.closed;
    state.ballast_held = !inner.tight;
    state.room_for_sales = state.open && !inner.tight && (!files || state.free_octets >= wanted);
    return state;
}

// With `left` octets free: there must be room for the reserve, too, and for what is written next.
bool Journal::Inner::retake_ballast(std::uint64_t left) {
    if (!options.files) return options.take_ballast && options.take_ballast();
    return left > options.reserve_octets + 2 * options.ballast_octets &&
           take_ballast(files.ballast(), options.ballast_octets);
}

void Journal::distrust() { inner_->stop(); }

const OwnHead& Journal::own_head() const { return inner_->own; }
const OpenReport& Journal::report() const { return inner_->report; }
bool Journal::stopped() const { return inner_->stopped; }
std::filesystem::path Journal::database_path() const { return inner_->files.database(); }
ledger::Ledger& Journal::ledger() { return inner_->ledger; }
const VenueId& Journal::venue() const { return inner_->options.ledger.venue.id; }

}  // namespace gatehouse::edge
