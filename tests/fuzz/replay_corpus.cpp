// replay NAME FOLDER: feeds every file of the folder to the fuzz target, once whole and once for each of some
// truncations. Ends 1 when there was no file: an empty corpus would test nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
#include "fuzz_targets.inc"
#undef FUZZ_TARGET

namespace {

struct Target {
    std::string_view name;
    int (*play)(const std::uint8_t* data, std::size_t size);
};
constexpr Target targets[] = {
#define FUZZ_TARGET(name) {#name, fuzz_##name},
#include "fuzz_targets.inc"
#undef FUZZ_TARGET
};

void replay(const Target& target, const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const std::size_t step = bytes.size() / 64 + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        const std::vector<std::uint8_t> exact{data, data + size};  // its own allocation: overruns are seen
        target.play(exact.data(), exact.size());
    }
    target.play(data, bytes.size());
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view name = count == 3 ? arguments[1] : "";
    const auto* const target = std::ranges::find(targets, name, &Target::name);
    if (target == std::end(targets)) return 2;
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{arguments[2]}) {
        replay(*target, entry.path());
        ++files;
    }
    std::printf("%zu files replayed\n", files);
    return files == 0 ? 1 : 0;
}
