// What of a file the system holds in memory, and what it may not take back.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gatehouse::test {

// Whether the file lies on a file system without a disk behind it.
inline bool is_in_memory(const std::filesystem::path& path) {
    struct statfs where{};
    REQUIRE(::statfs(path.c_str(), &where) == 0);
    return where.f_type == TMPFS_MAGIC;
}

// Whether a read of the file would be answered from memory, in part.
inline bool is_cached(const std::filesystem::path& path) {
    const auto size = std::filesystem::file_size(path);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(descriptor >= 0);
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    REQUIRE(mapped != MAP_FAILED);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> resident((size + page - 1) / page);
    const int asked = ::mincore(mapped, size, resident.data());
    ::munmap(mapped, size);
    REQUIRE(asked == 0);
    return std::ranges::any_of(resident, [](unsigned char octet) { return (octet & 1U) != 0; });
}

// What this process keeps the system from taking back: proc(5), "VmLck".
inline std::uint64_t locked_octets() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmLck:")) return std::stoull(line.substr(6)) << 10U;
    return 0;
}

}  // namespace gatehouse::test
