#include "tests/support/record_samples.hpp"

#include <numeric>

namespace gatehouse::test {

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> counting(std::uint8_t first) {
    std::array<std::uint8_t, N> octets{};
    std::iota(octets.begin(), octets.end(), first);
    return octets;
}

const RecordRef shift{NodeId{7}, Epoch{1}, Seq{20}};
const RecordRef sale_ref{NodeId{7}, Epoch{1}, Seq{21}};
const TicketId ticket{sale_ref, 1};
const Bytes payload{1, 2, 3, 4};

std::vector<Body> node_samples() {
    return {
        EpochOpened{{9, 8, 7}, Epoch{1}, Seq{41}, counting<32>(1), "0.1.0"},
        NodeStarted{"0.1.0", true},
        ClockCorrected{counting<16>(2), -86'400'000},
        ConfigApplied{counting<32>(3)},
        DeviceChanged{DeviceName{"turn-1"}, DeviceState::fault, "timeout"},
        StorageClosed{"space"},
        LoginAttempted{OperatorName{"li"}},
        LoginSucceeded{OperatorName{"li"}},
        ResyncOrdered{Epoch{1}, Seq{1}, Seq{99}},
        DeviceOrdered{DeviceName{"scan-1"}, DeviceOrder::record},
    };
}

std::vector<Body> selling_samples() {
    const SaleLine line{
        ProductId{"adult"}, 2, 1, SessionId{"s-1000"}, Concession{ConcessionClass{"student"}, "student card"},
        Minor{6000}};
    const Tender cash{TenderKind::cash, TenderState::confirmed, Minor{20'000}, ""};
    const Tender scan{TenderKind::wechat, TenderState::unverified, Minor{2000}, "4200001"};
    return {
        ShiftOpened{ClientId{"c-1"}, WindowName{"window-1"}, Minor{50'000}},
        CashMoved{ClientId{"c-2"}, shift, CashDirection::pay_out, Minor{10'000}, "bank"},
        ShiftClosed{ClientId{"c-3"}, shift, Minor{51'000}, Minor{51'500}},
        Sale{ClientId{"c-4"},
             counting<32>(4),
             WindowName{"window-1"},
             shift,
             3,
             {line},
             {cash, scan},
             Minor{12'000},
             Minor{10'000},
             {payload, payload},
             DeviceName{"printer-1"}},
        Refund{ClientId{"c-5"},
               counting<32>(5),
               sale_ref,
               WindowName{"window-1"},
               shift,
               {RefundedTicket{ticket, Minor{6000}, true}},
               {cash},
               Minor{6000},
               "rain",
               true},
        Reprint{ClientId{"c-6"}, ticket, 1, "torn", DeviceName{"printer-1"}},
        Reissue{ClientId{"c-7"}, ticket, payload, "lost", std::nullopt},
        PrintResolved{sale_ref, PrintOutcome::ask, "power"},
        LeaseReceived{RecordRef{central_node, Epoch{1}, Seq{5}}, SessionId{"s-1000"}, 40},
    };
}

std::vector<Body> admission_samples() {
    return {
        Verdict{ClientId{"c-8"},
                LaneName{"lane-1"},
                GateName{"south"},
                ZoneId{"park"},
                Direction::entry,
                LaneMode::normal,
                Decision::admit,
                Reason::none,
                {Note::check_id, Note::group},
                ticket,
                ProductId{"adult"},
                counting<8>(6),
                3,
                1,
                true,
                Confirmation::by_passage,
                0},
        Passage{RecordRef{NodeId{8}, Epoch{2}, Seq{30}}, PassageOutcome::turned, Evidence::device, 1, 0},
        ScanJoined{ClientId{"scan-2"}, RecordRef{NodeId{8}, Epoch{2}, Seq{30}}},
        LaneModeSet{LaneName{"lane-1"}, LaneMode::green, "queue"},
        EmergencySet{true, "operator"},
        LaneCounted{LaneName{"lane-1"}, GateName{"south"}, ZoneId{"park"}, Direction::exit, CountCause::tailgate, 1,
                    ""},
        LetThroughOrdered{ClientId{"open-1"}, RecordRef{NodeId{7}, Epoch{1}, Seq{20}}},
    };
}

Catalogue sample_catalogue() {
    Catalogue c;
    c.version = 3;
    c.zones = {Zone{ZoneId{"park"}, {"园区", "Park"}}};
    Product adult;
    adult.id = ProductId{"adult"};
    adult.name = {"成人票", "Adult"};
    adult.price = Minor{6000};
    adult.prices = {PriceFrom{Date{20'900}, Minor{8000}}};
    adult.validity = {ValidityKind::range, Date{20'800}, Date{20'900}};
    adult.zones = {ZoneId{"park"}};
    c.products = {adult};
    c.concessions = {ConcessionKind{ConcessionClass{"student"}, {"学生", "Student"}, std::uint16_t{50}}};
    c.sessions = {Session{SessionId{"s-1000"}, ProductId{"adult"}, WallTime{1'795'000'000'000},
                          WallTime{1'795'003'600'000}, 200, 20}};
    c.operators = {Operator{OperatorName{"li"}, {Role::clerk, Role::supervisor}, "$argon2id$…"}};
    return c;
}

std::vector<Body> venue_samples() {
    return {
        CataloguePublished{sample_catalogue()},
        NodeEnrolled{NodeId{7}, NodeName{"booth"}, {9, 8, 7}},
        NodeRevoked{NodeId{7}, Epoch{1}, Seq{400}, "stolen"},
        TicketRevoked{ticket, "fraud"},
        LeaseGranted{NodeId{7}, SessionId{"s-1000"}, 40},
        OrderImported{"OTA-0001", "o-1", "ota", ProductId{"adult"}, 2, 1, Date{20'800}, Date{20'810}},
        ConflictResolved{"duplicate_admission:7-1-21-1", "accepted", "one family"},
        EnrolmentTokenIssued{NodeName{"gate-a"}, counting<32>(7), WallTime{1'795'000'000'000}},
        CentralLogin{OperatorName{"admin"}, false},
        ResyncRequested{NodeId{7}, Epoch{1}, Seq{1}, Seq{99}},
        TenderSettled{RecordRef{NodeId{7}, Epoch{1}, Seq{12}}, 1, TenderState::failed, "4200001"},
        LeaseOrdered{ClientId{"lease-1"}, RecordRef{NodeId{0}, Epoch{1}, Seq{20}}},
    };
}

}  // namespace

std::vector<Body> record_samples() {
    std::vector<Body> all;
    for (const auto& part : {node_samples(), selling_samples(), admission_samples(), venue_samples()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Header sample_header(Kind kind) {
    Header header;
    header.kind = kind;
    header.node = NodeId{7};
    header.epoch = Epoch{1};
    header.seq = Seq{21};
    header.prev = counting<32>(0x20);
    header.wall = WallTime{1'795'000'000'123};
    header.boot = counting<16>(0x40);
    header.boot_ns = 123'456'789;
    header.clock = ClockQuality::holdover;
    header.business_date = Date{20'775};
    header.actor = OperatorName{"li"};
    return header;
}

}  // namespace gatehouse::test
