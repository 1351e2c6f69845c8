#include "sync/link/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace gatehouse::log {

namespace {

// What the system's journal takes off the front of a line (sd-daemon(3)).
constexpr std::string_view priority(Level level) {
    switch (level) {
        case Level::debug: return "<7>";
        case Level::info: return "<6>";
        case Level::warning: return "<4>";
        case Level::error: return "<3>";
    }
    return "<6>";
}

spdlog::level::level_enum spd(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

struct Sink {
    std::shared_ptr<spdlog::logger> logger;
    bool journal = false;
};

Sink& sink() {
    static Sink one;
    return one;
}

}  // namespace

bool is_stream(std::string_view told, int descriptor) {
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && told == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

void start(Level quietest) {
    Sink& one = sink();
    const char* const told = std::getenv("JOURNAL_STREAM");
    one.journal = told != nullptr && is_stream(told, STDERR_FILENO);
    one.logger = std::make_shared<spdlog::logger>("gatehouse", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    one.logger->set_pattern(one.journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    one.logger->set_level(spd(quietest));
    one.logger->flush_on(spdlog::level::debug);
}

bool wanted(Level level) { return sink().logger != nullptr && sink().logger->should_log(spd(level)); }

void write(Level level, std::string_view line) {
    if (!wanted(level)) return;
    std::string clean{sink().journal ? priority(level) : std::string_view{}};
    for (const char c : line) clean += (c >= 0 && c < ' ') || c == '\x7f' ? ' ' : c;
    sink().logger->log(spd(level), "{}", clean);
}

}  // namespace gatehouse::log
