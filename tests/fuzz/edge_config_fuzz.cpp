// Any text as a node's configuration: either faults with places, or settings that print as the same again.
#include "edge/config/reader.hpp"
#include "schemas/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    using namespace gatehouse::edge;
    const Loaded loaded = read_documents({{"edge.toml", {reinterpret_cast<const char*>(data), size}}});
    for (const ConfigFault& fault : loaded.faults)
        check(fault.where.line > 0 && !told(fault, Language::zh).empty(), "a fault has a place and its words");
    if (!loaded.faults.empty()) return 0;
    const std::string text = printed(loaded.settings);
    const Loaded again = read_documents({{"edge.toml", text}});
    check(again.faults.empty() && printed(again.settings) == text, "what is printed reads as the same");
    return 0;
}
