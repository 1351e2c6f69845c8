// A device on an OSDP bus: hears the panel's commands, answers them. Framing, channel and rules are written apart from
// drivers/osdp on purpose, so that the driver is not tested against its own mistakes; AES itself is shared.
//
// A value without a clock: whoever owns it drives outputs' timers and puts the replies on the wire.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "drivers/osdp/aes128.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

struct OsdpDeviceSettings {
    std::uint8_t address = 0;
    std::optional<AesBlock> key;   // nothing: as from the factory, with the default key and open to a new one
    bool demands_channel = false;  // answers in clear nothing but the handshake
    std::size_t inputs = 4;
    std::size_t outputs = 2;
    bool answers_out_with_state = false;  // OSTATR in place of ACK: both are right
};

class OsdpDevice {
public:
    struct Watch {
        std::function<void(std::uint8_t output, std::uint8_t control, unsigned tenths)> out;
        std::function<void(std::string_view what, std::string detail)> shown;  // led, buzzer, text, keyset
    };
    OsdpDevice(OsdpDeviceSettings settings, Watch watch)
        : settings_(settings), watch_(std::move(watch)), inputs_(settings_.inputs), outputs_(settings_.outputs) {}

    // What the panel put on the wire, in any pieces; the reply to the last whole command in it that was for this
    // device.
    [[nodiscard]] std::optional<Bytes> hear(ByteView bytes);
    // After 8 s without a command a device takes its panel for gone.
    void forget_panel();

    void set_input(std::size_t input, bool active);  // told with a poll
    [[nodiscard]] bool input(std::size_t input) const { return inputs_[input]; }
    void set_output(std::size_t output, bool on) { outputs_[output] = on; }
    [[nodiscard]] bool output(std::size_t output) const { return outputs_[output]; }
    void read_card(Bytes data, std::uint16_t bits);
    void press(std::string_view keys);  // digits, '#', '*'
    void set_tamper(bool tamper);
    void forget_told() { told_.clear(); }  // what it has not told yet
    // As after a power cut: outputs off, events and channel forgotten, and the next poll says so.
    void restart();

    [[nodiscard]] bool has_channel() const { return channel_ == Channel::established; }
    [[nodiscard]] bool has_site_key() const { return settings_.key.has_value(); }
    [[nodiscard]] std::uint8_t address() const { return settings_.address; }
    [[nodiscard]] std::uint8_t last_reply() const { return last_code_; }  // its code, before any enciphering
    [[nodiscard]] std::uint64_t commands() const { return commands_; }    // that were heard, repeats included
    [[nodiscard]] std::uint64_t sequence_errors() const { return sequence_errors_; }

private:
    enum class Channel : std::uint8_t { none, challenged, established };
    using Reply = std::pair<std::uint8_t, Bytes>;  // code, data in clear
    struct Command {
        std::uint8_t control = 0;
        std::optional<std::uint8_t> security;
        Bytes security_data;
        std::uint8_t code = 0;
        Bytes data;
        Bytes whole;
    };

    [[nodiscard]] std::optional<Command> next_command();
    [[nodiscard]] std::optional<Bytes> answer(Command command);
    [[nodiscard]] Bytes out_of_sequence(const Command& command);
    [[nodiscard]] bool authentic(Command& command);
    [[nodiscard]] Reply execute(const Command& command);
    [[nodiscard]] Reply poll();
    [[nodiscard]] Reply drive_output(const Bytes& data);
    [[nodiscard]] Reply challenge(const Command& command);
    [[nodiscard]] Reply prove(const Command& command);
    [[nodiscard]] Reply take_key(const Bytes& data);
    [[nodiscard]] Bytes frame(const Command& command, const Reply& reply);
    [[nodiscard]] AesBlock mac_of(const AesBlock& from, ByteView bytes) const;

    OsdpDeviceSettings settings_;
    Watch watch_;
    std::vector<bool> inputs_;
    std::vector<bool> outputs_;
    bool tamper_ = false;
    std::deque<Reply> told_;
    Bytes heard_;

    std::optional<unsigned> sequence_;
    Bytes last_command_;
    Bytes last_reply_;
    std::uint64_t sequence_errors_ = 0;
    std::uint64_t commands_ = 0;
    std::uint8_t last_code_ = 0;

    Channel channel_ = Channel::none;
    bool default_key_ = false;  // of the channel under way
    AesBlock enc_{}, mac1_{}, mac2_{};
    AesBlock cmac_{}, rmac_{};
    std::array<std::uint8_t, 8> panel_random_{}, own_random_{};
    std::uint8_t challenges_ = 0;
};

}  // namespace gatehouse::drivers::emulator
