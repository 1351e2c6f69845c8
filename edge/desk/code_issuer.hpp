// Codes of this node's tickets. One is wanted for the record, for the answer and for the paper, and is signed once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "schemas/base/ids.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/records/body.hpp"

namespace gatehouse::edge {

class CodeIssuer {
public:
    // `key` may be null: then every code is empty, and records name none.
    CodeIssuer(std::shared_ptr<const SigningKey> key, const VenueId& venue) : key_(std::move(key)), venue_(venue) {}

    // Precondition: `payload` is one of encode_payload.
    [[nodiscard]] std::string code_of(const Bytes& payload);

    // What the record of `body` says behind it: the codes that it gives out. Empty for all but sales and reissues.
    [[nodiscard]] Bytes extension_of(const Body& body);

private:
    std::shared_ptr<const SigningKey> key_;
    VenueId venue_{};
    // The last ones by payload, in two generations, so that those of one sale are never dropped while it is made.
    std::map<Bytes, std::string> latest_;
    std::map<Bytes, std::string> former_;
};

}  // namespace gatehouse::edge
