// Reads a journal back and judges it: numbers, chain, hashes, the head's hash and the owner's signatures.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sync/ledger/reader.hpp"

namespace gatehouse::ledger {

struct VerifyFault {
    RecordRef at;
    std::string what;
};

// A record of this node, or of any, that no listed journal's head covers, the first of them: its journal's row is gone,
// or says less than is held. Verifiers start from the list of journals, so they would pass it by. Asks the reader once;
// `reader.fault()` afterwards.
[[nodiscard]] std::optional<VerifyFault> unlisted_record(LedgerReader& reader, std::optional<NodeId> of);

// Works in slices so that it can run beside live work.
class Verifier {
public:
    // `owner_key` answers a node's signing key, or nothing when its certificate is not held (signatures are then not
    // judged and `signatures_judged` stays 0). `after` must be a position that was verified before, or 0.
    using OwnerKey = std::function<std::optional<PublicKey>(NodeId)>;
    Verifier(LedgerReader& reader, const VenueId& venue, JournalState journal, Seq after, OwnerKey owner_key);

    // Judges up to `count` more records. True while there is more.
    [[nodiscard]] bool step(std::size_t count);
    [[nodiscard]] const std::optional<VerifyFault>& fault() const { return fault_; }
    [[nodiscard]] Seq position() const { return position_; }
    [[nodiscard]] std::uint64_t signatures_judged() const { return signatures_; }

private:
    LedgerReader& reader_;
    VenueId venue_;
    JournalState journal_;
    Seq position_;
    std::optional<Hash> prev_;
    OwnerKey owner_key_;
    std::optional<VerifyFault> fault_;
    std::uint64_t signatures_ = 0;

    void judge(ByteView stored);
    void judge_heads(Seq from, Seq to);
    void fail_at(Seq seq, std::string what);
};

}  // namespace gatehouse::ledger
