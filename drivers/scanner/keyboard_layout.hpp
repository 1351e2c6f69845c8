// What a keyboard types: keys are positions, and a layout gives them characters.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::drivers {

enum class KeyboardLayout : std::uint8_t { us, de, fr };

struct KeyModifiers {
    bool shift = false;
    bool caps_lock = false;  // of letters only
    bool alt_gr = false;
    bool control = false;
};

// UTF-8, empty for a key that types nothing. Key codes are those of <linux/input-event-codes.h>. Control-] and F8 stand
// for GS, which no layout has. Accents that wait for the next key type themselves.
[[nodiscard]] std::string_view typed(KeyboardLayout layout, std::uint16_t key, KeyModifiers modifiers);

}  // namespace gatehouse::drivers
