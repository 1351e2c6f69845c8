// How many admissions a second one node makes: look up or verify, verdict, passage, `in_flight` of them at a time, with
// the real desk, journal thread and store, and turnstiles that turn at once.
#pragma once

#include <cstdint>
#include <filesystem>

#include "schemas/base/result.hpp"

namespace gatehouse::bench {

struct AdmissionsTimed {
    std::uint64_t admissions = 0;  // verdict and passage both on disk
    double seconds = 0;
};

// Whether the gate has the records that sold the tickets, or only their seller's certificate.
enum class SalesHeld : std::uint8_t { yes, no };

// In a fresh journal below `folder`, which is emptied first. What the gate holds of the seller is stored, and copied to
// `before.db`, before the clock starts.
[[nodiscard]] Result<AdmissionsTimed> time_admissions(const std::filesystem::path& folder, std::size_t admissions,
                                                      std::size_t in_flight, SalesHeld held);

}  // namespace gatehouse::bench
