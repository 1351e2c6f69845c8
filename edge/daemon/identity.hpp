// What enrolment made of this machine: files of mode 0600 below data_dir/identity (0700):
//
//   signing.key   Ed25519: heads, ticket codes        tls.key    what this node shows in TLS (its certificate:
//   node.json) node.json     what central granted: number, certificates, the venue's settings with the PIN pepper
//   bearer.key    MACs of the API's tokens
//
// Keys are made here and never leave; central certifies them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "schemas/crypto/crypto.hpp"
#include "sync/link/enrolment.hpp"

namespace gatehouse::edge {

struct Identity {
    NodeName name;
    std::shared_ptr<const SigningKey> signing;
    std::string tls_key;  // PEM
    MacKey bearer_key{};
    sync::EnrolmentGrant grant;
};

// Errors: not_found (not enrolled), config (damaged, or others may read it), io.
[[nodiscard]] Result<Identity> load_identity(const std::filesystem::path& data_dir);

// Certifies the keys that were made: central's part.
using Grantor = std::function<Result<sync::EnrolmentGrant>(const NodeName& name, const SigningKey& signing,
                                                           const std::string& tls_key)>;

// Makes the keys, has them certified and keeps what is granted. Interrupted or refused, nothing is kept but the keys,
// which the next attempt uses again. Errors: the grantor's; id_reused (enrolled already); io.
[[nodiscard]] Result<Identity> make_identity(const std::filesystem::path& data_dir, const NodeName& name,
                                             const Grantor& grantor);

// The same, certified by central at `url` (https://HOST:PORT). Blocks. Errors: those of sync::enrol besides.
[[nodiscard]] Result<Identity> enrol_node(const std::filesystem::path& data_dir, const std::string& url,
                                          const sync::EnrolmentToken& token, const NodeName& name);

}  // namespace gatehouse::edge
