#include "edge/journal/disk_space.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/support/page_cache.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse::edge;
using namespace gatehouse::test;

namespace {

// What this process keeps the system from taking back: proc(5), "VmLck".
std::uint64_t locked_octets() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmLck:")) return std::stoull(line.substr(6)) << 10U;
    return 0;
}

}  // namespace

TEST_CASE("a file that is held stays in memory when the system takes pages back, until it is let go") {
    ScratchDirectory directory;
    const auto path = directory.path() / "log";
    constexpr std::uint64_t octets = 64U << 10U;
    std::ofstream{path, std::ios::binary} << std::string(octets, 'x');
    if (is_in_memory(path)) return;
    const auto take_back = [&] {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(descriptor >= 0);
        CHECK(::fdatasync(descriptor) == 0);
        CHECK(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0);
        ::close(descriptor);
    };
    const auto before = locked_octets();
    {
        HeldInMemory held{path, octets};
        if (!held.holds()) return;  // not permitted here
        HeldInMemory moved{std::move(held)};
        CHECK(locked_octets() == before + octets);
        take_back();
        CHECK(is_cached(path));
    }
    CHECK(locked_octets() == before);
    take_back();
    CHECK_FALSE(is_cached(path));
    CHECK_FALSE(HeldInMemory{directory.path() / "none", octets}.holds());
}
