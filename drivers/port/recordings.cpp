#include "drivers/port/recordings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "drivers/port/boot_clock.hpp"
#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

boost::asio::execution_context::id Recordings::id;

Recordings& Recordings::of(boost::asio::io_context& io) { return boost::asio::use_service<Recordings>(io); }

Result<void> Recordings::start(const std::string& address, const std::string& file, const RecordingHeader& header) {
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.get() < 0) return system_error(file, "cannot be made");
    File begun{std::ofstream(file, std::ios::app), boot_now(), 0};
    begun.out << format_header(header) << std::flush;
    if (!begun.out) return fail(ErrorCode::io, file + ": cannot be written");
    files_.insert_or_assign(address, std::move(begun));
    return {};
}

void Recordings::note(const std::string& address, PortMoment what, ByteView bytes) {
    const auto found = files_.find(address);
    if (found == files_.end()) return;
    auto& file = found->second;
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(boot_now() - file.began);
    const auto line = format_moment({since, what, Bytes(bytes.begin(), bytes.end())});
    file.size += line.size();
    file.out << line << std::flush;
    if (!file.out || file.size > largest_recording / 2) files_.erase(found);
}

void TappedPort::open(PortEvents events) {
    PortEvents tapped;
    tapped.opened = [this, opened = std::move(events.opened)] {
        recordings_.note(address_, PortMoment::up);
        opened();
    };
    tapped.read = [this, read = std::move(events.read)](ByteView bytes) {
        recordings_.note(address_, PortMoment::read, bytes);
        read(bytes);
    };
    tapped.closed = [this, closed = std::move(events.closed)](const Error& error) {
        recordings_.note(address_, PortMoment::down);
        closed(error);
    };
    tapped.printer_status = std::move(events.printer_status);
    tapped.write_progressed = std::move(events.write_progressed);
    port_->open(std::move(tapped));
}

void TappedPort::write(ByteView bytes, Duration patience) {
    if (!bytes.empty()) recordings_.note(address_, PortMoment::wrote, bytes);
    port_->write(bytes, patience);
}

}  // namespace gatehouse::drivers
