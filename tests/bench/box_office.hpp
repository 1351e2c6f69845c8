// Another node of the venue, as its journal tells: what a gate admits on was sold there.
#pragma once

#include <string>
#include <vector>

#include "schemas/base/result.hpp"
#include "schemas/crypto/crypto.hpp"
#include "schemas/crypto/signed_head.hpp"
#include "sync/ledger/record.hpp"

namespace gatehouse::bench {

constexpr VenueId bench_venue{1, 2, 3};
constexpr WallTime bench_noon{1'795'233'600'000};
constexpr Date bench_date{20'778};
const ZoneId bench_zone{"park"};
constexpr NodeId box_office{2};

[[nodiscard]] const SigningKey& bench_authority();
// Of a node named `name` for its key.
[[nodiscard]] Bytes bench_certificate(NodeId node, const std::string& name, const PublicKey& key);

class BoxOffice {
public:
    // Sells `tickets` tickets, two to a sale.
    explicit BoxOffice(std::size_t tickets);

    // The first is epoch_opened, with the certificate.
    [[nodiscard]] const std::vector<ledger::Record>& records() const { return records_; }
    [[nodiscard]] SignedHead head_at(const ledger::Record& record) const;
    [[nodiscard]] const std::vector<std::string>& codes() const { return codes_; }  // in the order of their sale

private:
    void put(Body body, ByteView extension = {});
    void sell(std::uint16_t tickets);

    SigningKey key_ = SigningKey::from_seed(Seed{3});
    std::vector<ledger::Record> records_;
    std::vector<std::string> codes_;
};

}  // namespace gatehouse::bench
