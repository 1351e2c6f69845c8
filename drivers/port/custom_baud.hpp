// Speeds that POSIX has no name for. Apart, because <asm/termbits.h> and <termios.h> define the same structs.
#pragma once

#include <cstdint>

namespace gatehouse::drivers {

[[nodiscard]] bool set_custom_baud(int descriptor, std::uint32_t baud);  // termios2 with BOTHER

}  // namespace gatehouse::drivers
