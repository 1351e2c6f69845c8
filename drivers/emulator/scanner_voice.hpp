// How an emulated scanner speaks: one class a protocol, written apart from the drivers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/emulator/scenario.hpp"
#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers::emulator {

// What a voice has of its device. One frame a call of `send`.
struct VoiceBox {
    boost::asio::io_context& io;
    std::function<void(Bytes)> send;
    std::function<void(std::string_view what, boost::json::object more)> note;  // into the event log
};

class ScannerVoice {
public:
    virtual ~ScannerVoice() = default;
    // Something is held before the scanner: a code, a card's number in hexadecimal, an identity card's number.
    virtual void scan(const std::string& text) = 0;
    virtual void hear(ByteView bytes) = 0;  // from the host
    virtual void forget() {}                // its power was cut
};

[[nodiscard]] std::unique_ptr<ScannerVoice> make_voice(const ScannerScenario& scenario, VoiceBox box);

}  // namespace gatehouse::drivers::emulator
