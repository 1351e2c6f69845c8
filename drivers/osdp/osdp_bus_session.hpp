// The control panel of one pair of wires: several devices, one of which speaks at a time.
//
//   asked{address} ──▶ gate ──commands──▶ unit ──frames──▶          ──▶ bytes
//   told{address} ◀── gate, reader ◀──replies── unit ◀── the wire ◀── bytes
//
// Guarantees
// - A command that somebody waits for goes before the polls of all others.
// - Who has waited longest is polled next.
// - After a silence who was heard last goes first: many that fall silent at once do not hide the one that speaks.
// - An absent device holds the wire for a fraction of the time that a present one may take.
// - Many absent devices do not starve a present one: a quarter of the wire is theirs, and what delays it by little.
// - A stray octet, or the panel's own echo, does not shorten the time that a reply may take.
// - A reader is asked what troubles it when it comes online, and until that is over.
// - What one device answers never reaches another's gate or reader.
// - Every open request is answered by exactly one ReportOpened or ReportOpenFailed.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/osdp/osdp_card_reader.hpp"
#include "drivers/osdp/osdp_gate.hpp"
#include "drivers/osdp/osdp_unit.hpp"

namespace gatehouse::drivers {

struct OsdpBusOptions {
    Duration octet = std::chrono::microseconds(1'042);  // on the wire: ten bits; 9600 baud
    Duration pause = std::chrono::milliseconds(30);     // within a reply
    Duration idle = std::chrono::microseconds(2'084);   // between a reply and the next command: two octets
    Duration slack = std::chrono::milliseconds(40);     // a present device may be polled so much later for a probe
    Duration status = std::chrono::seconds(2);          // a troubled reader is asked again
    bool mark = true;                                   // FF before each command
};

// What a device's light, buzzer and display say about a scan.
struct SignRequested {
    VerdictSign sign{};
    std::string text;  // for a display, as osdp_text() takes it; empty: nothing
    friend bool operator==(const SignRequested&, const SignRequested&) = default;
};

using OsdpRequest = std::variant<OpenRequested, HoldOpenRequested, ReleaseRequested, SignRequested>;
struct OsdpAsked {
    std::uint8_t address = 0;
    OsdpRequest request;
    friend bool operator==(const OsdpAsked&, const OsdpAsked&) = default;
};
struct OsdpGateTold {
    std::uint8_t address = 0;
    GateReport report;
    friend bool operator==(const OsdpGateTold&, const OsdpGateTold&) = default;
};
using OsdpReaderReport = std::variant<ReportScan, ReportDropped, ReportReaderTrouble, UnitOnline, UnitLost>;
struct OsdpReaderTold {
    std::uint8_t address = 0;
    OsdpReaderReport report;
    friend bool operator==(const OsdpReaderTold&, const OsdpReaderTold&) = default;
};

using OsdpBusEvent = std::variant<LinkUp, LinkDown, BytesRead, Ticked, OsdpAsked>;
using OsdpBusEffect = std::variant<WriteBytes, HangUp, OsdpGateTold, OsdpReaderTold>;
using OsdpBusEffects = std::vector<OsdpBusEffect>;

class OsdpBusSession {
public:
    explicit OsdpBusSession(OsdpBusOptions options = {}) : options_(options) {}

    // While the link is down. The first of an address says how the device is spoken with; two gates, or two readers, of
    // one address are the caller's mistake.
    void add_gate(const OsdpUnitOptions& unit, const OsdpGateOptions& gate);
    void add_reader(const OsdpUnitOptions& unit, const OsdpCardReaderOptions& reader);
    [[nodiscard]] bool has_gate(std::uint8_t address) const;
    [[nodiscard]] bool has_reader(std::uint8_t address) const;
    [[nodiscard]] Instant last_answer(std::uint8_t address) const;  // that counted; long ago where there was none

    [[nodiscard]] OsdpBusEffects step(const OsdpBusEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Place {
        OsdpUnit unit;
        std::optional<OsdpGate> gate;
        std::optional<OsdpCardReader> reader;
        std::optional<Instant> status{};  // when the reader is asked what troubles it
    };
    struct Speaking {
        std::size_t index = 0;
        Instant since;
        Instant until;
        Instant at_latest;
        bool in_turn = false;  // a probe in the probes' turn
    };

    Place& place_of(const OsdpUnitOptions& unit);
    [[nodiscard]] const Place* find(std::uint8_t address) const;
    void read(ByteView bytes, Instant now, OsdpBusEffects& out);
    void ask(const OsdpAsked& asked, Instant now, OsdpBusEffects& out);
    void ask_status(Instant now, OsdpBusEffects& out);
    void status_answered(std::size_t index, const OsdpReply& reply, Instant now, OsdpBusEffects& out);
    void reader_state(std::size_t index, const std::variant<UnitOnline, UnitLost>& state, Instant now,
                      OsdpBusEffects& out);
    void show(std::size_t index, const SignRequested& sign, Instant now, OsdpBusEffects& out);
    void to_unit(std::size_t index, const OsdpUnitEvent& event, Instant now, OsdpBusEffects& out);
    void to_gate(std::size_t index, const OsdpGateEvent& event, Instant now, OsdpBusEffects& out);
    void to_reader(std::size_t index, const OsdpReply& reply, Instant now, OsdpBusEffects& out);
    void transmit(std::size_t index, const Transmit& transmit, Instant now, OsdpBusEffects& out);
    void end_speech(bool answered, Instant now);
    void advance(Instant now, OsdpBusEffects& out);
    [[nodiscard]] std::optional<std::size_t> next_speaker(Instant now) const;
    [[nodiscard]] bool goes_before(const Place& one, const Place& other) const;
    [[nodiscard]] Instant due_of(const Place& place) const;
    [[nodiscard]] Duration probe_length(const OsdpUnit& unit) const;

    OsdpBusOptions options_;
    std::deque<Place> places_;
    bool up_ = false;
    OsdpReader reader_;
    std::optional<Speaking> speaking_;
    bool silence_ = false;  // who spoke last was not answered
    Instant quiet_until_{};
    Instant probe_turn_{};  // before, a probe goes only where it delays nobody
};

}  // namespace gatehouse::drivers
