// What a person at the terminal reads of a daemon that does not start, before or in place of its log.
#pragma once

#include <string>
#include <string_view>

#include "schemas/base/result.hpp"
#include "schemas/words/fault_words.hpp"

namespace gatehouse {

// "gatehouse-edge: this machine is not enrolled: … (…/node.json: No such file)": what is to be done, then the error's
// English detail as the technical remark. `nothing_there` says what not_found means for the program.
[[nodiscard]] std::string told_at_start(std::string_view program, const Error& error, FaultText nothing_there,
                                        Language language);

// The daemon's exit code (sysexits): 78 where only somebody who configures it can help, a newer database included, so
// that a supervisor does not start it for ever; 74 a damaged one, or a read or write that failed; 75 what passes by
// itself.
[[nodiscard]] int exit_at_start(ErrorCode code);

}  // namespace gatehouse
