// The venue's key in the examples of the format document.
#pragma once

#include "schemas/crypto/crypto.hpp"

inline gatehouse::SigningKey authority() { return gatehouse::SigningKey::from_seed(gatehouse::Seed{9}); }
