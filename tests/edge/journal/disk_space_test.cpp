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
    if (!may_lock(octets)) {
        HeldInMemory held{path, octets};
        CHECK(held.hold_more(octets));
        CHECK(locked_octets() == before);
        return;
    }
    {
        HeldInMemory held{path, octets};
        CHECK(locked_octets() == before);
        CHECK_FALSE(held.hold_more(octets / 4));
        CHECK(held.held() == octets / 4);
        CHECK(locked_octets() == before + octets / 4);
        CHECK(held.hold_more(octets));
        CHECK(locked_octets() == before + octets);
        take_back();
        CHECK(is_cached(path));
    }
    CHECK(locked_octets() == before);
    take_back();
    CHECK_FALSE(is_cached(path));
    HeldInMemory none{directory.path() / "none", octets};
    CHECK(none.hold_more(octets));
    CHECK(none.held() == 0);
}
