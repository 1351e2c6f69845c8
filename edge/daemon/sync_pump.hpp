// The loop of the sync thread: links to central and peers, one replicator over them, and a reader of the database to
// serve from. Carries effects out and decides nothing. Runs an io_context on a thread of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/api/board.hpp"
#include "edge/desk/effects.hpp"
#include "sync/ledger/reader.hpp"
#include "sync/link/sync_links.hpp"
#include "sync/replication/dial_session.hpp"
#include "sync/replication/replicator.hpp"

namespace gatehouse::edge {

struct SyncOptions {
    sync::ReplicationOptions session;
    sync::LinkOptions links;
    std::string listen;                     // empty: no peer can dial
    std::vector<std::string> central_urls;  // empty: central is not dialled
    std::vector<std::string> peers;         // HOST:PORT
    bool discovery = false;                 // say on the network where we listen, and dial whom we hear
    JournalId own;
    std::shared_ptr<const SigningKey> key;
    VenueId venue{};
    bool pulls = true;                       // false: serves what the disk still has, and stores nothing
    std::size_t most_waiting = 128U << 20U;  // octets of others' batches that wait for the disk; then newcomers
    std::uint32_t retry_after_s = 15;        // are turned away, for so long
    // The longest wait for others to say how far they know our journal: TCP, TLS and hello over a slow 4G line. Ends as
    // soon as each of them has answered or cannot be reached.
    std::chrono::milliseconds compare_within{2000};
    // The least, with discovery: whoever is there answers our first beacon at once.
    std::chrono::milliseconds discover_within{300};
};

// What somebody else holds of the epoch that we write, and we do not.
struct OwnElsewhere {
    JournalId journal;
    Seq seq;
    bool differs = false;  // we hold another record with that number: two machines wrote
};

// All are called on the sync thread, and post to where they belong. None may be empty.
struct SyncOutlets {
    // Verified records of another journal, to be stored; answered by foreign_stored(batch, …).
    // `live`: may be stored before bulk work.
    std::function<void(std::uint64_t batch, std::shared_ptr<const std::vector<ledger::Record>>, SignedHead, bool live)>
        received;
    std::function<void(Receipt receipt, bool own)> receipt;
    std::function<void(std::vector<NodeId>)> heard;         // connected now, central among them
    std::function<void(NodeId, Seq)> copied;                // of the own journal
    std::function<void(std::int64_t offset_ms)> time_told;  // by central: true time = wall + offset
    std::function<void(BoardPart)> board;
    std::function<void(const OwnElsewhere&)> own_elsewhere;  // do not append
    std::function<void(ledger::Fault)> read_failed;          // a read of the journal failed
    // Once: everybody that can be reached has said how far they know our journal, or had the time for it.
    // With the furthest head of ours, before the epoch that is written, that anybody told.
    std::function<void(std::optional<SignedHead> past)> compared;
};

class SyncPump {
public:
    // Listens; nothing is called or dialled before begin(). Errors: config (listen address), io.
    [[nodiscard]] static Result<std::unique_ptr<SyncPump>> make(SyncOptions options, ledger::LedgerReader reader,
                                                                SyncOutlets outlets);
    ~SyncPump();  // as stop()

    void begin();  // once

    // From any thread.
    void head_signed(SignedHead head);
    void foreign_stored(std::uint64_t batch, std::optional<ForeignResult> result);
    void resync(StartResync order);
    // Closes the links after what is queued was sent, ends the thread. Idempotent.
    void stop();
    [[nodiscard]] const std::string& address() const { return address_; }  // listened on; empty when not

private:
    class Loop;
    SyncPump() = default;
    std::unique_ptr<Loop> loop_;
    std::string address_;
};

}  // namespace gatehouse::edge
