#include "sync/link/thread_urgency.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr int nice_of(Urgency urgency) {
    switch (urgency) {
        case Urgency::live: return -10;
        case Urgency::ordinary: return 0;
        case Urgency::bulk: return 5;
    }
    return 0;
}

}  // namespace

// On Linux the niceness belongs to the thread: setpriority(2), "C library/kernel differences".
void describe_thread(const char* name, Urgency urgency) {
    ::pthread_setname_np(::pthread_self(), name);
    if (urgency == Urgency::ordinary) return;
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_of(urgency)));
}

}  // namespace gatehouse
