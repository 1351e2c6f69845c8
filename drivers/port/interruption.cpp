#include "drivers/port/interruption.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

namespace gatehouse::drivers {

namespace {

// The signal may come just before the call that is to be interrupted.
constexpr std::chrono::milliseconds again{50};

timespec spec_of(std::chrono::nanoseconds length) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(length);
    return {static_cast<std::time_t>(seconds.count()), static_cast<long>((length - seconds).count())};
}

// Once for the process. An ignored signal interrupts nothing, so it has a handler.
bool has_handler() {
    static const bool installed = [] {
        struct sigaction action{};
        action.sa_handler = [](int) {};
        return ::sigaction(SIGRTMIN, &action, nullptr) == 0;
    }();
    return installed;
}

void unblock() {
    sigset_t set{};
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGRTMIN);
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

Interruption::Interruption(Duration after) {
    if (!has_handler()) return;
    unblock();
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGRTMIN;
    event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));  // glibc 2.36 has no other name for it
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0) return;
    set_ = true;
    const itimerspec when{spec_of(again), spec_of(after)};
    ::timer_settime(timer_, 0, &when, nullptr);
}

Interruption::~Interruption() {
    if (set_) ::timer_delete(timer_);
}

}  // namespace gatehouse::drivers
