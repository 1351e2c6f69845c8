// Ends what the kernel lets a thread wait for longer than it should.
#pragma once

#include <ctime>

#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

// While it lives, the thread that made it is interrupted (EINTR) once `after` has gone by, and every 50 ms from then
// on: also where a call takes no limit, as close() of a tty. Uses SIGRTMIN, with a handler that does nothing. Ends on
// its thread.
class Interruption {
public:
    explicit Interruption(Duration after);
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    ~Interruption();

private:
    ::timer_t timer_{};
    bool set_ = false;  // without a timer the call takes as long as it takes
};

}  // namespace gatehouse::drivers
