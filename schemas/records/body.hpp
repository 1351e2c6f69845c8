// Every kind of body there is, as one variant.
#pragma once

#include <variant>

#include "schemas/base/result.hpp"
#include "schemas/records/admission.hpp"
#include "schemas/records/node.hpp"
#include "schemas/records/selling.hpp"
#include "schemas/records/venue.hpp"

namespace gatehouse {

// A body of a kind, or of an extension, that this release does not know: kept, forwarded, folded into nothing.
struct UnknownBody {
    friend bool operator==(const UnknownBody&, const UnknownBody&) = default;
};

using Body =
    std::variant<UnknownBody, EpochOpened, NodeStarted, ClockCorrected, ConfigApplied, DeviceChanged, StorageClosed,
                 LoginAttempted, LoginSucceeded, ResyncOrdered, ShiftOpened, CashMoved, ShiftClosed, Sale, Refund,
                 Reprint, Reissue, PrintResolved, LeaseReceived, Verdict, Passage, LaneModeSet, EmergencySet,
                 LaneCounted, CataloguePublished, NodeEnrolled, NodeRevoked, TicketRevoked, LeaseGranted, OrderImported,
                 ConflictResolved, EnrolmentTokenIssued, CentralLogin, ResyncRequested, ScanJoined, TenderSettled,
                 LetThroughOrdered, LeaseOrdered, DeviceOrdered>;

// The body of a record of `kind`; UnknownBody for a kind that this release does not know.
// Errors: invalid_body when the bytes do not decode.
[[nodiscard]] Result<Body> decode_body(Kind kind, ByteView bytes);

// Calls with Kind unknown (UnknownBody) are a bug.
[[nodiscard]] Kind kind_of(const Body& body);
[[nodiscard]] Bytes encode_body(const Body& body);

}  // namespace gatehouse
