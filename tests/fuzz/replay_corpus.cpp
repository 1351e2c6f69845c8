// Feeds every file of the folders named on the command line to the fuzz target, once whole and once for each of some
// truncations. Ends 1 when there was no file: an empty corpus would test nothing.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const std::size_t step = bytes.size() / 64 + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        const std::vector<std::uint8_t> exact{data, data + size};  // its own allocation: overruns are seen
        LLVMFuzzerTestOneInput(exact.data(), exact.size());
    }
    LLVMFuzzerTestOneInput(data, bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t files = 0;
    for (int i = 1; i < count; ++i)
        for (const auto& entry : std::filesystem::directory_iterator{arguments[i]}) {
            replay(entry.path());
            ++files;
        }
    std::printf("%zu files replayed\n", files);
    return files == 0 ? 1 : 0;
}
