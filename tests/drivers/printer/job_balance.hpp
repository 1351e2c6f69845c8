// Jobs whose papers can be told from each other, and whether what was reported of them is what came out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/printer/printer_events.hpp"

namespace gatehouse::drivers::test {

// What a device says that has paper and lacks nothing.
inline constexpr PrinterStatusRead all_well{false, true, false};

inline PrintRequested labels(std::uint64_t id, std::size_t papers = 1) {
    PrintRequested request{PrintJobId{id}, {}};
    for (std::size_t i = 0; i < papers; ++i)
        request.papers.push_back(bytes_of("P" + std::to_string(id) + "." + std::to_string(i)));
    return request;
}

// Every job ends once, no paper comes out twice, and what was reported as printed is on paper.
inline bool adds_up(const std::vector<Bytes>& printed, const PrinterEffects& reports, std::uint64_t asked,
                    const std::map<std::uint64_t, std::size_t>& papers) {
    std::map<std::uint64_t, int> answers;
    std::map<Bytes, int> sent;
    for (const auto& paper : printed)
        if (++sent[paper] > 1) return false;
    for (const auto& report : reports) {
        if (const auto* done = std::get_if<ReportPrinted>(&report)) {
            ++answers[done->id.value];
            for (const auto& paper : labels(done->id.value, papers.at(done->id.value)).papers)
                if (sent[paper] != 1) return false;
        }
        if (const auto* failed = std::get_if<ReportNotPrinted>(&report)) {
            ++answers[failed->id.value];
            for (const auto& paper : labels(failed->id.value, papers.at(failed->id.value)).papers)
                if (sent[paper] != 0) return false;
        }
        if (const auto* unknown = std::get_if<ReportPrintUnknown>(&report)) ++answers[unknown->id.value];
    }
    for (std::uint64_t id = 1; id <= asked; ++id)
        if (answers[id] != 1) return false;
    return true;
}

}  // namespace gatehouse::drivers::test
