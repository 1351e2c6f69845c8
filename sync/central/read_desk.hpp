// A thread that reads the database for the API: reports may take long, and an io_context must not wait for them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "sync/central/worker.hpp"
#include "sync/ledger/reports.hpp"

namespace gatehouse::central {

// What a read may use: a read-only connection and the reports over it.
struct Reading {
    ledger::LedgerReader& reader;
    ledger::Reports& reports;
};

class ReadDesk {
public:
    // A connection on which a read failed answers nothing any more: `read_failed` is told of it, once, on this desk's
    // thread and after the answer to whoever met it. Errors: those of LedgerReader::open.
    [[nodiscard]] static Result<std::unique_ptr<ReadDesk>> open(const std::filesystem::path& database,
                                                                const ledger::VenueSettings& venue,
                                                                std::function<void(ledger::Fault)> read_failed);
    // From any thread. False: too many are waiting.
    [[nodiscard]] bool submit(std::function<void(Reading&)> work);
    void stop() { worker_.stop(); }

private:
    ReadDesk(ledger::LedgerReader reader, const ledger::VenueSettings& venue,
             std::function<void(ledger::Fault)> read_failed);

    ledger::LedgerReader reader_;
    ledger::Reports reports_;
    Reading reading_;
    std::function<void(ledger::Fault)> read_failed_;
    bool told_ = false;  // that a read failed
    Worker worker_;
};

}  // namespace gatehouse::central
