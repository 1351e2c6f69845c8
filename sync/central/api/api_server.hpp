// Central's HTTP interface: who may call what, on a listener and thread of its own.
#pragma once

#include <memory>
#include <string>

#include "sync/central/api/services.hpp"

namespace gatehouse::central {

class ApiServer {
public:
    // Listens and serves at once, on its own thread. `services` must outlive it. Errors: config, io.
    [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(ApiServices services);
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;
    ~ApiServer();

    [[nodiscard]] std::string address() const;
    // Ends streams and takes no new calls; calls under way are answered until the destructor.
    void stop();

private:
    class Inner;
    explicit ApiServer(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

}  // namespace gatehouse::central
