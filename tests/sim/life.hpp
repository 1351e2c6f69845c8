// Whether a process still runs: what it left in the queue of the world is void once it has died.
#pragma once

#include <memory>
#include <utility>

namespace gatehouse::sim {

class Life {
public:
    [[nodiscard]] bool goes_on() const { return token_ != nullptr; }
    void end() { token_.reset(); }
    // `what` as something to do later, if this life still goes on then.
    template <class What>
    [[nodiscard]] auto while_it_lasts(What what) const {
        return [token = std::weak_ptr<int>(token_), todo = std::move(what)]() mutable {
            if (!token.expired()) todo();
        };
    }

private:
    std::shared_ptr<int> token_ = std::make_shared<int>(0);
};

}  // namespace gatehouse::sim
