// A bad code that a scanner reads again and again: recorded at once, and once more with its count after some quiet.
//
// Guarantees
// - the first refusal of a code is recorded, its repeats are not
// - after the quiet time the repeats are recorded once, with their number
// - another code or another reason ends the counting
// - a refusal whose record is lost is recorded again when it is read again
#pragma once

#include <optional>
#include <utility>

#include "schemas/base/time.hpp"
#include "schemas/records/admission.hpp"

namespace gatehouse::edge {

class RepeatFilter {
public:
    explicit RepeatFilter(Duration quiet) : quiet_(quiet) {}

    // True when this refusal repeats the one being counted; it is then counted and must not be recorded.
    [[nodiscard]] bool repeats(const Verdict& refusal, Instant now);
    // The record of `refusal` is written: counting begins.
    void recorded(const Verdict& refusal, RecordRef ref, Instant now);
    // That record never reached the disk.
    void lost(RecordRef ref);
    // The verdict being counted, for answering a repeat.
    [[nodiscard]] std::optional<RecordRef> first() const;
    // The counted repeats as one verdict to record, and an end of counting; nothing when there were none.
    [[nodiscard]] std::optional<Verdict> take();
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Counted {
        Verdict verdict;
        RecordRef ref;
        std::uint32_t repeats = 0;
        Instant last;
    };
    Duration quiet_;
    std::optional<Counted> counted_;
};

}  // namespace gatehouse::edge
