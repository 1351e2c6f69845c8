// Whose signatures a gate believes: the certified keys of the venue's nodes, and which of them are revoked from where.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "edge/admission/question.hpp"
#include "schemas/crypto/certificate.hpp"
#include "schemas/records/venue.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::edge {

// What is held here of the record that sold a ticket.
enum class SaleRecord : std::uint8_t {
    unheard,
    held,        // so that it is known to be among what was trusted
    names_code,  // and it says that this very code was given out
};

class KeyRing {
public:
    KeyRing(const VenueId& venue, const PublicKey& authority) : venue_(venue), authority_(authority) {}

    // Takes the certificate if the authority signed it for this venue. A node may have several, old ones keep counting:
    // a season ticket outlives its seller's certificate. False when it is not believed.
    bool add(ByteView certificate);
    void add_key(NodeId node, const PublicKey& key);  // this node's own
    void revoke(const NodeRevoked& revocation);       // of several for one epoch the smallest `last` counts
    [[nodiscard]] bool is_revoked(NodeId node) const;
    // Whether what was sold as `sold` is not covered by what was trusted of its revoked seller.
    [[nodiscard]] bool is_revoked(const RecordRef& sold, bool sale_held) const;

    // A code that its sale's stored record names is its seller's without a look at its signature: the record is in a
    // chain under a head that the seller signed. So is a signature that was found good lately: keys are added and never
    // taken away. Whether the seller is known, and trusted as far as this sale, is asked of every code.
    [[nodiscard]] Standing standing(const ScannedCode& code, SaleRecord sale);
    // The keys of which one must have signed the code, for whoever checks it elsewhere. None: nothing is to be checked,
    // since the seller is unknown or the signature was found good lately.
    [[nodiscard]] std::vector<PublicKey> keys_to_check(const ScannedCode& code) const;
    void found_good(const ScannedCode& code);              // by one of keys_to_check
    [[nodiscard]] std::string name_of(NodeId node) const;  // empty when unknown

private:
    struct Known {
        std::vector<PublicKey> keys;
        std::string name;
        WallTime named;  // latest not_before wins
    };
    [[nodiscard]] bool is_signed(const Known& seller, const ScannedCode& code);
    [[nodiscard]] bool was_good(const ScannedCode& code) const;

    VenueId venue_{};
    PublicKey authority_{};
    std::map<NodeId, Known> nodes_;
    std::map<JournalId, Seq> revoked_;    // last trusted number
    std::array<ScannedCode, 16> good_{};  // the last ones whose signature was good
    std::size_t next_good_ = 0;
};

}  // namespace gatehouse::edge
