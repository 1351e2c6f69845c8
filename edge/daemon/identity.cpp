#include "edge/daemon/identity.hpp"

#include <sys/stat.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "schemas/base/bytes.hpp"
#include "sync/central/secret_file.hpp"
#include "sync/link/x509.hpp"

namespace gatehouse::edge {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using central::read_secret;
using central::write_secret;

fs::path folder_of(const fs::path& data_dir) { return data_dir / "identity"; }

Result<void> make_folder(const fs::path& path) {
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
    return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
}

std::string grant_text(const NodeName& name, const sync::EnrolmentGrant& grant) {
    const json::object venue{{"id", to_hex(grant.venue.id)},
                             {"name", grant.venue.name},
                             {"time_zone", grant.venue.time_zone},
                             {"currency", grant.venue.currency},
                             {"business_day_cutover_min", grant.venue.cutover_min},
                             {"pepper", to_hex(grant.venue.pepper)}};
    return json::serialize(json::object{{"node", grant.node.value},
                                        {"name", name.value},
                                        {"certificate", to_hex(grant.certificate)},
                                        {"tls_certificate", grant.tls_certificate},
                                        {"ca", grant.ca},
                                        {"authority", to_hex(grant.authority)},
                                        {"central_certificate", to_hex(grant.central_certificate)},
                                        {"venue", venue}}) +
           "\n";
}

// Reads our own file: a field that is missing or wrong leaves `damaged` set.
class GrantReader {
public:
    explicit GrantReader(const json::object& object) : object_(object) {}

    std::string text(std::string_view key) {
        const json::value* value = object_.if_contains(key);
        if (value != nullptr && value->is_string()) return std::string{value->get_string()};
        damaged_ = true;
        return {};
    }
    std::int64_t number(std::string_view key, std::int64_t largest) {
        const json::value* value = object_.if_contains(key);
        if (value != nullptr && value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= largest)
            return value->get_int64();
        damaged_ = true;
        return 0;
    }
    Bytes octets(std::string_view key) {
        auto bytes = from_hex(text(key));
        if (!bytes) damaged_ = true;
        return bytes.value_or(Bytes{});
    }
    template <std::size_t N>
    void fixed(std::string_view key, std::array<std::uint8_t, N>& into) {
        const Bytes bytes = octets(key);
        if (bytes.size() != N) {
            damaged_ = true;
            return;
        }
        std::copy(bytes.begin(), bytes.end(), into.begin());
    }
    [[nodiscard]] bool damaged() const { return damaged_; }
    void damage() { damaged_ = true; }
    const json::object* object(std::string_view key) {
        const json::value* value = object_.if_contains(key);
        if (value != nullptr && value->is_object()) return &value->get_object();
        damaged_ = true;
        return nullptr;
    }

private:
    const json::object& object_;
    bool damaged_ = false;
};

bool read_grant(const json::object& object, NodeName& name, sync::EnrolmentGrant& grant) {
    GrantReader top{object};
    grant.node = NodeId{static_cast<std::uint16_t>(top.number("node", 65535))};
    name = NodeName{top.text("name")};
    grant.certificate = top.octets("certificate");
    grant.tls_certificate = top.text("tls_certificate");
    grant.ca = top.text("ca");
    top.fixed("authority", grant.authority);
    grant.central_certificate = top.octets("central_certificate");
    const json::object* venue = top.object("venue");
    if (venue == nullptr) return false;
    GrantReader part{*venue};
    part.fixed("id", grant.venue.id);
    grant.venue.name = part.text("name");
    grant.venue.time_zone = part.text("time_zone");
    grant.venue.currency = part.text("currency");
    grant.venue.cutover_min = static_cast<std::uint16_t>(part.number("business_day_cutover_min", 1439));
    part.fixed("pepper", grant.venue.pepper);
    return !top.damaged() && !part.damaged();
}

// An existing secret, or a new one made by `make`.
Result<Bytes> kept_secret(const fs::path& path, const std::function<Bytes()>& make) {
    auto found = read_secret(path);
    if (found || found.error().code != ErrorCode::not_found) return found;
    Bytes made = make();
    if (auto written = write_secret(path, made); !written) return written.error();
    return made;
}

Result<std::shared_ptr<const SigningKey>> kept_signing_key(const fs::path& path) {
    auto found = SigningKey::load(path);
    if (found) return std::make_shared<const SigningKey>(std::move(*found));
    if (found.error().code != ErrorCode::not_found) return found.error();
    auto made = std::make_shared<SigningKey>(SigningKey::generate());
    if (auto saved = made->save(path); !saved) return saved.error();
    return std::shared_ptr<const SigningKey>{std::move(made)};
}

// The keys: made on the first call, the same ones ever after.
Result<Identity> with_keys(const fs::path& folder) {
    Identity identity;
    auto signing = kept_signing_key(folder / "signing.key");
    if (!signing) return signing.error();
    identity.signing = *signing;
    auto tls = kept_secret(folder / "tls.key", [] { return bytes_of(sync::make_tls_key()); });
    if (!tls) return tls.error();
    identity.tls_key = text_of(*tls);
    auto bearer = kept_secret(folder / "bearer.key", [] { return random_bytes(std::tuple_size_v<MacKey>); });
    if (!bearer) return bearer.error();
    if (bearer->size() != identity.bearer_key.size()) return fail(ErrorCode::config, "bearer.key is damaged");
    std::copy(bearer->begin(), bearer->end(), identity.bearer_key.begin());
    return identity;
}

}  // namespace

Result<Identity> load_identity(const fs::path& data_dir) {
    const fs::path folder = folder_of(data_dir);
    const auto text = read_secret(folder / "node.json");
    if (!text) return text.error();
    auto identity = with_keys(folder);
    if (!identity) return identity;
    boost::system::error_code malformed;
    const json::value value = json::parse(text_of(*text), malformed);
    if (malformed || !value.is_object() || !read_grant(value.get_object(), identity->name, identity->grant))
        return fail(ErrorCode::config, (folder / "node.json").string() + " is damaged");
    return identity;
}

Result<Identity> make_identity(const fs::path& data_dir, const NodeName& name, const Grantor& grantor) {
    const fs::path folder = folder_of(data_dir);
    std::error_code ignored;
    if (fs::exists(folder / "node.json", ignored))
        return fail(ErrorCode::config, folder.string() + ": this node is enrolled already");
    fs::create_directories(data_dir.parent_path(), ignored);
    if (auto made = make_folder(data_dir); !made) return made.error();
    if (auto made = make_folder(folder); !made) return made.error();
    auto identity = with_keys(folder);
    if (!identity) return identity;
    auto granted = grantor(name, *identity->signing, identity->tls_key);
    if (!granted) return granted.error();
    identity->name = name;
    identity->grant = std::move(*granted);
    const std::string text = grant_text(name, identity->grant);
    if (auto written = write_secret(folder / "node.json", view_of(text)); !written) return written.error();
    if (auto flushed = central::flush_folder(folder); !flushed) return flushed.error();
    return identity;
}

Result<Identity> enrol_node(const fs::path& data_dir, const std::string& url, const sync::EnrolmentToken& token,
                            const NodeName& name) {
    return make_identity(data_dir, name,
                         [&](const NodeName& wanted, const SigningKey& signing, const std::string& tls) {
                             return sync::enrol(url, token, wanted, signing, tls);
                         });
}

}  // namespace gatehouse::edge
