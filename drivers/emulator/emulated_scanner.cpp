#include "drivers/emulator/emulated_scanner.hpp"

namespace gatehouse::drivers::emulator {

EmulatedScanner::EmulatedScanner(boost::asio::io_context& io, ScannerScenario scenario, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      plug_(make_plug(io, scenario_.plug, {[](Caller, ByteView, Stamp) {}, {}})),
      character_(io) {
    plug_->connect();
}

boost::json::object EmulatedScanner::perform(std::string_view what, const boost::json::object& request) {
    if (what == "scan") {
        if (!plug_->is_connected()) return refusal("the scanner is unplugged");
        return {{"scan_ns", scan(text_of(request, "text"))}};
    }
    if (what == "send") return send_hex(text_of(request, "hex"));
    if (what == "unplug") plug_->disconnect();
    if (what == "plug") plug_->connect();
    if (what == "unplug" || what == "plug" || what == "state")
        return {{"plugged", plug_->is_connected()}, {"address", plug_->address()}};
    return refusal("a scanner knows scan, send, unplug, plug, state");
}

Stamp EmulatedScanner::scan(std::string_view text) {
    const auto frame = scenario_.prefix + std::string(text) + scenario_.suffix;
    const auto stamp = stamp_now();
    plug_->send(view_of(frame), std::nullopt);
    log_.add(stamp, scenario_.name, "scan", {{"text", text}});
    return stamp;
}

void EmulatedScanner::scan_at_own_pace(std::string text, Sent sent) {
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

}  // namespace gatehouse::drivers::emulator
