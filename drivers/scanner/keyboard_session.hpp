// The `hid-keyboard` scanner: keys that were typed become text, and text becomes scans as with `line`.
//
//   key events ─▶ [typing] ──characters──▶ LineSession ──▶ scans      Enter ends a code; so does Tab, or a pause
//                    │  ▲
//        SYN_DROPPED ▼  │ the end of that code, or a pause
//                 [torn: what was typed and what is still to come of it is dropped, all keys count as released]
//
// Guarantees
// - Modifiers count as they are at the moment that a key goes down, in whatever order keys are released.
// - The same keys give the same text however the events are cut into reads.
// - After events were lost, no code is reported that they were a part of.
// - A key that is held down types once.
#pragma once

#include <optional>
#include <string>

#include "drivers/link/feed_codec.hpp"
#include "drivers/scanner/keyboard_layout.hpp"
#include "drivers/scanner/line_session.hpp"

namespace gatehouse::drivers {

struct KeyboardOptions {
    LineOptions line;
    KeyboardLayout layout = KeyboardLayout::us;
};

class KeyboardSession {
public:
    explicit KeyboardSession(const KeyboardOptions& options = {}) : options_(options), line_(options.line) {}

    [[nodiscard]] ScannerEffects step(const ScannerEvent& event, Instant now);  // BytesRead: key events
    [[nodiscard]] std::optional<Instant> deadline() const { return line_.deadline(); }

private:
    void release_all();
    void take(const KeyEvent& event, Instant now, ScannerEffects& out);
    void press(std::uint16_t key);
    void skip_rest();
    void change_modifier(std::uint16_t key, bool down);
    void finish_number();
    void hand_on(const ScannerEvent& event, Instant now, ScannerEffects& out);

    KeyboardOptions options_;
    LineSession line_;
    KeyFeed feed_;
    std::string typed_;  // of this step
    bool deaf_ = false;  // until the next SYN_REPORT
    bool torn_ = false;
    Instant last_read_{};
    bool caps_lock_ = false;
    bool left_shift_ = false, right_shift_ = false;
    bool left_control_ = false, right_control_ = false;
    bool alt_ = false, alt_gr_ = false;
    std::optional<unsigned> number_;  // typed on the number pad while Alt is down
};

}  // namespace gatehouse::drivers
