#include "sync/central/identity.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "schemas/base/check.hpp"
#include "sync/central/secret_file.hpp"
#include "sync/central/venue_desk.hpp"
#include "sync/link/tls_context.hpp"

namespace gatehouse::central {

namespace {

std::int64_t life_ms() { return std::chrono::milliseconds{certificate_life}.count(); }

Bytes own_statement(const Identity& identity, WallTime now) {
    const auto tls_key = sync::spki_hash_of_key(identity.tls.key);
    check(tls_key.has_value(), "our own TLS key has a public half");
    return issue_certificate(
        identity.authority, {identity.venue, central_node, central_name(), identity.signing.public_key(), *tls_key, now,
                             WallTime{now.value + life_ms()}});
}

template <std::size_t N>
Result<void> read_fixed(const std::filesystem::path& path, std::array<std::uint8_t, N>& into) {
    const auto bytes = read_secret(path);
    if (!bytes) return bytes.error();
    if (bytes->size() != N) return fail(ErrorCode::config, path.string() + ": not of the right length");
    std::ranges::copy(*bytes, into.begin());
    return {};
}

Result<void> read_text(const std::filesystem::path& path, std::string& into) {
    const auto bytes = read_secret(path);
    if (!bytes) return bytes.error();
    into = text_of(*bytes);
    return {};
}

// The first error of several results.
Result<void> all(std::initializer_list<Result<void>> results) {
    for (const auto& result : results)
        if (!result) return result.error();
    return {};
}

}  // namespace

const NodeName& central_name() {
    static_assert(central_own_name == sync::central_common_name);
    static const NodeName name{std::string{central_own_name}};
    return name;
}

Identity make_identity(std::string_view venue_name, WallTime now) {
    Identity made{.venue = {},
                  .authority = SigningKey::generate(),
                  .signing = SigningKey::generate(),
                  .ca = {},
                  .tls = {},
                  .certificate = {},
                  .pepper = {},
                  .bearer_key = {}};
    random_bytes(made.venue);
    random_bytes(made.pepper);
    random_bytes(made.bearer_key);
    const WallTime end{now.value + life_ms()};
    made.ca = sync::make_ca(venue_name, now, end);
    made.tls.key = sync::make_tls_key();
    const auto request = sync::make_request(made.tls.key, central_name().value);
    check(request.has_value(), "our own TLS key can be certified");
    const auto issued = sync::issue_tls_certificate(made.ca, *request, central_name().value, now, end);
    check(issued.has_value(), "our own CA certifies our own key");
    made.tls.certificate = *issued + made.ca.certificate;
    made.certificate = own_statement(made, now);
    return made;
}

Result<void> save_identity(const Identity& identity, const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0)
        return fail(ErrorCode::io, folder.string() + ": " + std::generic_category().message(errno));
    return all({identity.authority.save(folder / "authority.key"), identity.signing.save(folder / "signing.key"),
                write_secret(folder / "ca.key", view_of(identity.ca.key)),
                write_secret(folder / "ca.pem", view_of(identity.ca.certificate)),
                write_secret(folder / "tls.key", view_of(identity.tls.key)),
                write_secret(folder / "tls.pem", view_of(identity.tls.certificate)),
                write_secret(folder / "certificate", identity.certificate),
                write_secret(folder / "venue.id", identity.venue), write_secret(folder / "pepper", identity.pepper),
                write_secret(folder / "bearer.key", identity.bearer_key), flush_folder(folder)});
}

Result<Identity> load_identity(const std::filesystem::path& folder) {
    auto authority = SigningKey::load(folder / "authority.key");
    if (!authority) return authority.error();
    auto signing = SigningKey::load(folder / "signing.key");
    if (!signing) return signing.error();
    Identity loaded{.venue = {},
                    .authority = std::move(*authority),
                    .signing = std::move(*signing),
                    .ca = {},
                    .tls = {},
                    .certificate = {},
                    .pepper = {},
                    .bearer_key = {}};
    auto certificate = read_secret(folder / "certificate");
    if (!certificate) return certificate.error();
    loaded.certificate = std::move(*certificate);
    const auto rest =
        all({read_fixed(folder / "venue.id", loaded.venue), read_fixed(folder / "pepper", loaded.pepper),
             read_fixed(folder / "bearer.key", loaded.bearer_key), read_text(folder / "ca.key", loaded.ca.key),
             read_text(folder / "ca.pem", loaded.ca.certificate), read_text(folder / "tls.key", loaded.tls.key),
             read_text(folder / "tls.pem", loaded.tls.certificate)});
    if (!rest) return rest.error();
    const auto statement = verify_certificate(loaded.authority.public_key(), loaded.venue, loaded.certificate);
    if (!statement || statement->signing_key != loaded.signing.public_key())
        return fail(ErrorCode::config, folder.string() + ": its files do not belong together");
    return loaded;
}

}  // namespace gatehouse::central
