// The parts of replay(), by how a driver hears its port.
#pragma once

#include <variant>
#include <vector>

#include "drivers/catalog/replay.hpp"

namespace gatehouse::drivers {

// Octets as they come.
[[nodiscard]] std::vector<Replayed> play_scanner(const Recording& recording, ScannerSession session);
[[nodiscard]] std::vector<Replayed> play_words(const Recording& recording, const BytesTurnstileOptions& options);
[[nodiscard]] std::vector<Replayed> play_lines(const Recording& recording, const GpioTurnstileOptions& options);
[[nodiscard]] std::vector<Replayed> play_printer(const Recording& recording, PrinterSession session);

// Requests and their answers, of one unit on a line.
[[nodiscard]] std::vector<Replayed> play_board(const Recording& recording, const ModbusTurnstileOptions& options);
[[nodiscard]] Replay play_osdp_gate(const Recording& recording, std::uint8_t address, const OsdpGateOptions& options);
[[nodiscard]] Replay play_osdp_reader(const Recording& recording, std::uint8_t address,
                                      const OsdpCardReaderOptions& options);

}  // namespace gatehouse::drivers
