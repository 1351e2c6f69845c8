// What a thread is for, told to the operating system: a name for its lists, and who goes first when all are busy.
#pragma once

#include <cstdint>

namespace gatehouse {

enum class Urgency : std::uint8_t {
    live,  // somebody stands before a barrier: ahead of others where the process may say so (CAP_SYS_NICE, LimitNICE)
    ordinary,
    bulk,  // replay: behind live work
};

// Of the calling thread. `name` has at most 15 octets. What the system does not permit is left as it is.
void describe_thread(const char* name, Urgency urgency);

}  // namespace gatehouse
