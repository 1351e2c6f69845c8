// How one turnstile is doing, from what its machine reports: the one word that a person is shown. A value.
//
//   [away] ──ReportOnline──▶ [works] ◀──alarm begins, ends──▶ [in alarm]
//      ▲                        │                                │
//      └── link_lost(), ────────┴────────────────────────────────┘
//          ReportFault{link_down}; any other ReportFault: [at fault], until ReportOnline
//
// Guarantees
// - A turnstile with an active alarm answers, and is shown with the alarm until that ends.
// - An alarm says nothing of a turnstile that is away or at fault; it is shown when the turnstile answers again.
#pragma once

#include <optional>
#include <string_view>

#include "drivers/turnstile/turnstile_events.hpp"

namespace gatehouse::drivers {

class TurnstileCondition {
public:
    enum class State : std::uint8_t { away, works, at_fault };
    struct Shown {
        State state = State::away;
        std::string_view trouble;  // a stable word; empty while it works
        friend bool operator==(const Shown&, const Shown&) = default;
    };

    // What is to be shown now; nothing when the report says nothing of it.
    [[nodiscard]] std::optional<Shown> take(const ReportOnline&);
    [[nodiscard]] std::optional<Shown> take(const ReportFault& fault);
    [[nodiscard]] std::optional<Shown> take(const ReportInput& input);
    void link_lost() { answers_ = false; }

private:
    [[nodiscard]] Shown answering() const;

    bool answers_ = false;  // without a fault
    bool alarm_ = false;
};

}  // namespace gatehouse::drivers
