// What central counts while it runs; /metrics shows it. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "sync/central/ingest.hpp"

namespace gatehouse::central {

class Metrics {
public:
    void count(const Ingested& batch);
    void count_request(unsigned status);
    void count_login(bool succeeded);

    // Prometheus text exposition of the counters alone.
    [[nodiscard]] std::string text() const;

private:
    using Counter = std::atomic<std::uint64_t>;
    Counter accepted_{0};
    Counter duplicate_{0};
    Counter parked_{0};
    Counter batches_stored_{0};
    Counter batches_refused_{0};
    Counter sales_{0};
    Counter admissions_{0};
    Counter logins_{0};
    Counter failed_logins_{0};
    std::array<Counter, 6> requests_{};  // by the first digit of the status
};

}  // namespace gatehouse::central
