// The HTTP interface of a node: a thread of its own, routes, tokens, Host and Origin checks. Decides nothing about the
// venue; what it shows of other threads they posted to it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/api/published.hpp"
#include "edge/api/services.hpp"
#include "sync/link/tls_identity.hpp"

namespace gatehouse::edge {

struct ApiOptions {
    std::string listen;  // HOST:PORT
    std::filesystem::path socket;
    std::optional<sync::TlsIdentity> tls;
    std::vector<std::string> hosts;
    std::chrono::milliseconds heartbeat{10'000};
};

class ApiServer {
public:
    // `outlets` are called on the API thread and may answer from any thread. Errors: config (listen), io.
    [[nodiscard]] static Result<std::unique_ptr<ApiServer>> start(ApiOptions options, ApiFacts facts,
                                                                  ApiOutlets outlets);
    ~ApiServer();  // as stop()

    // From any thread.
    void put(BoardPart part);
    void publish(Published published);
    // `read_back`: its chain was judged when it was opened.
    void journal_opened(ledger::LedgerReader reader, bool read_back);
    void post(std::function<void()> run);  // on the API thread
    // No new calls; what is under way is answered if it can be within a second. Idempotent.
    void stop();
    [[nodiscard]] const std::string& address() const { return address_; }  // with the port that was taken

private:
    class Thread;
    ApiServer() = default;
    std::unique_ptr<Thread> thread_;
    std::string address_;
};

}  // namespace gatehouse::edge
