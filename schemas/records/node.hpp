// Records of the node itself and of the people at it.
#pragma once

#include <cstdint>
#include <string>

#include "schemas/records/header.hpp"

namespace gatehouse {

// First record of every epoch. A journal can be judged from it alone: it carries the writer's certificate.
struct EpochOpened {
    static constexpr Kind kind = Kind::epoch_opened;
    Bytes certificate;  // schemas/crypto/certificate.hpp, as issued
    Epoch prev_epoch;   // 0 for the first epoch
    Seq prev_head;      // last known head of it
    Hash prev_hash{};
    std::string software;
    friend bool operator==(const EpochOpened&, const EpochOpened&) = default;
    template <class A>
    void serialize(A& a) {
        a(certificate, prev_epoch, prev_head, prev_hash, software);
    }
};

struct NodeStarted {
    static constexpr Kind kind = Kind::node_started;
    std::string software;
    bool clean = false;  // the former run closed its journal in order
    friend bool operator==(const NodeStarted&, const NodeStarted&) = default;
    template <class A>
    void serialize(A& a) {
        a(software, clean);
    }
};

// Fixes the wall time of one boot's suspect records, once. `offset_ms` is true minus recorded of the first of them;
// what holds for all is said behind the body, see boot_began.hpp.
struct ClockCorrected {
    static constexpr Kind kind = Kind::clock_corrected;
    BootId boot{};
    std::int64_t offset_ms = 0;
    friend bool operator==(const ClockCorrected&, const ClockCorrected&) = default;
    template <class A>
    void serialize(A& a) {
        a(boot, offset_ms);
    }
};

struct ConfigApplied {
    static constexpr Kind kind = Kind::config_applied;
    Hash digest{};  // SHA-256 of the effective configuration as --print-config shows it
    friend bool operator==(const ConfigApplied&, const ConfigApplied&) = default;
    template <class A>
    void serialize(A& a) {
        a(digest);
    }
};

enum class DeviceState : std::uint8_t { online = 0, offline = 1, fault = 2 };
constexpr unsigned enum_count(DeviceState) { return 3; }

struct DeviceChanged {
    static constexpr Kind kind = Kind::device_changed;
    DeviceName device;
    DeviceState state = DeviceState::online;
    std::string reason;  // stable word of the driver, e.g. "unplugged", "timeout", "paper_out"
    friend bool operator==(const DeviceChanged&, const DeviceChanged&) = default;
    template <class A>
    void serialize(A& a) {
        a(device, state, reason);
    }
};

// What an operator can ask of a device besides its work.
enum class DeviceOrder : std::uint8_t {
    test = 0,    // shows a sign, prints a test paper, or looks whether the board answers; nothing is opened
    record = 1,  // what passes through its port, into a file of the data directory
    stop_recording = 2,
};
constexpr unsigned enum_count(DeviceOrder) { return 3; }

struct DeviceOrdered {
    static constexpr Kind kind = Kind::device_ordered;
    DeviceName device;
    DeviceOrder order{};
    friend bool operator==(const DeviceOrdered&, const DeviceOrdered&) = default;
    template <class A>
    void serialize(A& a) {
        a(device, order);
    }
};

// The journal was closed on purpose: in order at stop, or because space ran out.
struct StorageClosed {
    static constexpr Kind kind = Kind::storage_closed;
    std::string reason;  // "stop", "space"
    friend bool operator==(const StorageClosed&, const StorageClosed&) = default;
    template <class A>
    void serialize(A& a) {
        a(reason);
    }
};

// Written before a PIN is checked, so that a power cut cannot reset the count of failures.
struct LoginAttempted {
    static constexpr Kind kind = Kind::login_attempted;
    OperatorName operator_name;
    friend bool operator==(const LoginAttempted&, const LoginAttempted&) = default;
    template <class A>
    void serialize(A& a) {
        a(operator_name);
    }
};

struct LoginSucceeded {
    static constexpr Kind kind = Kind::login_succeeded;
    OperatorName operator_name;
    friend bool operator==(const LoginSucceeded&, const LoginSucceeded&) = default;
    template <class A>
    void serialize(A& a) {
        a(operator_name);
    }
};

// An operator asked for replay from a point on again (补录, 重新上传).
struct ResyncOrdered {
    static constexpr Kind kind = Kind::resync_ordered;
    Epoch epoch;
    Seq from;
    Seq to;
    friend bool operator==(const ResyncOrdered&, const ResyncOrdered&) = default;
    template <class A>
    void serialize(A& a) {
        a(epoch, from, to);
    }
};

}  // namespace gatehouse
