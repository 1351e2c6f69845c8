// "Central holds this journal without a gap up to seq", signed by central. Anyone may pass it on; the owner's backlog
// falls when it arrives. Signed octets: schemas/crypto/FORMAT.md.
#pragma once

#include "schemas/base/ids.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

struct Receipt {
    JournalId journal;
    Seq seq;
    Hash hash{};
    Signature signature{};
    friend bool operator==(const Receipt&, const Receipt&) = default;
    template <class A>
    void serialize(A& a) {
        a(journal, seq, hash, signature);
    }
};

[[nodiscard]] Receipt sign_receipt(const SigningKey& central, const VenueId& venue, JournalId journal, Seq seq,
                                   const Hash& hash);
[[nodiscard]] bool verify_receipt(const PublicKey& central, const VenueId& venue, const Receipt& receipt);

}  // namespace gatehouse
