// What the other threads last told the API thread about themselves: values, replaced piece by piece.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/link/device_health.hpp"
#include "edge/journal/journal.hpp"
#include "schemas/base/ids.hpp"
#include "schemas/base/time.hpp"
#include "schemas/records/node.hpp"

namespace gatehouse::edge {

struct CentralView {
    bool configured = false;
    bool connected = false;
    std::string url;  // connected to, or last tried
    Seq acked;
    std::optional<WallTime> last_contact;
    std::optional<std::int64_t> rtt_ms;     // of the last question about the time
    std::optional<std::int64_t> offset_ms;  // true time, as central last told, less ours
    std::string last_error;
};

struct PeerView {
    NodeId node;
    std::string name;
    bool connected = false;
    Seq copied;  // of this node's journal, held there
    std::optional<WallTime> last_contact;
};
using PeerViews = std::map<NodeId, PeerView>;

// What passes through a device's port goes into a file on the node.
struct RecordingView {
    std::string file;
    WallTime since;
    std::size_t octets = 0;
};

struct DeviceView {
    DeviceName name;
    std::string driver;
    std::string family;
    DeviceState state = DeviceState::offline;
    std::string last_error;                 // of the last trouble, kept when it is over
    std::optional<WallTime> last_error_at;  // when that began
    std::string trouble;       // of the present trouble, also of one that works: a stable word, for what to do about it
    std::string last_trouble;  // of the last trouble: the same word, kept when it is over
    drivers::DeviceHealth health;
    std::optional<RecordingView> recording = std::nullopt;  // units of one bus share theirs
};

// Ready: the own chain is verified and compared with those who know it.
struct ReadyView {
    bool ready = false;
    std::string why_not = "starting";
};

struct EmergencyView {
    bool open = false;
    std::string cause;
};

// A replay that an operator ordered.
struct JobView {
    RecordRef id;                   // the resync_ordered record
    std::string state = "waiting";  // waiting (for central), running, done, failed
    Seq from;
    Seq to;
    Seq up_to;
    std::uint64_t sent = 0;  // of to - from + 1
    std::uint64_t accepted = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t parked = 0;
    std::uint64_t conflicts = 0;

    // Records of the range.
    [[nodiscard]] std::uint64_t total() const { return to < from ? 0 : to.value - from.value + 1; }
};

using BoardPart = std::variant<CentralView, PeerViews, DeviceView, StorageState, ReadyView, EmergencyView, JobView>;

struct Board {
    CentralView central;
    PeerViews peers;
    std::map<DeviceName, DeviceView> devices;
    StorageState storage{.open = false};
    ReadyView ready;
    EmergencyView emergency;
    std::map<RecordRef, JobView> jobs;  // the last `most_jobs`

    static constexpr std::size_t most_jobs = 64;
    void put(BoardPart part);
};

}  // namespace gatehouse::edge
