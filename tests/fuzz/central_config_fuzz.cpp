// Any text as central's configuration: faults, or settings that print and read back to the same.
#include "schemas/base/check.hpp"
#include "sync/central/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    using namespace gatehouse::central;
    const auto loaded = parse_settings({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!loaded.faults.empty()) return 0;
    const auto again = parse_settings(print_settings(loaded.settings), "again");
    check(again.faults.empty(), "what is printed is sound");
    check(again.settings == loaded.settings, "what is printed reads back to the same");
    return 0;
}
