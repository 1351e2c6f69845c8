// Text as a printer wants it.
#pragma once

#include <string_view>

#include "drivers/printer/escpos_codec.hpp"

namespace gatehouse::drivers {

// UTF-8 in the printer's encoding, without control characters: those would be commands. Characters that the encoding
// lacks become '?'. Fails with invalid_body when `text` is not UTF-8.
[[nodiscard]] Result<Bytes> printed_text(std::string_view text, EscposEncoding encoding);

}  // namespace gatehouse::drivers
