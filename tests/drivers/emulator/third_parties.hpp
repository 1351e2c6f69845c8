// Other people's programs: see tests/peers.
#pragma once

#include <array>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <string>
#include <thread>

#include "tests/drivers/emulator/venue_bench.hpp"

namespace gatehouse::drivers::test {

inline const std::string peers = std::string(GATEHOUSE_SOURCE_DIR) + "/tests/peers/";

// What `command` says, without its complaints.
inline std::string output_of(const std::string& command) {
    std::string text;
    std::FILE* pipe = ::popen(("exec 2>/dev/null; " + command).c_str(), "r");
    if (pipe == nullptr) return text;
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
    ::pclose(pipe);
    return text;
}

// Runs `command` beside the loop.
inline std::string beside(VenueBench& bench, const std::string& command) {
    std::string text;
    bool done = false;
    std::thread other([&] {
        text = output_of(command);
        boost::asio::post(bench.io, [&done] { done = true; });
    });
    (void)bench.until([&done] { return done; });
    other.join();
    return text;
}

inline bool is_installed(const std::string& program) { return !output_of("command -v " + program).empty(); }

}  // namespace gatehouse::drivers::test
