#include "drivers/port/recordings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "drivers/port/boot_clock.hpp"
#include "drivers/port/descriptor.hpp"

namespace gatehouse::drivers {

boost::asio::execution_context::id Recordings::id;

Recordings& Recordings::of(boost::asio::io_context& io) { return boost::asio::use_service<Recordings>(io); }

Result<void> Recordings::start(const std::string& address, const std::string& file, const RecordingHeader& header,
                               Ended ended, std::size_t largest) {
    if (const auto now = running(address))
        return fail(ErrorCode::unavailable, address + ": is recorded already, to " + now->file);
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.get() < 0) return system_error(file, "cannot be made");
    const auto head = format_header(header);
    File begun{std::ofstream(file, std::ios::app), {file, boot_now(), head.size()}, std::move(ended), largest};
    begun.out << head << std::flush;
    if (!begun.out) return fail(ErrorCode::io, file + ": cannot be written");
    files_.emplace(address, std::move(begun));
    return {};
}

std::optional<Recordings::Running> Recordings::stop(const std::string& address) {
    auto found = files_.extract(address);
    return found.empty() ? std::nullopt : std::optional(std::move(found.mapped().running));
}

std::optional<Recordings::Running> Recordings::running(const std::string& address) const {
    const auto found = files_.find(address);
    return found == files_.end() ? std::nullopt : std::optional(found->second.running);
}

void Recordings::note(const std::string& address, PortMoment what, ByteView bytes) {
    const auto found = files_.find(address);
    if (found == files_.end()) return;
    auto& file = found->second;
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(boot_now() - file.running.began);
    const auto line = format_moment({since, what, Bytes(bytes.begin(), bytes.end())});
    file.running.octets += line.size();
    file.out << line << std::flush;
    const bool written = file.out.good();
    if (written && file.running.octets <= file.largest) return;
    const auto over = files_.extract(found);
    if (over.mapped().ended) over.mapped().ended(over.mapped().running, written);
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
