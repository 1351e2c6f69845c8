// Makes nodes: redeems an enrolment token, gives the next number, certifies the keys, and records it, before anything
// is answered.
#pragma once

#include "sync/central/identity.hpp"
#include "sync/central/venue_store.hpp"
#include "sync/link/enrolment.hpp"

namespace gatehouse::central {

class EnrolmentOffice : public sync::EnrolmentDesk {
public:
    // `venue` is what a node is told about the venue; its id and pepper come from `identity`. Both references must
    // outlive this.
    EnrolmentOffice(VenueStore& store, const Identity& identity, sync::VenueSettings venue);
    void enrol(sync::EnrolmentRequest request, std::function<void(Result<sync::EnrolmentGrant>)> answer) override;

private:
    [[nodiscard]] Result<sync::EnrolmentGrant> certify(const Writing& writing, const sync::EnrolmentRequest& request,
                                                       NodeId node) const;

    VenueStore& store_;
    const Identity& identity_;
    sync::VenueSettings venue_;
};

}  // namespace gatehouse::central
