// What goes wrong with the next answers of an emulated device, as the control socket ordered.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>

#include "drivers/emulator/later.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

class AnswerFaults {
public:
    explicit AnswerFaults(boost::asio::io_context& io) : later_(io) {}

    // `kind`, `count`, `ms`; false when the kind is unknown.
    [[nodiscard]] bool set(const boost::json::object& request);
    // The next command is not even heard; counts as one of the faults.
    [[nodiscard]] bool is_deaf_now();
    // Sends the answer as it is, disturbed, later, twice or not at all.
    void send(Bytes answer, const std::function<void(const Bytes&)>& wire);
    void forget() { later_.forget(); }
    [[nodiscard]] std::int64_t left() const { return count_; }

private:
    enum class Kind : std::uint8_t { none, silence, deaf, garbage, bad_crc, half_frame, late, repeat };

    Later later_;
    Kind kind_ = Kind::none;
    std::int64_t count_ = 0;
    std::int64_t ms_ = 0;
};

constexpr const char* answer_fault_kinds = "none, silence, deaf, garbage, bad_crc, half_frame, late or repeat";

}  // namespace gatehouse::drivers::emulator
