#include "drivers/printer/fgl_session.hpp"
#include "tests/fuzz/printer_answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse::drivers;
    return play_printer(FglSession{}, {data, size});
}
