// Signatures that the desk wants checked. They wait in one queue, from which two take: the deciding thread when it has
// nothing else to do, so that a scan that is alone waits for no other thread, and beside it a thread of its own as soon
// as more than one waits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "edge/desk/effects.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::edge {

class SignatureChecks {
public:
    using Post =
        std::function<void(std::function<void()>)>;  // runs it on the deciding thread; callable from any thread
    // On the deciding thread, once for each check; `asked` is when it was added.
    using Checked = std::function<void(const SignatureChecked& outcome, Instant asked)>;

    SignatureChecks(const VenueId& venue, Post post, Checked checked);
    SignatureChecks(const SignatureChecks&) = delete;
    SignatureChecks& operator=(const SignatureChecks&) = delete;
    ~SignatureChecks();  // what still waits is not checked any more

    // Both on the deciding thread.
    void add(CheckSignature check, Instant now);
    // Does one of those that wait itself; nothing when none does. `Checked` is not called for it.
    [[nodiscard]] std::optional<std::pair<SignatureChecked, Instant>> check_one();

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse::edge
