#include "sync/central/read_desk.hpp"

#include <utility>

namespace gatehouse::central {

namespace {
constexpr std::size_t most_waiting = 256;
}

ReadDesk::ReadDesk(ledger::LedgerReader reader, const ledger::VenueSettings& venue,
                   std::function<void(ledger::Fault)> read_failed)
    : reader_(std::move(reader)),
      reports_(reader_, venue),
      reading_{reader_, reports_},
      read_failed_(std::move(read_failed)),
      worker_(most_waiting) {}

Result<std::unique_ptr<ReadDesk>> ReadDesk::open(const std::filesystem::path& database,
                                                 const ledger::VenueSettings& venue,
                                                 std::function<void(ledger::Fault)> read_failed) {
    auto reader = ledger::LedgerReader::open(database);
    if (!reader) return reader.error();
    return std::unique_ptr<ReadDesk>{new ReadDesk{std::move(*reader), venue, std::move(read_failed)}};
}

bool ReadDesk::submit(std::function<void(Reading&)> work) {
    return worker_.submit([this, work = std::move(work)] {
        work(reading_);
        if (reader_.fault() != ledger::Fault::none && !std::exchange(told_, true)) read_failed_(reader_.fault());
    });
}

}  // namespace gatehouse::central
