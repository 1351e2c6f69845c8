// Central's end of the replication: carries out what the Replicator decides, over SyncLinks, VenueStore and a reader.
// Everything but `presence` and the store's callbacks is on the io_context's one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sync/central/identity.hpp"
#include "sync/central/presence.hpp"
#include "sync/central/venue_store.hpp"
#include "sync/link/enrolment.hpp"
#include "sync/replication/replicator.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::central {

struct ExchangeOptions {
    std::string listen;                      // "0.0.0.0:8443"
    std::size_t most_waiting = 128U << 20U;  // octets of batches that wait for the disk; then newcomers are shed
    std::uint32_t retry_after_s = 15;
    std::function<void(const ConnectedNode&, bool came)> reported = [](const auto&, bool) {};  // for the event stream
    std::function<void(ledger::Fault)> read_failed = [](auto) {};  // nothing can be served or compared any more
};

class Exchange {
public:
    // `io`, `store`, `identity` and `desk` must outlive this. Nothing happens before `listen`.
    Exchange(boost::asio::io_context& io, VenueStore& store, const Identity& identity, sync::EnrolmentDesk& desk,
             ExchangeOptions options);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    // The address that was taken. Errors: config, io, storage_unavailable.
    [[nodiscard]] Result<std::string> listen();
    void stop();

    // For StoreCallbacks; from any thread.
    void journals_grown(std::vector<sync::HeldJournal> held);
    void revocations_changed(std::vector<sync::Revocation> revocations);

    [[nodiscard]] Presence& presence();

private:
    class Inner;
    std::shared_ptr<Inner> inner_;
};

}  // namespace gatehouse::central
