// A directory for one test, removed with all that is in it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace gatehouse::test {

class ScratchDirectory {
public:
    ScratchDirectory() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("gatehouse-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directories(path_);
    }
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace gatehouse::test
