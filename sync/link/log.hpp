// The log of a program: lines on standard error, or for the system's journal when it listens there (JOURNAL_STREAM),
// with its priority prefix. An error is logged once, where it is handled, with what the operator can do. Never PINs,
// keys or whole ticket codes. Thread-safe.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace gatehouse::log {

enum class Level : unsigned char { debug, info, warning, error };

// Whether the descriptor is the stream that `told` names by its device and inode, as JOURNAL_STREAM does. A program
// inherits that also where its own standard error goes elsewhere (sd-daemon(3)).
[[nodiscard]] bool is_stream(std::string_view told, int descriptor);
// Call once, first thing in main(); before it nothing is written. `quietest` is the least level that is written.
void start(Level quietest = Level::info);
[[nodiscard]] bool wanted(Level level);
void write(Level level, std::string_view line);  // control characters are replaced: a line stays a line

template <class... Args>
void say(Level level, fmt::format_string<Args...> text, Args&&... args) {
    if (wanted(level)) write(level, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
    say(Level::debug, text, std::forward<Args>(args)...);
}
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
    say(Level::info, text, std::forward<Args>(args)...);
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
    say(Level::warning, text, std::forward<Args>(args)...);
}
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
    say(Level::error, text, std::forward<Args>(args)...);
}

}  // namespace gatehouse::log
