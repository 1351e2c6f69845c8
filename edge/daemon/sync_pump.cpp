#include "edge/daemon/sync_pump.hpp"

#include <boost/asio/post.hpp>

#include "edge/daemon/sync_loop.hpp"

namespace gatehouse::edge {

Result<std::unique_ptr<SyncPump>> SyncPump::make(SyncOptions options, ledger::LedgerReader reader,
                                                 SyncOutlets outlets) {
    std::unique_ptr<SyncPump> pump{new SyncPump};
    pump->loop_ = std::make_unique<Loop>(std::move(options), std::move(reader), std::move(outlets));
    auto address = pump->loop_->listen();
    if (!address) return address.error();
    pump->address_ = std::move(*address);
    return pump;
}

void SyncPump::begin() { loop_->run(); }

SyncPump::~SyncPump() { stop(); }

void SyncPump::head_signed(SignedHead head) {
    boost::asio::post(loop_->io(), [loop = loop_.get(), head] { loop->head_signed(head); });
}

void SyncPump::foreign_stored(std::uint64_t batch, std::optional<ForeignResult> result) {
    boost::asio::post(loop_->io(),
                      [loop = loop_.get(), batch, result = std::move(result)] { loop->foreign_stored(batch, result); });
}

void SyncPump::resync(StartResync order) {
    boost::asio::post(loop_->io(), [loop = loop_.get(), order] { loop->resync(order); });
}

void SyncPump::stop() {
    if (loop_) loop_->stop();
}

}  // namespace gatehouse::edge
