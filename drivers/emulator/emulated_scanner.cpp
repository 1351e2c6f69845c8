#include "drivers/emulator/emulated_scanner.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::drivers::emulator {

namespace {
constexpr std::array<std::string_view, 7> fault_words{"none",       "silence", "garbage", "bad_crc",
                                                      "half_frame", "late",    "repeat"};
}  // namespace

EmulatedScanner::EmulatedScanner(boost::asio::io_context& io, ScannerScenario scenario, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      later_(io),
      voice_(make_voice(scenario_, {io, [this](Bytes frame) { send(std::move(frame)); },
                                    [this](std::string_view what, boost::json::object more) {
                                        log_.add(stamp_now(), scenario_.name, what, std::move(more));
                                    }})),
      plug_(make_plug(io, scenario_.plug, {[this](Caller, ByteView bytes, Stamp) { voice_->hear(bytes); }, {}})),
      character_(io) {
    plug_->connect();
}

boost::json::object EmulatedScanner::perform(std::string_view what, const boost::json::object& request) {
    if (what == "scan") {
        if (!plug_->is_connected()) return refusal("the scanner is unplugged");
        return {{"scan_ns", scan(text_of(request, "text"))}};
    }
    if (what == "send") return send_hex(text_of(request, "hex"));
    if (what == "fault") return set_fault(request);
    if (what == "unplug") disconnect();
    if (what == "plug") plug_->connect();
    if (what == "unplug" || what == "plug" || what == "state")
        return {{"plugged", plug_->is_connected()}, {"address", plug_->address()}};
    return refusal("a scanner knows scan, send, fault, unplug, plug, state");
}

Stamp EmulatedScanner::scan(std::string_view text) {
    const auto stamp = stamp_now();
    voice_->scan(std::string(text));
    log_.add(stamp, scenario_.name, "scan", {{"text", text}});
    return stamp;
}

void EmulatedScanner::scan_at_own_pace(std::string text, Sent sent) {
    if (scenario_.kind != ScannerKind::line) return sent(scan(text));  // the others speak in frames
    paced_.push_back({std::move(text), std::move(sent)});
    if (paced_.size() == 1) begin_paced();
}

void EmulatedScanner::begin_paced() {
    const auto frame = scenario_.prefix + paced_.front().text + scenario_.suffix;
    const auto bytes = view_of(frame);
    plug_->send(bytes.first(bytes.size() - 1), std::nullopt);
    constexpr int bits_of_a_character = 10;  // with start and stop bit
    character_.expires_after(std::chrono::nanoseconds{std::int64_t{1'000'000'000} * bits_of_a_character} /
                             scenario_.baud);
    character_.async_wait([this, last = bytes.back()](const boost::system::error_code& error) {
        if (!error) end_paced(last);
    });
}

void EmulatedScanner::end_paced(std::uint8_t last) {
    const auto stamp = stamp_now();
    plug_->send({&last, 1}, std::nullopt);
    const auto& [text, sent] = paced_.front();
    log_.add(stamp, scenario_.name, "scan", {{"text", text}});
    sent(stamp);
    paced_.pop_front();
    if (!paced_.empty()) begin_paced();
}

boost::json::object EmulatedScanner::send_hex(const std::string& hex) {
    const auto bytes = from_hex(hex);
    if (!bytes) return refusal("hex must be pairs of hexadecimal digits");
    plug_->send(*bytes, std::nullopt);
    return {{"sent", bytes->size()}};
}

boost::json::object EmulatedScanner::set_fault(const boost::json::object& request) {
    const auto* const found = std::ranges::find(fault_words, text_of(request, "kind"));
    if (found == fault_words.end())
        return refusal("kind is silence, garbage, bad_crc, half_frame, late, repeat or none");
    fault_ = static_cast<Fault>(found - fault_words.begin());
    faults_left_ = number_of(request, "count", 1);
    late_by_ = std::chrono::milliseconds(number_of(request, "ms", 500));
    return {{"faults", faults_left_}};
}

void EmulatedScanner::send(Bytes frame) {
    if (faults_left_ <= 0 || fault_ == Fault::none) return plug_->send(frame, std::nullopt);
    --faults_left_;
    log_.add(stamp_now(), scenario_.name, "fault", {{"kind", fault_words[static_cast<std::size_t>(fault_)]}});
    switch (fault_) {
        case Fault::none:
        case Fault::silence: return;
        case Fault::garbage: std::ranges::fill(frame, std::uint8_t{0xA5}); break;
        case Fault::bad_crc: frame.back() ^= 0x55; break;
        case Fault::half_frame: frame.resize(frame.size() / 2); break;
        case Fault::late: later_.after(late_by_, [this, frame] { plug_->send(frame, std::nullopt); }); return;
        case Fault::repeat: plug_->send(frame, std::nullopt); break;
    }
    plug_->send(frame, std::nullopt);
}

void EmulatedScanner::disconnect() {
    plug_->disconnect();
    voice_->forget();
    later_.forget();
}

}  // namespace gatehouse::drivers::emulator
