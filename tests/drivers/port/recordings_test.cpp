#include "drivers/port/recordings.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <sstream>

#include "drivers/catalog/replay.hpp"
#include "drivers/emulator/plug.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

TEST_CASE("a port is recorded while it works, and its driver says the same when it is played again") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "tty").string();
    const auto file = (scratch / "scan.rec").string();
    const DeviceSettings settings{
        DeviceName{"scan-1"}, "ssi", {{"port", link}, {"dedupe_ms", std::int64_t{0}}, {"prefix", std::string("G:")}}};
    std::string heard;
    const auto plug =
        emulator::make_plug(io, {.link = link}, {[&](auto, ByteView bytes, auto) { heard += text_of(bytes); }, {}});
    plug->connect();
    auto& recordings = Recordings::of(io);
    REQUIRE(recordings.start(link, file, header_of(settings)));
    CHECK(recordings.start(link, file, {}).error().code == ErrorCode::io);  // never over another
    bool up = false;
    Bytes read;
    bool down = false;
    const auto port = make_port(io, SerialSettings{link});
    port->open({[&] { up = true; }, [&](ByteView bytes) { read.insert(read.end(), bytes.begin(), bytes.end()); },
                [&](const Error&) { down = true; }});
    REQUIRE(run_until(io, [&] { return up; }));
    const auto scan = encode_ssi(SsiOpcode::decode_data, bytes_of("\x1cG:TK1"), SsiSource::decoder);
    plug->send(scan, std::nullopt);
    REQUIRE(run_until(io, [&] { return read == scan; }));
    port->write(view_of("ack"), 1s);
    REQUIRE(run_until(io, [&] { return heard == "ack"; }));
    plug->disconnect();
    REQUIRE(run_until(io, [&] { return down; }));
    recordings.stop(link);
    CHECK_FALSE(recordings.is_recording(link));

    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    const auto recording = parse_recording(text.str());
    REQUIRE(recording);
    std::vector<PortMoment> what;
    for (const auto& moment : recording->moments) what.push_back(moment.what);
    CHECK(what.front() == PortMoment::up);
    CHECK(what.back() == PortMoment::down);
    CHECK(std::ranges::count(what, PortMoment::wrote) == 1);

    const auto again = settings_in(recording->header);
    REQUIRE(again);
    const auto sorted = [](DeviceSettings each) {
        std::ranges::sort(each.settings, {}, &Setting::key);
        return each;
    };
    CHECK(sorted(*again) == sorted(settings));
    const auto played = replay(*recording);
    REQUIRE(played);
    CHECK(std::ranges::count(played->effects, ReplayedEffect{ReportScan{"TK1", ""}}, &Replayed::effect) == 1);
    CHECK(settings_in({{"driver", "line"}}).error().code == ErrorCode::config);
    CHECK(settings_in({{"driver", "line"}, {"device", "a"}, {"setting.port", "?"}}).error().code == ErrorCode::config);
}
