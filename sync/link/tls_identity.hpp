// What a machine shows in TLS, and whom it trusts there.
#pragma once

#include <string>

#include "schemas/base/time.hpp"

namespace gatehouse::sync {

// PEM texts. The key's is a secret.
struct TlsIdentity {
    std::string key;
    std::string certificate;  // own certificate first, then the CA's
};

// A venue's machines among themselves.
struct VenueTls {
    TlsIdentity identity;
    std::string ca;  // PEM
};

}  // namespace gatehouse::sync
