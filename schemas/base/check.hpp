// An always-on check for invariants of our own: also in release builds a broken one stops the process.
// The supervisor restarts it and the journal recovers; a wrong transaction never gets through.
// Never use it for input: bytes of devices, peers, files and people are values, see result.hpp.
#pragma once

#include <source_location>

namespace gatehouse {

[[noreturn]] void check_failed(const char* what, const std::source_location& where);

// Stops the process unless `holds`. `what` says the invariant as a sentence.
inline void check(bool holds, const char* what, const std::source_location& where = std::source_location::current()) {
    if (!holds) [[unlikely]]
        check_failed(what, where);
}

}  // namespace gatehouse
