#include "sync/link/log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;

TEST_CASE("a log goes to the system's journal when the stream that is named is the one that is written to") {
    const test::ScratchDirectory folder;
    const auto path = folder.path() / "stream";
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(descriptor >= 0);
    struct stat status{};
    REQUIRE(::fstat(descriptor, &status) == 0);
    const auto device = std::to_string(status.st_dev);
    const auto inode = std::to_string(status.st_ino);
    CHECK(log::is_stream(device + ':' + inode, descriptor));
    CHECK_FALSE(log::is_stream(device + ':' + std::to_string(status.st_ino + 1), descriptor));
    CHECK_FALSE(log::is_stream(std::to_string(status.st_dev + 1) + ':' + inode, descriptor));
    CHECK_FALSE(log::is_stream("", descriptor));
    ::close(descriptor);
    CHECK_FALSE(log::is_stream(device + ':' + inode, -1));
}
