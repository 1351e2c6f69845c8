// `gatehouse-central init`: makes a venue out of a configuration file and an empty data directory, once.
#pragma once

#include <string>

#include "schemas/base/result.hpp"
#include "sync/central/config.hpp"

namespace gatehouse::central {

struct NewVenue {
    std::string operator_name;  // "admin"
    std::string pin;            // shown this once
    std::string fingerprint;    // of the CA certificate, as enrolment tokens carry it: 64 hexadecimal digits
};

// Creates data_dir (0700), the identity and the database with node 0's first records: its epoch and the example
// catalogue with the first administrator. Errors: forbidden (there is a venue already), io, storage_unavailable.
[[nodiscard]] Result<NewVenue> init_venue(const Settings& settings);

}  // namespace gatehouse::central
