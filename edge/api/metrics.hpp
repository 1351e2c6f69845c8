// What `GET /metrics` counts since the start of the run: Prometheus names and text. A value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "sync/ledger/facts.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::edge {

struct Board;
struct DeskStatus;

class Metrics {
public:
    // Counts a synced record.
    void count(const ledger::Record& record);
    // The money of a shift whose closing was counted; sales of a former run are in it.
    void count_money(const ledger::ShiftFacts& closed);
    void count_request(unsigned status);
    // The exposition, version 0.0.4.
    [[nodiscard]] std::string text(const Board& board, const DeskStatus& status, std::uint64_t acked) const;

private:
    std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> scans_;  // gate, result, mode
    std::map<std::string, std::uint64_t> passages_;                                     // outcome
    std::map<std::string, std::uint64_t> sales_;                                        // tender
    std::map<unsigned, std::uint64_t> requests_;                                        // status
    std::uint64_t sales_amount_ = 0;  // of shifts that were closed: the count before that is blind
    std::uint64_t refunds_ = 0;
    std::uint64_t login_failures_ = 0;
};

}  // namespace gatehouse::edge
