// What passed through a port, as a text file that a person can read, mail and play again.
//
//   gatehouse recording 1
//   driver: ssi
//   port: /dev/gatehouse/scanner-1
//                                          an empty line ends the header, whose keys are free but for their form
//   0.000000 up
//   0.104233 read 14f300001c544b31fb99      seconds since the beginning, octets in hexadecimal
//   0.104310 wrote 04d00400ff28
//   7.000150 down
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/bytes.hpp"
#include "schemas/base/result.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

enum class PortMoment : std::uint8_t { up, down, read, wrote };

struct RecordedMoment {
    Duration at{};  // since the recording began, in whole microseconds
    PortMoment what{};
    Bytes bytes;  // of read and wrote, never empty there
    friend bool operator==(const RecordedMoment&, const RecordedMoment&) = default;
};

using RecordingHeader = std::map<std::string, std::string, std::less<>>;

struct Recording {
    RecordingHeader header;
    std::vector<RecordedMoment> moments;
    friend bool operator==(const Recording&, const Recording&) = default;
};

constexpr std::size_t largest_recording = std::size_t{64} << 20U;  // octets of the file

// Precondition: keys are lower-case words with '_' and '.', values have no line ends.
[[nodiscard]] std::string format_header(const RecordingHeader& header);
[[nodiscard]] std::string format_moment(const RecordedMoment& moment);

// Errors: invalid_body with the line, too_large.
[[nodiscard]] Result<Recording> parse_recording(std::string_view text);

}  // namespace gatehouse::drivers
