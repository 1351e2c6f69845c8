#include "drivers/scanner/gm65_session.hpp"
#include "tests/fuzz/scanner_stream.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::drivers;
    Gm65Options options;
    options.mode = Gm65Mode::continuous;
    return play_scanner(Gm65Session{options}, {data, size});
}
