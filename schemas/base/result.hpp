// The world is bad: a value, never an exception. `Result<T>` is a T or an `Error` that says what to do.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/filled.hpp"
#include "schemas/base/why.hpp"

namespace gatehouse {

// Stable names: the HTTP `code`, the CLI's messages and the text catalogue use them. Order is not on disk.
enum class ErrorCode : std::uint8_t {
    invalid_body,  // malformed, non-canonical, out of range; `detail` names the field or the offset
    truncated,     // ended too early
    too_large,     // a documented limit was passed
    bad_signature,
    unauthenticated,
    forbidden,
    locked_out,  // too many failures; `retry_after_s`
    not_found,
    id_reused,  // same client id, other body
    no_units_left,
    shift_closed,
    tender_short,
    unverified_limit,
    sale_unknown,
    already_refunded,
    ticket_used,
    not_the_seller,
    version_conflict,     // If-Match did not match
    storage_unavailable,  // nothing was recorded, so nothing was done
    chain_broken,         // a record does not continue its journal
    journal_fork,         // a second record with the same number and another hash
    schema_newer,         // the database is of a newer release
    unavailable,          // the other side cannot be reached, or is busy
    io,                   // the operating system said no
    config,               // a configuration fault
    internal,
};

[[nodiscard]] std::string_view to_string(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string detail;               // English, for logs and problem+json `detail`; never secrets or whole codes
    std::uint32_t retry_after_s = 0;  // only with locked_out and unavailable
    Why why = Why::none;              // for whoever says it in another language
    std::vector<NamedValue> with;     // what `why` names: {"least", "1"}
    friend bool operator==(const Error&, const Error&) = default;
};

// Called by result::value() on an error: reaching it is a bug of ours, `check` the result first.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error(std::string{where.file_name()} + ": unchecked error: " + error.detail);
}

template <class T>
using Result = boost::system::result<T, Error>;

[[nodiscard]] Error fail(ErrorCode code, std::string detail);
// The detail is `text` filled with the values: `fail(ErrorCode::no_units_left, Why::units_left, "{units} left",
// {{"units", "3"}})`.
[[nodiscard]] Error fail(ErrorCode code, Why why, std::string_view text, std::initializer_list<NamedValue> with = {});
// An invalid_body whose detail begins with the path of the bad field: "lines[0].quantity: out of range".
[[nodiscard]] Error fail_at(std::string_view path, Why why, std::string_view text,
                            std::initializer_list<NamedValue> with = {});

}  // namespace gatehouse
