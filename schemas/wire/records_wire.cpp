#include "schemas/records/body.hpp"
#include "schemas/wire/codec_impl.hpp"

namespace gatehouse {

GATEHOUSE_WIRE(Header);

GATEHOUSE_WIRE(EpochOpened);
GATEHOUSE_WIRE(NodeStarted);
GATEHOUSE_WIRE(ClockCorrected);
GATEHOUSE_WIRE(ConfigApplied);
GATEHOUSE_WIRE(DeviceChanged);
GATEHOUSE_WIRE(StorageClosed);
GATEHOUSE_WIRE(LoginAttempted);
GATEHOUSE_WIRE(LoginSucceeded);
GATEHOUSE_WIRE(ResyncOrdered);

GATEHOUSE_WIRE(ShiftOpened);
GATEHOUSE_WIRE(CashMoved);
GATEHOUSE_WIRE(ShiftClosed);
GATEHOUSE_WIRE(Sale);
GATEHOUSE_WIRE(Refund);
GATEHOUSE_WIRE(Reprint);
GATEHOUSE_WIRE(Reissue);
GATEHOUSE_WIRE(PrintResolved);
GATEHOUSE_WIRE(LeaseReceived);

GATEHOUSE_WIRE(Verdict);
GATEHOUSE_WIRE(Passage);
GATEHOUSE_WIRE(LaneModeSet);
GATEHOUSE_WIRE(EmergencySet);
GATEHOUSE_WIRE(LaneCounted);
GATEHOUSE_WIRE(ScanJoined);
GATEHOUSE_WIRE(LetThroughOrdered);

GATEHOUSE_WIRE(CataloguePublished);
GATEHOUSE_WIRE(NodeEnrolled);
GATEHOUSE_WIRE(NodeRevoked);
GATEHOUSE_WIRE(TicketRevoked);
GATEHOUSE_WIRE(LeaseGranted);
GATEHOUSE_WIRE(OrderImported);
GATEHOUSE_WIRE(ConflictResolved);
GATEHOUSE_WIRE(EnrolmentTokenIssued);
GATEHOUSE_WIRE(CentralLogin);
GATEHOUSE_WIRE(ResyncRequested);
GATEHOUSE_WIRE(TenderSettled);
GATEHOUSE_WIRE(LeaseOrdered);
GATEHOUSE_WIRE(DeviceOrdered);

}  // namespace gatehouse
