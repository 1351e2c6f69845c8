// The settings of printers.
#pragma once

#include <array>
#include <string_view>

#include "drivers/catalog/catalog.hpp"
#include "drivers/catalog/setting_reader.hpp"

namespace gatehouse::drivers {

inline constexpr std::array<std::string_view, 9> escpos_keys{"port",  "tcp",      "path", "baud",  "parity",
                                                             "width", "encoding", "qr",   "drawer"};
inline constexpr std::array<std::string_view, 8> printer_keys{"port",   "tcp",   "path",     "baud",
                                                              "parity", "width", "encoding", "qr"};

[[nodiscard]] PrinterSetup read_escpos(SettingReader& in);
[[nodiscard]] PrinterSetup read_fgl(SettingReader& in);
[[nodiscard]] PrinterSetup read_zpl(SettingReader& in);

}  // namespace gatehouse::drivers
