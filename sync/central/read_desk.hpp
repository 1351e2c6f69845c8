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
    // Errors: those of LedgerReader::open.
    [[nodiscard]] static Result<std::unique_ptr<ReadDesk>> open(const std::filesystem::path& database,
                                                                const ledger::VenueSettings& venue);
    // From any thread. False: too many are waiting.
    [[nodiscard]] bool submit(std::function<void(Reading&)> work);
    void stop() { worker_.stop(); }

private:
    ReadDesk(ledger::LedgerReader reader, const ledger::VenueSettings& venue);

    ledger::LedgerReader reader_;
    ledger::Reports reports_;
    Reading reading_;
    Worker worker_;
};

}  // namespace gatehouse::central
