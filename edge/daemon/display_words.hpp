// What a reader's own small display says of a verdict.
#pragma once

#include <string>

#include "edge/desk/effects.hpp"

namespace gatehouse::edge {

// For drivers::ScannerPump::show(). In English wherever the venue is: these displays know printable ASCII only. Of an
// admission that asks for attention the first note that fits; empty when there is nothing to say to the guest.
[[nodiscard]] std::string display_words(const ShowVerdict& effect);

}  // namespace gatehouse::edge
