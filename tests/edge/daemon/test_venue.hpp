// A venue for tests of real nodes: its authority, and nodes that are enrolled without a central and hold a catalogue.
#pragma once

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "edge/daemon/node.hpp"
#include "edge/daemon/sync_pump.hpp"
#include "schemas/crypto/pin.hpp"
#include "sync/ledger/ledger.hpp"
#include "sync/link/http_client.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::test {

// Removed when destroyed.
class Folder {
public:
    Folder();
    ~Folder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct HttpAnswer {
    unsigned status = 0;
    boost::json::value body;
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::int64_t number(std::string_view key) const;
};

// Asks again and again, for at most ten seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& there);

[[nodiscard]] sync::HttpClient client_of(const std::string& address);

// One node's HTTP, as a person uses it.
class Browser {
public:
    explicit Browser(const std::string& address);
    HttpAnswer call(const std::string& method, const std::string& target, const boost::json::value& body = {},
                    sync::HttpFields fields = {});
    HttpAnswer get(const std::string& target) { return call("GET", target); }
    HttpAnswer post(const std::string& target, const boost::json::value& body) { return call("POST", target, body); }
    // Waits until the node is ready, then logs in.
    void login(const std::string& name, const std::string& pin);
    bool becomes_ready();
    std::string token;

private:
    sync::HttpClient client_;
};

class TestVenue {
public:
    TestVenue();
    [[nodiscard]] std::filesystem::path data_dir(const std::string& name) const {
        return folder_.path() / name / "data";
    }
    // Enrols a node, gives it the catalogue and its settings: a window, a lane without devices.
    edge::Settings add_node(const std::string& name);
    [[nodiscard]] static std::unique_ptr<edge::Node> start(const edge::Settings& settings);
    // Central, as far as links go: it listens, serves the catalogue and takes nothing.
    [[nodiscard]] std::unique_ptr<edge::SyncPump> start_central();

private:
    [[nodiscard]] Bytes central_certificate() const;
    [[nodiscard]] Result<sync::EnrolmentGrant> grant(const NodeName& name, const SigningKey& signing,
                                                     const std::string& tls_key);
    [[nodiscard]] Catalogue make_catalogue() const;
    void store_catalogue(const std::filesystem::path& data_dir) const;

    Folder folder_;
    VenueId venue_{};
    SigningKey authority_ = SigningKey::generate();
    std::shared_ptr<const SigningKey> central_ = std::make_shared<const SigningKey>(SigningKey::generate());
    sync::KeyAndCertificate ca_;
    std::string central_tls_ = sync::make_tls_key();
    Pepper pepper_{};
    Catalogue catalogue_;  // one for all: their copies of central's journal are the same
    std::uint16_t next_ = 1;
};

}  // namespace gatehouse::test
