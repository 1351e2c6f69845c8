// What of a file the system holds in memory, and what it may not take back.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
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

// A field of proc(5)'s status of this process, such as "VmLck:"; empty where there is none.
inline std::string own_status(std::string_view field) {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field)) return line.substr(field.size());
    return {};
}

// What this process keeps the system from taking back.
inline std::uint64_t locked_octets() {
    const auto kib = own_status("VmLck:");
    return kib.empty() ? 0 : std::stoull(kib) << 10U;
}

// Whether it may keep so many octets more: by its limit, or by CAP_IPC_LOCK, which none holds for (capabilities(7)).
inline bool may_lock(std::uint64_t octets) {
    const auto held = own_status("CapEff:");
    if (!held.empty() && (std::stoull(held, nullptr, 16) >> CAP_IPC_LOCK & 1U) != 0) return true;
    struct rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    return limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= locked_octets() + octets;
}

}  // namespace gatehouse::test
