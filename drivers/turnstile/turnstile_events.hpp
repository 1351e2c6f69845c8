// What all turnstile drivers have in common: their events and effects.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/link/link_events.hpp"
#include "schemas/base/strong.hpp"
#include "schemas/records/admission.hpp"

namespace gatehouse::drivers {

// Names one request to open; chosen by the lane, never used twice while the process lives.
using OpenId = Strong<struct OpenIdTag, std::uint64_t>;

// Why a barrier is held open. The two are independent: it closes when neither holds.
enum class Hold : std::uint8_t {
    free,       // a lane's mode
    emergency,  // operator or fire; latched
};

// Events. Each OpenRequested is answered by exactly one ReportOpened or ReportOpenFailed.
struct OpenRequested {
    OpenId id;
    Direction direction{};
    friend bool operator==(const OpenRequested&, const OpenRequested&) = default;
};
struct HoldOpenRequested {
    Hold hold{};
    std::optional<Direction> direction;  // nothing: both ways
    friend bool operator==(const HoldOpenRequested&, const HoldOpenRequested&) = default;
};
struct ReleaseRequested {
    Hold hold{};
    friend bool operator==(const ReleaseRequested&, const ReleaseRequested&) = default;
};
using TurnstileEvent =
    std::variant<LinkUp, LinkDown, BytesRead, Ticked, OpenRequested, HoldOpenRequested, ReleaseRequested>;

// Effects.
struct ReportOpened {  // the device has taken the command
    OpenId id;
    friend bool operator==(const ReportOpened&, const ReportOpened&) = default;
};

enum class OpenFailure : std::uint8_t {
    not_reachable,  // no link, or the device answers nothing: nothing was sent, the barrier did not open
    refused,        // the device said no
    busy,           // too many requests wait
    unknown,        // sent, and then the link or the answer was lost: it may have opened
};
[[nodiscard]] std::string_view to_string(OpenFailure failure);

struct ReportOpenFailed {
    OpenId id;
    OpenFailure failure{};
    friend bool operator==(const ReportOpenFailed&, const ReportOpenFailed&) = default;
};

// One person went through, whether or not somebody was let in.
struct ReportPassed {
    Direction direction{};
    friend bool operator==(const ReportPassed&, const ReportPassed&) = default;
};

enum class GateInput : std::uint8_t { alarm, fire };
[[nodiscard]] std::string_view to_string(GateInput input);

// A watched input changed, or was found active at the first look after the link came up.
// An active fire input holds the barrier open by the driver itself, as an emergency does, until
// ReleaseRequested{emergency} and the input's end, whichever is later.
struct ReportInput {
    GateInput input{};
    bool active = false;
    friend bool operator==(const ReportInput&, const ReportInput&) = default;
};

struct ReportHeld {  // the device has taken what holds it open, or its release
    bool entry = false;
    bool exit = false;
    friend bool operator==(const ReportHeld&, const ReportHeld&) = default;
};

struct ReportOnline {  // the device answers, its inputs are known, a former fault is over
    friend bool operator==(const ReportOnline&, const ReportOnline&) = default;
};

enum class TurnstileFault : std::uint8_t {
    link_down,
    no_answer,
    refused,       // the device answers with exceptions: wrong unit, coil or input
    sensor_stuck,  // a passage sensor does not release; passages of that direction are not seen
    not_trusted,   // the device does not prove that it has the site's key, or demands one that we have not
};
[[nodiscard]] std::string_view to_string(TurnstileFault fault);

struct ReportFault {
    TurnstileFault fault{};
    friend bool operator==(const ReportFault&, const ReportFault&) = default;
};

// What is asked of one turnstile, and what it tells: for machines that serve several on one line.
using GateRequest = std::variant<OpenRequested, HoldOpenRequested, ReleaseRequested>;
using GateReport =
    std::variant<ReportOpened, ReportOpenFailed, ReportPassed, ReportInput, ReportHeld, ReportOnline, ReportFault>;

using TurnstileEffect = std::variant<WriteBytes, HangUp, ReportOpened, ReportOpenFailed, ReportPassed, ReportInput,
                                     ReportHeld, ReportOnline, ReportFault>;
using TurnstileEffects = std::vector<TurnstileEffect>;

}  // namespace gatehouse::drivers
