// "This journal reaches seq, and the record there has this hash", signed by the journal's owner. A batch ends at one,
// and nobody stores or forwards beyond it, so a relay cannot forge. Signed octets: schemas/crypto/FORMAT.md.
#pragma once

#include "schemas/base/ids.hpp"
#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

struct SignedHead {
    JournalId journal;
    Seq seq;
    Hash hash{};
    Signature signature{};
    friend bool operator==(const SignedHead&, const SignedHead&) = default;
    template <class A>
    void serialize(A& a) {
        a(journal, seq, hash, signature);
    }
};

[[nodiscard]] SignedHead sign_head(const SigningKey& owner, const VenueId& venue, JournalId journal, Seq seq,
                                   const Hash& hash);
[[nodiscard]] bool verify_head(const PublicKey& owner, const VenueId& venue, const SignedHead& head);

}  // namespace gatehouse
