#include "drivers/scanner/keyboard_layout.hpp"

#include <algorithm>
#include <span>

namespace gatehouse::drivers {

namespace {

struct Key {
    std::uint16_t code;
    std::string_view plain;
    std::string_view shifted;
    std::string_view alt_gr;
    bool letter;  // CapsLock matters
};

constexpr Key us_keys[] = {
    {2, "1", "!", "", false},   {3, "2", "@", "", false},  {4, "3", "#", "", false},   {5, "4", "$", "", false},
    {6, "5", "%", "", false},   {7, "6", "^", "", false},  {8, "7", "&", "", false},   {9, "8", "*", "", false},
    {10, "9", "(", "", false},  {11, "0", ")", "", false}, {12, "-", "_", "", false},  {13, "=", "+", "", false},
    {16, "q", "Q", "", true},   {17, "w", "W", "", true},  {18, "e", "E", "", true},   {19, "r", "R", "", true},
    {20, "t", "T", "", true},   {21, "y", "Y", "", true},  {22, "u", "U", "", true},   {23, "i", "I", "", true},
    {24, "o", "O", "", true},   {25, "p", "P", "", true},  {26, "[", "{", "", false},  {27, "]", "}", "", false},
    {30, "a", "A", "", true},   {31, "s", "S", "", true},  {32, "d", "D", "", true},   {33, "f", "F", "", true},
    {34, "g", "G", "", true},   {35, "h", "H", "", true},  {36, "j", "J", "", true},   {37, "k", "K", "", true},
    {38, "l", "L", "", true},   {39, ";", ":", "", false}, {40, "'", "\"", "", false}, {41, "`", "~", "", false},
    {43, "\\", "|", "", false}, {44, "z", "Z", "", true},  {45, "x", "X", "", true},   {46, "c", "C", "", true},
    {47, "v", "V", "", true},   {48, "b", "B", "", true},  {49, "n", "N", "", true},   {50, "m", "M", "", true},
    {51, ",", "<", "", false},  {52, ".", ">", "", false}, {53, "/", "?", "", false},  {86, "\\", "|", "", false},
};

constexpr Key de_keys[] = {
    {2, "1", "!", "", false},   {3, "2", "\"", "²", false}, {4, "3", "§", "³", false},   {5, "4", "$", "", false},
    {6, "5", "%", "", false},   {7, "6", "&", "", false},   {8, "7", "/", "{", false},   {9, "8", "(", "[", false},
    {10, "9", ")", "]", false}, {11, "0", "=", "}", false}, {12, "ß", "?", "\\", false}, {13, "´", "`", "", false},
    {16, "q", "Q", "@", true},  {17, "w", "W", "", true},   {18, "e", "E", "€", true},   {19, "r", "R", "", true},
    {20, "t", "T", "", true},   {21, "z", "Z", "", true},   {22, "u", "U", "", true},    {23, "i", "I", "", true},
    {24, "o", "O", "", true},   {25, "p", "P", "", true},   {26, "ü", "Ü", "", true},    {27, "+", "*", "~", false},
    {30, "a", "A", "", true},   {31, "s", "S", "", true},   {32, "d", "D", "", true},    {33, "f", "F", "", true},
    {34, "g", "G", "", true},   {35, "h", "H", "", true},   {36, "j", "J", "", true},    {37, "k", "K", "", true},
    {38, "l", "L", "", true},   {39, "ö", "Ö", "", true},   {40, "ä", "Ä", "", true},    {41, "^", "°", "", false},
    {43, "#", "'", "", false},  {44, "y", "Y", "", true},   {45, "x", "X", "", true},    {46, "c", "C", "", true},
    {47, "v", "V", "", true},   {48, "b", "B", "", true},   {49, "n", "N", "", true},    {50, "m", "M", "µ", true},
    {51, ",", ";", "", false},  {52, ".", ":", "", false},  {53, "-", "_", "", false},   {86, "<", ">", "|", false},
};

constexpr Key fr_keys[] = {
    {2, "&", "1", "", false},   {3, "é", "2", "~", false},  {4, "\"", "3", "#", false}, {5, "'", "4", "{", false},
    {6, "(", "5", "[", false},  {7, "-", "6", "|", false},  {8, "è", "7", "`", false},  {9, "_", "8", "\\", false},
    {10, "ç", "9", "^", false}, {11, "à", "0", "@", false}, {12, ")", "°", "]", false}, {13, "=", "+", "}", false},
    {16, "a", "A", "", true},   {17, "z", "Z", "", true},   {18, "e", "E", "€", true},  {19, "r", "R", "", true},
    {20, "t", "T", "", true},   {21, "y", "Y", "", true},   {22, "u", "U", "", true},   {23, "i", "I", "", true},
    {24, "o", "O", "", true},   {25, "p", "P", "", true},   {26, "^", "¨", "", false},  {27, "$", "£", "¤", false},
    {30, "q", "Q", "", true},   {31, "s", "S", "", true},   {32, "d", "D", "", true},   {33, "f", "F", "", true},
    {34, "g", "G", "", true},   {35, "h", "H", "", true},   {36, "j", "J", "", true},   {37, "k", "K", "", true},
    {38, "l", "L", "", true},   {39, "m", "M", "", true},   {40, "ù", "%", "", false},  {41, "²", "", "", false},
    {43, "*", "µ", "", false},  {44, "w", "W", "", true},   {45, "x", "X", "", true},   {46, "c", "C", "", true},
    {47, "v", "V", "", true},   {48, "b", "B", "", true},   {49, "n", "N", "", true},   {50, ",", "?", "", false},
    {51, ";", ".", "", false},  {52, ":", "/", "", false},  {53, "!", "§", "", false},  {86, "<", ">", "", false},
};

// The same on all layouts.
constexpr Key common_keys[] = {
    {55, "*", "*", "", false}, {57, " ", " ", "", false}, {71, "7", "7", "", false}, {72, "8", "8", "", false},
    {73, "9", "9", "", false}, {74, "-", "-", "", false}, {75, "4", "4", "", false}, {76, "5", "5", "", false},
    {77, "6", "6", "", false}, {78, "+", "+", "", false}, {79, "1", "1", "", false}, {80, "2", "2", "", false},
    {81, "3", "3", "", false}, {82, "0", "0", "", false}, {83, ".", ".", "", false}, {98, "/", "/", "", false},
};

constexpr std::uint16_t key_f8 = 66;
constexpr std::uint16_t key_right_brace = 27;
constexpr std::string_view group_separator = "\x1d";

std::span<const Key> keys_of(KeyboardLayout layout) {
    switch (layout) {
        case KeyboardLayout::us: return us_keys;
        case KeyboardLayout::de: return de_keys;
        case KeyboardLayout::fr: return fr_keys;
    }
    return us_keys;
}

const Key* find(std::span<const Key> keys, std::uint16_t code) {
    const auto found = std::ranges::find(keys, code, &Key::code);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace

std::string_view typed(KeyboardLayout layout, std::uint16_t key, KeyModifiers modifiers) {
    if (key == key_f8 || (modifiers.control && !modifiers.alt_gr && key == key_right_brace)) return group_separator;
    if (modifiers.control && !modifiers.alt_gr) return {};
    const auto* found = find(keys_of(layout), key);
    if (found == nullptr) found = find(common_keys, key);
    if (found == nullptr) return {};
    if (modifiers.alt_gr) return found->alt_gr;
    const bool upper = modifiers.shift != (modifiers.caps_lock && found->letter);
    return upper ? found->shifted : found->plain;
}

}  // namespace gatehouse::drivers
