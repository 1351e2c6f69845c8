#include "schemas/base/octets.hpp"
#include "schemas/crypto/receipt.hpp"
#include "schemas/crypto/signed_head.hpp"

namespace gatehouse {

namespace {
Bytes position_octets(const VenueId& venue, JournalId journal, Seq seq, const Hash& hash) {
    OctetWriter out;
    out.octets(venue).number(journal.node.value).number(journal.epoch.value).number(seq.value).octets(hash);
    return out.take();
}
}  // namespace

SignedHead sign_head(const SigningKey& owner, const VenueId& venue, JournalId journal, Seq seq, const Hash& hash) {
    return {journal, seq, hash, sign(owner, Domain::head, position_octets(venue, journal, seq, hash))};
}

bool verify_head(const PublicKey& owner, const VenueId& venue, const SignedHead& head) {
    return verify(owner, Domain::head, position_octets(venue, head.journal, head.seq, head.hash), head.signature);
}

Receipt sign_receipt(const SigningKey& central, const VenueId& venue, JournalId journal, Seq seq, const Hash& hash) {
    return {journal, seq, hash, sign(central, Domain::receipt, position_octets(venue, journal, seq, hash))};
}

bool verify_receipt(const PublicKey& central, const VenueId& venue, const Receipt& receipt) {
    return verify(central, Domain::receipt, position_octets(venue, receipt.journal, receipt.seq, receipt.hash),
                  receipt.signature);
}

}  // namespace gatehouse
