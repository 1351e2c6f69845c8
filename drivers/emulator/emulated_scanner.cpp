#include "drivers/emulator/emulated_scanner.hpp"

namespace gatehouse::drivers::emulator {

EmulatedScanner::EmulatedScanner(boost::asio::io_context& io, ScannerScenario scenario, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      plug_(make_plug(io, scenario_.plug, {[](Caller, ByteView, Stamp) {}, {}})) {
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

boost::json::object EmulatedScanner::send_hex(const std::string& hex) {
    const auto bytes = from_hex(hex);
    if (!bytes) return refusal("hex must be pairs of hexadecimal digits");
    plug_->send(*bytes, std::nullopt);
    return {{"sent", bytes->size()}};
}

}  // namespace gatehouse::drivers::emulator
