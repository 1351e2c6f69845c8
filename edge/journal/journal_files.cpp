#include "edge/journal/journal_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

namespace gatehouse::edge {

namespace {

Error failed(const std::filesystem::path& path) {
    return fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
}

// Flushes a file or directory by name.
bool flush(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done;
}

}  // namespace

Epoch JournalFiles::last_epoch() const {
    std::ifstream file{directory_ / "epoch"};
    std::uint32_t number = 0;
    if (file) file >> number;
    return Epoch{number};
}

Result<void> JournalFiles::note_epoch(Epoch epoch) const {
    const auto path = directory_ / "epoch";
    const auto fresh = directory_ / "epoch.new";
    {
        std::ofstream file{fresh};
        file << epoch.value << '\n';
        if (!file.flush()) return failed(fresh);
    }
    if (!flush(fresh)) return failed(fresh);
    if (::rename(fresh.c_str(), path.c_str()) != 0) return failed(path);
    if (!flush(directory_)) return failed(directory_);
    return {};
}

Result<std::filesystem::path> JournalFiles::quarantine() const {
    std::filesystem::path folder;
    for (int number = 1; number < 1000 && (folder.empty() || std::filesystem::exists(folder)); ++number)
        folder = directory_ / "quarantine" / std::to_string(number);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::io, folder.string() + ": " + error.message());
    // The log first: a log without its database says nothing, a database without its log may lie.
    for (const auto* name : {"journal.db-wal", "journal.db-shm", "journal.db"}) {
        if (!std::filesystem::exists(directory_ / name)) continue;
        if (::rename((directory_ / name).c_str(), (folder / name).c_str()) != 0) return failed(directory_ / name);
    }
    if (!flush(folder) || !flush(directory_)) return failed(directory_);
    return folder;
}

}  // namespace gatehouse::edge
