#include "drivers/emulator/pty_plug.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace gatehouse::drivers::emulator {

namespace {

[[noreturn]] void refuse(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// A line discipline that echoes would answer the device before any host has opened it.
int open_raw_slave(const char* path) {
    const int slave = ::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0) refuse(path);
    termios settings{};
    ::tcgetattr(slave, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(slave, TCSANOW, &settings);
    return slave;
}

// Replaced in one step: a link that a killed emulator left behind points at a dead pty.
void point_link(const std::filesystem::path& link, const char* target) {
    std::filesystem::create_directories(link.parent_path());
    auto fresh = link;
    fresh += ".new";
    std::filesystem::remove(fresh);
    std::filesystem::create_symlink(target, fresh);
    std::filesystem::rename(fresh, link);
}

}  // namespace

void PtyPlug::connect() {
    if (is_connected()) return;
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) refuse("a pseudo-terminal");
    std::array<char, 64> name{};
    if (::ptsname_r(master, name.data(), name.size()) != 0) refuse("a pseudo-terminal's name");
    slave_ = open_raw_slave(name.data());
    master_.assign(master);
    point_link(link_, name.data());
    connection_ = std::make_shared<const int>(0);
    wait();
}

void PtyPlug::disconnect() {
    if (!is_connected()) return;
    connection_.reset();
    std::error_code ignored;
    std::filesystem::remove(link_, ignored);
    boost::system::error_code closed;
    master_.close(closed);
    ::close(std::exchange(slave_, -1));
}

void PtyPlug::send(ByteView bytes, std::optional<Caller>) {
    while (is_connected() && !bytes.empty()) {
        const auto count = ::write(master_.native_handle(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void PtyPlug::wait() {
    master_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this, alive = std::weak_ptr(connection_)](const boost::system::error_code& error) {
                           if (error || alive.expired()) return;
                           std::array<std::uint8_t, 4096> buffer;
                           const auto count = ::read(master_.native_handle(), buffer.data(), buffer.size());
                           const auto stamp = stamp_now();
                           if (count > 0) events_.read(0, {buffer.data(), static_cast<std::size_t>(count)}, stamp);
                           if (!alive.expired()) wait();
                       });
}

}  // namespace gatehouse::drivers::emulator
