// The server as a whole: store, replication, API, put together from settings. The program and the tests start it alike.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "schemas/base/result.hpp"
#include "sync/central/config.hpp"

namespace gatehouse::central {

class Central {
public:
    // Listens on both addresses when it returns. `broken` is called, from any thread, when the store may not be written
    // any more: the program then ends with 74, and a supervisor starts it into recovery.
    // Errors: not_found (not initialised), config, io, schema_newer, storage_unavailable.
    [[nodiscard]] static Result<std::unique_ptr<Central>> start(const Settings& settings, std::function<void()> broken);
    Central(const Central&) = delete;
    Central& operator=(const Central&) = delete;
    ~Central();  // stops in order: no new calls, connections closed, what waits is written

    [[nodiscard]] std::string sync_address() const;
    [[nodiscard]] std::string api_address() const;

private:
    class Inner;
    explicit Central(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

// Where the identity of `settings` lies.
[[nodiscard]] std::filesystem::path identity_folder(const Settings& settings);

}  // namespace gatehouse::central
