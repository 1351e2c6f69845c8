#include "edge/daemon/desk_pump.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

DeskOutlets nowhere() {
    DeskOutlets outlets;
    outlets.publish = [](const Published&) {};
    outlets.board = [](const BoardPart&) {};
    outlets.resync = [](const StartResync&) {};
    outlets.foreign_stored = [](std::uint64_t, const std::optional<ForeignResult>&) {};
    outlets.head_signed = [](const SignedHead&) {};
    outlets.storage_stopped = [](const Error&) {};
    outlets.closing_synced = [](Seq) {};
    return outlets;
}

}  // namespace

// A node makes another when it finds that its journal goes on in another epoch.
TEST_CASE("what is posted to a desk that is gone is dropped, and who waits for it is told") {
    const test::ScratchDirectory folder;
    Settings settings;
    settings.data_dir = folder.path();
    DeskOptions options;
    options.journal = {NodeId{1}, Epoch{1}};
    boost::asio::io_context io{1};
    auto pump = std::make_unique<DeskPump>(io, options, settings, Pepper{}, nowhere());
    std::vector<ErrorCode> told;
    pump->command(Actor{}, Login{OperatorName{"nobody"}}, "1234", [&](const Result<Reply>& reply) {
        told.push_back(reply ? ErrorCode::internal : reply.error().code);
    });
    CHECK(told.empty());  // the PIN is being checked
    pump.reset();
    CHECK(told == std::vector{ErrorCode::unavailable});
    io.poll();
    CHECK(told.size() == 1);
}
