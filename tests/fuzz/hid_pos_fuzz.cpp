#include "drivers/scanner/hid_pos_session.hpp"
#include "tests/fuzz/scanner_stream.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::drivers;
    return play_scanner(HidPosSession{}, {data, size});
}
